/// What a layout says about elements besides where they are: their byte order, and the conjugate
/// and negative bits of PyTorch's views.
struct LayoutBits {
  private let elementType: ElementType
  private let isBigEndian: Bool
  private let operation: Tensor.Operation
  private let componentByteWidth: Int

  /// Reads the tensor's layout.
  init(_ tensor: Tensor) {
    elementType = tensor.elementType
    isBigEndian = tensor.layout.isBigEndian
    operation = tensor.layout.operation
    componentByteWidth = tensor.elementType.componentByteWidth
  }

  /// Turns whole elements, as they are stored, into little-endian ones with the operation applied.
  func resolve(_ bytes: UnsafeMutableRawBufferPointer) {
    if isBigEndian { swapComponents(bytes) }
    if operation != .none { flipSigns(bytes) }
  }

  private func swapComponents(_ bytes: UnsafeMutableRawBufferPointer) {
    switch componentByteWidth {
    case 2: swap(bytes, as: UInt16.self)
    case 4: swap(bytes, as: UInt32.self)
    case 8: swap(bytes, as: UInt64.self)
    default: return
    }
  }

  private func swap<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeMutableRawBufferPointer, as type: Word.Type
  ) {
    for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size) {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: type)
      bytes.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: type)
    }
  }

  /// Applies the conjugate and negative bits of PyTorch's views.
  ///
  /// The sign is the highest bit of each little-endian floating-point number; integers are
  /// negated in two's complement, as PyTorch does.
  private func flipSigns(_ bytes: UnsafeMutableRawBufferPointer) {
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
