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
  /// its own type has bytes as elements, as in `torch.serialization`.
  static let untyped = StorageClass("UntypedStorage", .uint8)

  /// The classes of one element type each; types that were added later are stored as bytes
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
