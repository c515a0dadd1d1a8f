import ByteIO
public import TensorModel

extension NativeFile {
  /// Calls `body` with a tensor's elements in place in the mapped file. Nothing is copied, unless
  /// the file was opened over memory that does not begin at a multiple of the element's alignment.
  ///
  /// `Element` must have the tensor's element type: `Float` for F32, `Double` for F64, the integer
  /// of the same width and sign for integers, `UInt16` for the bits of F16 and BF16, and `UInt8`
  /// for those of 8-bit floats and truth values; `Float16`, where the system has it, for F16.
  /// Throws `NativeError.elementTypeMismatch` for another type, `NativeError.noSuchTensor` for an
  /// unknown name, and what `body` throws.
  public func withElements<Element: NativeElement, Result>(
    of name: TensorName, as type: Element.Type = Element.self,
    _ body: (Span<Element>) throws -> Result
  ) throws -> Result {
    guard let tensor = tensor(named: name) else { throw NativeError.noSuchTensor(name.string) }
    guard Element.elementTypes.contains(tensor.elementType) else {
      throw NativeError.elementTypeMismatch(
        tensor: name.string, expected: Element.elementTypes.map(\.name).joined(separator: " or "),
        found: tensor.elementType.name)
    }
    let bytes = try tensor.contiguousBytes().aligned(to: MemoryLayout<Element>.alignment)
    return try bytes.withUnsafeBytes { buffer in
      try body(Span<Element>(_unsafeBytes: buffer))
    }
  }
}

extension NativeFile {
  /// Calls `body` with the numbers of a floating-point or quantized tensor as `Float`.
  ///
  /// F32 is lent in place from the mapped file. Codes are multiplied by their scales and rounded to
  /// the type that the weights had, and F64 is rounded. All types but F32 take memory for the
  /// numbers, and time in proportion. For the codes themselves, see `quantizedTensors`.
  ///
  /// Throws `NativeError.noSuchTensor` for an unknown name, `NativeError.elementTypeMismatch` for
  /// whole numbers that are not codes, and what `body` throws.
  public func withFloats<Result>(
    of name: TensorName, _ body: (Span<Float>) throws -> Result
  ) throws -> Result {
    guard let stored = tensor(named: name) else { throw NativeError.noSuchTensor(name.string) }
    let tensor = try quantizedTensors[name]?.dequantized ?? stored
    guard tensor.elementType.isFloatingPoint, let decoder = ElementDecoder(tensor.elementType)
    else {
      throw NativeError.elementTypeMismatch(
        tensor: name.string, expected: "floating-point numbers or codes",
        found: tensor.elementType.name)
    }
    var bytes = try tensor.contiguousBytes()
    if tensor.elementType != .float32 {
      let block = try MemoryBlock(byteCount: 4 * tensor.elementCount)
      var numbers = MutableSpan(_unsafeElements: block.bytes.bindMemory(to: Float.self))
      _ = decoder.decode(bytes.bytes, into: &numbers)
      bytes = ByteRegion(block)
    }
    return try bytes.aligned(to: MemoryLayout<Float>.alignment).withUnsafeBytes { buffer in
      try body(Span<Float>(_unsafeBytes: buffer))
    }
  }
}

extension ByteRegion {
  /// The region itself if it begins at a multiple of `alignment`, which is at most 64; otherwise a
  /// copy that does.
  fileprivate func aligned(to alignment: Int) -> ByteRegion {
    withUnsafeBytes { buffer in
      UInt(bitPattern: buffer.baseAddress) % UInt(alignment) == 0
        ? self : ByteRegion(copying: buffer)
    }
  }
}

/// A number type that the memory of a tensor can be viewed as.
public protocol NativeElement: BitwiseCopyable {
  /// The element types whose memory it describes.
  static var elementTypes: [ElementType] { get }
}

extension Float: NativeElement {
  /// F32.
  public static var elementTypes: [ElementType] { [.float32] }
}
extension Double: NativeElement {
  /// F64.
  public static var elementTypes: [ElementType] { [.float64] }
}
#if !(arch(x86_64) && (os(macOS) || targetEnvironment(macCatalyst)))
  extension Float16: NativeElement {
    /// F16.
    public static var elementTypes: [ElementType] { [.float16] }
  }
#endif
extension UInt16: NativeElement {
  /// U16, and the bits of F16 and BF16.
  public static var elementTypes: [ElementType] { [.uint16, .float16, .bfloat16] }
}
extension UInt8: NativeElement {
  /// U8, truth values, and the bits of 8-bit floats.
  public static var elementTypes: [ElementType] {
    [
      .uint8, .bool, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0,
    ]
  }
}
extension UInt32: NativeElement {
  /// U32.
  public static var elementTypes: [ElementType] { [.uint32] }
}
extension UInt64: NativeElement {
  /// U64.
  public static var elementTypes: [ElementType] { [.uint64] }
}
extension Int8: NativeElement {
  /// I8.
  public static var elementTypes: [ElementType] { [.int8] }
}
extension Int16: NativeElement {
  /// I16.
  public static var elementTypes: [ElementType] { [.int16] }
}
extension Int32: NativeElement {
  /// I32.
  public static var elementTypes: [ElementType] { [.int32] }
}
extension Int64: NativeElement {
  /// I64.
  public static var elementTypes: [ElementType] { [.int64] }
}
