import ByteIO

/// Copies a tensor's elements out of strided storage into row-major order, a buffer at a time.
///
/// Elements are whole bytes here: packed types are always stored plainly.
struct ElementGather {
  private let source: ByteRegion
  private let shape: [Int]
  private let strides: [Int]
  private let byteWidth: Int
  private let bits: LayoutBits
  private var index: [Int]
  private var position: Int
  private var remaining: Int
  private let pages: ReadPages
  private let firstPosition: Int
  /// Whether each element is after the one before it, so that what was passed is not needed again.
  private let isForward: Bool

  /// Starts at the first element.
  ///
  /// - Parameters:
  ///   - tensor: The tensor.
  ///   - source: All bytes of its storage.
  ///   - isReadAgain: Whether the pages are kept in memory at the end because they are read again.
  init(_ tensor: Tensor, source: ByteRegion, isReadAgain: Bool = false) {
    self.source = source
    remaining = tensor.elementCount
    // Dimensions and strides of a tensor without elements may be anything.
    (shape, strides) =
      remaining == 0 ? ([], []) : Self.merged(tensor.shape, tensor.layout.strides)
    byteWidth = tensor.elementType.byteWidth ?? 1
    bits = LayoutBits(tensor)
    index = [Int](repeating: 0, count: shape.count)
    position = tensor.layout.elementOffset
    firstPosition = position
    // What is around the elements may belong to other tensors, which others read.
    let (reach, isForward) = Self.reach(shape, strides)
    self.isForward = isForward
    let start = remaining == 0 ? 0 : position * byteWidth
    let own = source.slice(offset: start, byteCount: (reach + 1) * byteWidth)
    pages = ReadPages(
      own ?? .empty, batchByteCount: 2 * ByteRegion.pieceByteCount, isReadAgain: isReadAgain,
      isInOrder: isForward)
  }

  /// How far after the first element the last one is, in a layout that is within its storage; and
  /// whether a step along a dimension leads beyond all that the dimensions after it reach.
  private static func reach(_ shape: [Int], _ strides: [Int]) -> (reach: Int, isForward: Bool) {
    var reach = 0
    var isForward = true
    for (count, stride) in zip(shape, strides).reversed() {
      isForward = isForward && stride > reach
      reach += stride * (count - 1)
    }
    return (reach, isForward)
  }

  /// The same elements in the same order with as few dimensions as possible, so that rows are long.
  ///
  /// The shape has elements, so no product of its dimensions overflows. A dimension with one index
  /// is never stepped along, and a file may give any stride for it. A dimension whose steps
  /// continue where those of the next dimension end is merged with that one.
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

  /// Fills the start of `buffer` with the next elements; returns the byte count, `nil` at the end.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard remaining > 0 else { return nil }
    let count = min(remaining, buffer.count / byteWidth)
    source.withUnsafeBytes { source in
      var done = 0
      while done < count {
        done += copyRow(from: source, to: buffer, at: done, atMost: count - done)
      }
    }
    remaining -= count
    if isForward {
      if remaining == 0 {
        pages.passAll()
      } else {
        pages.pass((position - firstPosition) * byteWidth)
      }
    }
    bits.resolve(UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * byteWidth)]))
    return count * byteWidth
  }

  /// Copies the rest of the current innermost row, or `limit` elements of it.
  private mutating func copyRow(
    from source: UnsafeRawBufferPointer, to buffer: UnsafeMutableRawBufferPointer, at done: Int,
    atMost limit: Int
  ) -> Int {
    guard let last = shape.indices.last else {
      copy(source, elements: 1, stride: 1, to: buffer, at: done)
      return 1
    }
    let count = min(limit, shape[last] - index[last])
    copy(source, elements: count, stride: strides[last], to: buffer, at: done)
    advance(by: count)
    return count
  }

  /// Copies elements [count] that are `stride` elements apart, starting at the current position.
  private func copy(
    _ source: UnsafeRawBufferPointer, elements count: Int, stride: Int,
    to buffer: UnsafeMutableRawBufferPointer, at place: Int
  ) {
    let target = UnsafeMutableRawBufferPointer(
      rebasing: buffer[(place * byteWidth)..<((place + count) * byteWidth)])
    if stride == 1 {
      let start = position * byteWidth
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source[start..<(start + target.count)]))
      return
    }
    switch byteWidth {
    case 1: copy(source, stride: stride, to: target, as: UInt8.self)
    case 2: copy(source, stride: stride, to: target, as: UInt16.self)
    case 4: copy(source, stride: stride, to: target, as: UInt32.self)
    case 8: copy(source, stride: stride, to: target, as: UInt64.self)
    default: copy(source, stride: stride, to: target, as: UInt128.self)
    }
  }

  /// Copies as many words as `target` holds.
  private func copy<Word: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, stride: Int, to target: UnsafeMutableRawBufferPointer,
    as type: Word.Type
  ) {
    let width = MemoryLayout<Word>.size
    for step in 0..<(target.count / width) {
      let from = (position + step * stride) * width
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: from, as: type), toByteOffset: step * width,
        as: type)
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
}
