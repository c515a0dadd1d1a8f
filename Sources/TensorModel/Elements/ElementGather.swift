import ByteIO

/// Copies a tensor's elements out of strided storage into row-major order, a buffer at a time.
///
/// Elements are whole bytes here: packed types always lie plainly.
struct ElementGather {
  private let source: ByteRegion
  private let shape: [Int]
  private let strides: [Int]
  private let byteWidth: Int
  private let componentByteWidth: Int
  private let isBigEndian: Bool
  private let operation: Tensor.Operation
  private let elementType: ElementType
  private var index: [Int]
  private var position: Int
  private var remaining: Int
  private let pages: ReadPages
  private let firstPosition: Int
  /// Whether each element lies behind the one before it, so that what was passed is done with.
  private let isForward: Bool

  /// Starts at the first element.
  ///
  /// - Parameters:
  ///   - tensor: The tensor.
  ///   - source: All bytes of its storage.
  ///   - isReadAgain: Whether the pages are kept in memory at the end, for they are read once more.
  init(_ tensor: Tensor, source: ByteRegion, isReadAgain: Bool = false) {
    self.source = source
    (shape, strides) = Self.merged(tensor.shape, tensor.layout.strides)
    byteWidth = tensor.elementType.byteWidth ?? 1
    componentByteWidth = tensor.elementType.componentByteWidth
    isBigEndian = tensor.layout.isBigEndian
    operation = tensor.layout.operation
    elementType = tensor.elementType
    index = [Int](repeating: 0, count: shape.count)
    position = tensor.layout.elementOffset
    remaining = tensor.elementCount
    firstPosition = position
    // What lies around the elements may be other tensors', which others read. Strides of what has
    // none may be anything.
    let (reach, isForward) = remaining == 0 ? (0, true) : Self.reach(shape, strides)
    self.isForward = isForward
    let start = remaining == 0 ? 0 : position * byteWidth
    let own = source.slice(offset: start, byteCount: (reach + 1) * byteWidth)
    pages = ReadPages(
      own ?? .empty, batchByteCount: 2 * ByteRegion.pieceByteCount, isReadAgain: isReadAgain,
      isInOrder: isForward)
  }

  /// How far behind the first element the last one lies, of a layout that lies within its storage;
  /// and whether a step along a dimension leads behind all that the dimensions after it reach.
  private static func reach(_ shape: [Int], _ strides: [Int]) -> (reach: Int, isForward: Bool) {
    var reach = 0
    var isForward = true
    for (count, stride) in zip(shape, strides).reversed() {
      isForward = isForward && stride > reach
      reach += stride * (count - 1)
    }
    return (reach, isForward)
  }

  /// The same elements in the same order with as few dimensions as they take: rows are long then.
  ///
  /// A dimension of one index is never stepped along, and a file may say any stride for it; one
  /// whose steps go on where those of the next dimension end is part of that one.
  static func merged(_ shape: [Int], _ strides: [Int]) -> (shape: [Int], strides: [Int]) {
    var merged: (shape: [Int], strides: [Int]) = ([], [])
    for (count, stride) in zip(shape, strides) where count != 1 {
      if let outer = merged.strides.last,
        count.multipliedReportingOverflow(by: stride) == (outer, false)
      {
        merged.shape[merged.shape.count - 1] *= count
        merged.strides[merged.strides.count - 1] = stride
      } else {
        merged.shape.append(count)
        merged.strides.append(stride)
      }
    }
    return merged
  }

  /// Fills the start of `buffer` with the next elements; the byte count, or `nil` at the end.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard remaining > 0 else { return nil }
    if isForward { pages.pass((position - firstPosition) * byteWidth) }
    let count = min(remaining, buffer.count / byteWidth)
    source.withUnsafeBytes { source in
      var done = 0
      while done < count {
        done += copyRow(from: source, to: buffer, at: done, atMost: count - done)
      }
    }
    remaining -= count
    let filled = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * byteWidth)])
    if isBigEndian { swapComponents(filled) }
    flipSigns(filled)
    return count * byteWidth
  }

  /// Copies the rest of the current innermost row, or `limit` elements of it.
  private mutating func copyRow(
    from source: UnsafeRawBufferPointer, to buffer: UnsafeMutableRawBufferPointer, at done: Int,
    atMost limit: Int
  ) -> Int {
    guard let last = shape.indices.last else {
      copy(source, element: position, to: buffer, at: done)
      return 1
    }
    let count = min(limit, shape[last] - index[last])
    let stride = strides[last]
    for step in 0..<count {
      copy(source, element: position + step * stride, to: buffer, at: done + step)
    }
    advance(by: count)
    return count
  }

  private func copy(
    _ source: UnsafeRawBufferPointer, element: Int, to buffer: UnsafeMutableRawBufferPointer,
    at place: Int
  ) {
    let from = element * byteWidth
    let to = place * byteWidth
    switch byteWidth {
    case 1: buffer[to] = source[from]
    case 2:
      buffer.storeBytes(
        of: source.loadUnaligned(fromByteOffset: from, as: UInt16.self), toByteOffset: to,
        as: UInt16.self)
    case 4:
      buffer.storeBytes(
        of: source.loadUnaligned(fromByteOffset: from, as: UInt32.self), toByteOffset: to,
        as: UInt32.self)
    case 8:
      buffer.storeBytes(
        of: source.loadUnaligned(fromByteOffset: from, as: UInt64.self), toByteOffset: to,
        as: UInt64.self)
    default:
      for byte in 0..<byteWidth { buffer[to + byte] = source[from + byte] }
    }
  }

  /// Moves `count` elements along the innermost dimension and carries into the outer ones.
  private mutating func advance(by count: Int) {
    var dimension = shape.count - 1
    index[dimension] += count
    position += count * strides[dimension]
    while dimension > 0, index[dimension] == shape[dimension] {
      position -= index[dimension] * strides[dimension]
      index[dimension] = 0
      dimension -= 1
      index[dimension] += 1
      position += strides[dimension]
    }
  }

  private func swapComponents(_ bytes: UnsafeMutableRawBufferPointer) {
    guard componentByteWidth > 1 else { return }
    for start in stride(from: 0, to: bytes.count, by: componentByteWidth) {
      for low in 0..<(componentByteWidth / 2) {
        bytes.swapAt(start + low, start + componentByteWidth - 1 - low)
      }
    }
  }

  /// Applies the conjugate and negative bits of PyTorch's views.
  ///
  /// The sign is the highest bit of each little-endian floating-point number; integers are
  /// negated in two's complement, as PyTorch does.
  private func flipSigns(_ bytes: UnsafeMutableRawBufferPointer) {
    guard operation != .none else { return }
    let isFloating = elementType.isFloatingPoint || elementType.isComplex
    let start = operation == .conjugate ? componentByteWidth : 0
    let step =
      elementType.isComplex && operation != .negate ? 2 * componentByteWidth : componentByteWidth
    guard elementType.isComplex || operation != .conjugate else { return }
    for component in stride(from: start, to: bytes.count, by: step) {
      if isFloating {
        bytes[component + componentByteWidth - 1] ^= 0x80
      } else {
        negate(bytes, at: component)
      }
    }
  }

  private func negate(_ bytes: UnsafeMutableRawBufferPointer, at start: Int) {
    var carry: UInt8 = 1
    for byte in start..<(start + componentByteWidth) {
      let (sum, overflows) = (~bytes[byte]).addingReportingOverflow(carry)
      bytes[byte] = sum
      carry = overflows ? 1 : 0
    }
  }
}
