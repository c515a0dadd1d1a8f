import TensorModel

/// The class of a storage in a pickle, which says what its elements are.
struct StorageClass: Equatable {
  /// The name without its module: `FloatStorage`.
  let name: String
  /// The type of the elements, or `nil` for the quantized types.
  let elementType: ElementType?
  /// Bytes of each element that a storage's size counts.
  let elementByteCount: Int

  /// `torch.storage.UntypedStorage`, whose size counts bytes. A tensor that is made from it without
  /// a type of its own is of bytes, as in `torch.serialization`.
  static let untyped = StorageClass("UntypedStorage", .uint8)

  /// The classes of one element type each; types that came later are stored as bytes
  /// (`torch/storage.py`, `_new_dtypes`).
  private static let typed = [
    StorageClass("DoubleStorage", .float64),
    StorageClass("FloatStorage", .float32),
    StorageClass("HalfStorage", .float16),
    StorageClass("BFloat16Storage", .bfloat16),
    StorageClass("LongStorage", .int64),
    StorageClass("IntStorage", .int32),
    StorageClass("ShortStorage", .int16),
    StorageClass("CharStorage", .int8),
    StorageClass("ByteStorage", .uint8),
    StorageClass("BoolStorage", .bool),
    StorageClass("ComplexFloatStorage", .complex64),
    StorageClass("ComplexDoubleStorage", .complex128),
  ]

  private static let quantized = [
    StorageClass(quantized: "QInt8Storage", elementByteCount: 1),
    StorageClass(quantized: "QUInt8Storage", elementByteCount: 1),
    StorageClass(quantized: "QInt32Storage", elementByteCount: 4),
    StorageClass(quantized: "QUInt4x2Storage", elementByteCount: 1),
    StorageClass(quantized: "QUInt2x4Storage", elementByteCount: 1),
  ]

  /// The classes by their names in the modules `torch` and `torch.cuda`.
  static let byName = Dictionary(
    uniqueKeysWithValues: (typed + quantized + [untyped]).map { ($0.name, $0) })

  /// The class that stores a type, or `nil` for types that are stored as bytes.
  static func storing(_ elementType: ElementType) -> StorageClass? {
    typed.first { $0.elementType == elementType }
  }

  private init(_ name: String, _ elementType: ElementType) {
    self.name = name
    self.elementType = elementType
    elementByteCount = elementType.bitWidth / 8
  }

  private init(quantized name: String, elementByteCount: Int) {
    self.name = name
    elementType = nil
    self.elementByteCount = elementByteCount
  }
}

/// PyTorch's names for element types, as the globals `torch.<name>`.
enum TorchElementTypes {
  /// The element types that can be read. `float4_e2m1fn_x2` is two elements to PyTorch's one.
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

  /// Element types whose numbers are not negated by their highest bit: the `fnuz` types have one
  /// zero, and NaN where others have the negative one; `e8m0` has no sign; and a byte of `float4`
  /// has two. PyTorch negates none of them.
  static let withoutNegation: Set<ElementType> = [
    .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0, .float4,
  ]

  /// Element types that PyTorch has and that cannot be read here.
  static let unreadable: Set<String> = [
    "qint8", "quint8", "qint32", "quint4x2", "quint2x4", "bits1x8", "bits2x4", "bits4x2", "bits8",
    "bits16", "bcomplex32", "uint1", "uint2", "uint3", "uint4", "uint5", "uint6", "uint7", "int1",
    "int2", "int3", "int4", "int5", "int6", "int7",
  ]
}
