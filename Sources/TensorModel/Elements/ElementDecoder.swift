/// Converts elements to `Double` or `Float`: one number per element, two for complex types.
public struct ElementDecoder: Sendable {
  /// The type of the elements.
  public let elementType: ElementType
  private let kernel: Kernel
  /// The numbers of all patterns of an 8-bit floating-point type.
  private let table: [Double]

  /// The conversion loops.
  private enum Kernel {
    case float64, float32, float16, bfloat16, table, bool
    case int64, int32, int16, int8, uint64, uint32, uint16, uint8
  }

  /// Creates a decoder; `nil` for packed types, whose elements do not fill bytes.
  public init?(_ elementType: ElementType) {
    self.elementType = elementType
    switch elementType {
    case .float64, .complex128: kernel = .float64
    case .float32, .complex64: kernel = .float32
    case .float16, .complex32: kernel = .float16
    case .bfloat16: kernel = .bfloat16
    case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0: kernel = .table
    case .float6E2M3, .float6E3M2, .float4, .int4: return nil
    case .int64: kernel = .int64
    case .int32: kernel = .int32
    case .int16: kernel = .int16
    case .int8: kernel = .int8
    case .uint64: kernel = .uint64
    case .uint32: kernel = .uint32
    case .uint16: kernel = .uint16
    case .uint8: kernel = .uint8
    case .bool: kernel = .bool
    }
    if kernel == .table, let format = FloatFormat(elementType) {
      table = (0..<256).map { format.value(bits: $0) }
    } else {
      table = []
    }
  }

  /// Writes the numbers that `bytes` hold to the start of `values`, and returns how many there are.
  ///
  /// Exact for all floating-point types and integers of at most 32 bits; larger integers are
  /// rounded. A `BOOL` is 0 or 1. Bytes are little-endian; those of an unfinished number at the
  /// end are left out. `values` must have room for all numbers.
  public func decode(_ bytes: RawSpan, into values: inout MutableSpan<Double>) -> Int {
    decode(bytes, into: &values, as: Double.self)
  }

  /// Writes the numbers that `bytes` hold to the start of `values`, and returns how many there are.
  ///
  /// Like the conversion to `Double`, but F64 and integers of 32 or more bits are rounded to the
  /// nearest `Float`.
  public func decode(_ bytes: RawSpan, into values: inout MutableSpan<Float>) -> Int {
    decode(bytes, into: &values, as: Float.self)
  }

  @inline(__always)
  private func decode<Value: BinaryFloatingPoint>(
    _ bytes: RawSpan, into values: inout MutableSpan<Value>, as type: Value.Type
  ) -> Int {
    switch kernel {
    case .float64:
      loop(bytes, &values) { (bits: UInt64) in Value(Double(bitPattern: bits)) }
    case .float32: loop(bytes, &values) { (bits: UInt32) in Value(Float(bitPattern: bits)) }
    case .float16: loop(bytes, &values) { (bits: UInt16) in Value(Float(float16Bits: bits)) }
    case .bfloat16:
      loop(bytes, &values) { (bits: UInt16) in Value(Float(bitPattern: UInt32(bits) << 16)) }
    case .table: loop(bytes, &values) { (bits: UInt8) in Value(table[Int(bits)]) }
    case .bool: loop(bytes, &values) { (byte: UInt8) in byte == 0 ? 0 : 1 }
    case .int64: loop(bytes, &values) { (number: Int64) in Value(number) }
    case .int32: loop(bytes, &values) { (number: Int32) in Value(number) }
    case .int16: loop(bytes, &values) { (number: Int16) in Value(number) }
    case .int8: loop(bytes, &values) { (number: Int8) in Value(number) }
    case .uint64: loop(bytes, &values) { (number: UInt64) in Value(number) }
    case .uint32: loop(bytes, &values) { (number: UInt32) in Value(number) }
    case .uint16: loop(bytes, &values) { (number: UInt16) in Value(number) }
    case .uint8: loop(bytes, &values) { (number: UInt8) in Value(number) }
    }
  }

  @inline(__always)
  private func loop<Stored: FixedWidthInteger & BitwiseCopyable, Value>(
    _ bytes: RawSpan, _ values: inout MutableSpan<Value>, _ convert: (Stored) -> Value
  ) -> Int {
    let width = MemoryLayout<Stored>.size
    let count = bytes.byteCount / width
    precondition(count <= values.count, "no room for the numbers")
    for index in 0..<count {
      // In range: `count` numbers of this width fit in the bytes.
      let stored = bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index * width, as: Stored.self)
      values[unchecked: index] = convert(Stored(littleEndian: stored))
    }
    return count
  }
}

extension Float {
  /// The number that the bits of an F16 represent, exactly; NaNs keep sign and payload.
  ///
  /// Swift's own `Float16` does not exist on Macs with Intel processors.
  public init(float16Bits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    if magnitude < 0x0400 {
      // Subnormal: a multiple of 2^-24.
      self.init(bitPattern: (Float(magnitude) * 0x1p-24).bitPattern | sign)
    } else {
      // The exponents' biases are 15 and 127; all bits set stays all bits set.
      let rebias: UInt32 = magnitude < 0x7C00 ? 127 - 15 : 255 - 31
      self.init(bitPattern: sign | (magnitude << 13 + rebias << 23))
    }
  }
}
