import TensorModel

/// PyTorch's names for element types, as the globals `torch.<name>`.
enum TorchElementTypes {
  /// The element types that can be read. One element of `float4_e2m1fn_x2` in PyTorch is two
  /// elements here.
  static let byName: [String: ElementType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
    "float8_e4m3fn": .float8E4M3, "float8_e5m2": .float8E5M2,
    "float8_e4m3fnuz": .float8E4M3FNUZ, "float8_e5m2fnuz": .float8E5M2FNUZ,
    "float8_e8m0fnu": .float8E8M0, "float4_e2m1fn_x2": .float4,
    "complex32": .complex32, "complex64": .complex64, "complex128": .complex128,
    "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8,
    "uint64": .uint64, "uint32": .uint32, "uint16": .uint16, "uint8": .uint8, "bool": .bool,
  ]

  /// The name of a type that can be written; a shape in halves of `float4` cannot be.
  static func name(of elementType: ElementType) -> String? {
    elementType == .float4 ? nil : byName.first { $0.value == elementType }?.key
  }

  /// Element types whose numbers are not negated by flipping their highest bit, nor by PyTorch. The
  /// `fnuz` types have one zero, and NaN where others have the negative one. `e8m0` has no sign;
  /// truth values and the unsigned types beyond `U8` have none to PyTorch. A byte of `float4` has
  /// two signs.
  static let withoutNegation: Set<ElementType> = [
    .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0, .float4, .bool, .uint16, .uint32, .uint64,
  ]

  /// Element types that PyTorch has and that cannot be read here.
  static let unreadable: Set<String> = [
    "qint8", "quint8", "qint32", "quint4x2", "quint2x4", "bits1x8", "bits2x4", "bits4x2", "bits8",
    "bits16", "bcomplex32", "uint1", "uint2", "uint3", "uint4", "uint5", "uint6", "uint7", "int1",
    "int2", "int3", "int4", "int5", "int6", "int7",
  ]
}
