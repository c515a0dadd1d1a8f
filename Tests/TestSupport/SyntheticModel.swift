import ByteIO
public import ConvNeXtSchema
public import TensorModel

/// A model whose numbers are made up, the same for the same seed everywhere.
///
/// Each element comes from the seed, the tensor's place in canonical order and the element's place
/// in the tensor alone. So a model has the same values in every naming, any part of it can be made
/// again, and nothing is held in memory until it is asked for.
public struct SyntheticModel: Sendable {
  /// The description that names and shapes follow from.
  public let architecture: Architecture
  /// The tensors in canonical order, under the names and in the shapes of a naming.
  public let tensors: [Tensor]

  /// Makes a model; its values are made when a tensor's elements are asked for.
  ///
  /// Throws `SchemaError` where the naming cannot express the model.
  ///
  /// - Parameter isOwnCode: Whether the publisher's code was changed to build it.
  public init(
    _ architecture: Architecture, naming: Naming, seed: UInt64, isOwnCode: Bool = false
  ) throws {
    self.architecture = architecture
    let export = try NameExport(architecture, naming: naming, isOwnCode: isOwnCode)
    tensors = try export.entries.enumerated().map { index, entry in
      let values = SyntheticValues(seed: seed, tensor: index, parameter: entry.parameter)
      return try Tensor(
        name: entry.name, elementType: .float32, shape: entry.shape,
        storage: SyntheticStorage(values, elementCount: entry.parameter.elementCount))
    }
  }
}

/// The values of one tensor, each by itself.
public struct SyntheticValues: Sendable {
  private let key: UInt64
  private let mean: Float
  private let scale: Float

  /// The values of the tensor at a place in canonical order, in the size that its part of a trained
  /// model has.
  public init(seed: UInt64, tensor: Int, parameter: Parameter) {
    var seeds = SeededGenerator(seed: seed)
    var keys = SeededGenerator(seed: seeds.next() ^ UInt64(tensor))
    key = keys.next()
    let (mean, deviation) = Self.distribution(of: parameter)
    self.mean = mean
    scale = deviation / Self.sumDeviation
  }

  /// Mean and standard deviation.
  private static func distribution(of parameter: Parameter) -> (mean: Float, deviation: Float) {
    switch (parameter.role, isBias: parameter.isBias) {
    case (.layerScale, _): (0.02, 0.005)
    case (.globalResponseNorm, _): (0, 0.1)
    case (_, isBias: true): (0, 0.05)
    case (.stemNorm, _), (.downsampleNorm, _), (.blockNorm, _), (.outputNorm, _), (.headNorm, _):
      (1, 0.1)
    case (.stemConvolution, _), (.depthwise, _): (0, 0.1)
    default: (0, 0.02)
    }
  }

  /// The standard deviation of a sum of four uniform 16-bit numbers: 2^16 / sqrt(3).
  private static let sumDeviation: Float = 37837.23

  /// The element at an index. A sum of four uniform numbers has nearly the shape of a Gaussian, and
  /// takes no function that differs between systems.
  public func element(_ index: Int) -> Float {
    var generator = SeededGenerator(seed: key &+ UInt64(index) &* SeededGenerator.increment)
    let bits = generator.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    return mean + Float(Int(sum) - 2 * 0xFFFF) * scale
  }
}

/// Storage whose bytes are made anew whenever they are asked for.
private final class SyntheticStorage: TensorStorage {
  private let values: SyntheticValues
  private let elementCount: Int
  var byteCount: Int { elementCount * MemoryLayout<Float>.size }

  init(_ values: SyntheticValues, elementCount: Int) {
    self.values = values
    self.elementCount = elementCount
  }

  func bytes() throws -> ByteRegion {
    let block = try MemoryBlock(byteCount: byteCount)
    for index in 0..<elementCount {
      block.bytes.storeBytes(
        of: values.element(index).bitPattern.littleEndian,
        toByteOffset: index * MemoryLayout<Float>.size, as: UInt32.self)
    }
    return ByteRegion(block)
  }
}
