import ByteIO
public import TensorModel

/// A tensor rounded to another floating-point type when it is read.
///
/// The cost of rounding is remembered once that has happened.
public final class RoundedWeights: Sendable {
  /// The tensor as it is written.
  public let rounded: Tensor
  private let storage: RoundedStorage

  /// Sets up a tensor; nothing is read.
  ///
  /// Throws `QuantizeError.wrongElementType` if the elements are not floating-point numbers.
  ///
  /// - Parameters:
  ///   - floatType: F32, F16 or BF16.
  ///   - overflow: What is done with numbers that are too large; for F32 they are an error.
  ///   - name: How errors name the tensor.
  public init(
    _ tensor: Tensor, to floatType: ElementType, overflow: OverflowPolicy, name: String
  ) throws {
    guard Quantization.sourceTypes.contains(tensor.elementType) else {
      throw QuantizeError.wrongElementType(tensor: name, found: tensor.elementType)
    }
    storage = RoundedStorage(tensor, floatType: floatType, overflow: overflow, name: name)
    rounded = try Tensor(
      name: tensor.name, elementType: floatType, shape: tensor.shape, storage: storage)
  }

  /// What the rounding costs; the tensor is read if it has not been read yet.
  ///
  /// Throws what the storage throws, and `QuantizeError` for a number that the type cannot hold.
  public func quality() throws -> TensorQuality { try storage.quality() }

  /// Whether that is already known because the tensor was read.
  public var isMeasured: Bool { storage.isMeasured }

  /// Whether a number of a tensor is too large for F16 or BF16. Reads the tensor.
  ///
  /// Throws for a number that is not finite.
  ///
  /// - Parameter name: How errors name the tensor.
  public static func overflows(
    _ tensor: Tensor, floatType: ElementType, name: String
  ) throws -> Bool {
    var source = try WeightSource(tensor, name: name, elementsPerBlock: RoundedStorage.blockLength)
    var overflows = false
    while let block = source.next() {
      let magnitude = CodeEncoder.largestMagnitude(block.bytes, in: 0..<(block.byteCount / 4))
      if magnitude >= firstOverflow(of: floatType) {
        try source.requireFinite(block)
        overflows = true
      }
    }
    return overflows
  }

  /// The bits of the smallest F32 number that rounds to infinity: 65520 for F16.
  static func firstOverflow(of floatType: ElementType) -> UInt32 {
    switch floatType {
    case .float16: 0x477F_F000
    case .bfloat16: 0x7F7F_8000
    default: 0x7F80_0000
    }
  }
}
