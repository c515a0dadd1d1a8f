/// The type of a tensor's elements.
///
/// The raw value is the type's name as safetensors writes it, which is also how it appears in
/// manifests; `C32`, `C128` and `I4` have no place in safetensors and follow the same
/// style.
public enum ElementType: String, CaseIterable, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  /// 1 sign, 4 exponent, 3 mantissa bits; no infinities (PyTorch: `float8_e4m3fn`).
  case float8E4M3 = "F8_E4M3"
  /// 1 sign, 5 exponent, 2 mantissa bits (PyTorch: `float8_e5m2`).
  case float8E5M2 = "F8_E5M2"
  /// Like E4M3 with one zero and one NaN (PyTorch: `float8_e4m3fnuz`).
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  /// Like E5M2 with one zero and one NaN (PyTorch: `float8_e5m2fnuz`).
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  /// Powers of two, used as scales (PyTorch: `float8_e8m0fnu`).
  case float8E8M0 = "F8_E8M0"
  /// 6 bits per element, packed.
  case float6E2M3 = "F6_E2M3"
  /// 6 bits per element, packed.
  case float6E3M2 = "F6_E3M2"
  /// 4 bits per element, packed; shapes count elements, not pairs.
  case float4 = "F4"
  /// Two 16-bit floats (PyTorch: `complex32`).
  case complex32 = "C32"
  /// Two 32-bit floats.
  case complex64 = "C64"
  /// Two 64-bit floats.
  case complex128 = "C128"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  /// 4 bits per element, packed: two's complement, the first of two in the lower half of a byte.
  case int4 = "I4"
  case uint64 = "U64"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"
  /// One byte per element; any byte but 0 counts as true.
  case bool = "BOOL"

  /// The type's name: `F32`, `BF16`, `I64`.
  public var name: String { rawValue }

  /// Bits per element.
  public var bitWidth: Int {
    switch self {
    case .complex128: 128
    case .float64, .complex64, .int64, .uint64: 64
    case .float32, .complex32, .int32, .uint32: 32
    case .float16, .bfloat16, .int16, .uint16: 16
    case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0, .int8, .uint8,
      .bool:
      8
    case .float6E2M3, .float6E3M2: 6
    case .float4, .int4: 4
    }
  }

  /// Bytes per element, or `nil` for the packed types, whose elements do not fill bytes.
  public var byteWidth: Int? { bitWidth % 8 == 0 ? bitWidth / 8 : nil }

  /// Bytes of each number to which byte order applies: half an element for complex types.
  public var componentByteWidth: Int {
    let byteWidth = max(1, bitWidth / 8)
    return isComplex ? byteWidth / 2 : byteWidth
  }

  /// Whether an element is a pair of a real and an imaginary part.
  public var isComplex: Bool {
    switch self {
    case .complex32, .complex64, .complex128: true
    default: false
    }
  }

  /// Whether every element is a `Float`, without rounding.
  public var isExactInFloat: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2, .float8E4M3FNUZ,
      .float8E5M2FNUZ, .float8E8M0, .int16, .int8, .uint16, .uint8, .bool:
      true
    default: false
    }
  }

  /// Whether an element is a real floating-point number.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2, .float8E4M3FNUZ,
      .float8E5M2FNUZ, .float8E8M0, .float6E2M3, .float6E3M2, .float4:
      true
    default: false
    }
  }

  /// The bytes that `elementCount` elements take, or `nil` if the number is negative, overflows, or
  /// the last element would end inside a byte.
  public func byteCount(elementCount: Int) -> Int? {
    guard elementCount >= 0 else { return nil }
    let (bits, overflows) = elementCount.multipliedReportingOverflow(by: bitWidth)
    if !overflows { return bits % 8 == 0 ? bits / 8 : nil }
    guard let byteWidth else { return nil }
    let (bytes, stillOverflows) = elementCount.multipliedReportingOverflow(by: byteWidth)
    return stillOverflows ? nil : bytes
  }
}
