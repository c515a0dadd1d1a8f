public import ByteIO
public import ConvNeXtSchema
public import Inspect
public import TensorModel

/// A tensor as a report shows it.
public struct ReportTensor: Sendable {
  /// Its name in the file, element type and shape.
  public let info: TensorInfo
  /// The product of its dimensions.
  public let elementCount: Int
  /// The bytes of its elements.
  public let byteCount: Int
  /// The parameter of the model that it is; `nil`: it stands beside the model.
  public let parameter: Parameter?
  /// Whether its elements are codes that stand for numbers.
  public let isQuantized: Bool
  /// Its figures, of a quantized one those of the numbers that its codes stand for; `nil` for
  /// complex and packed types.
  public let statistics: TensorStatistics?
  /// The SHA-256 of its elements.
  public let digest: SHA256Digest

  /// Creates one from a tensor and what was found out of it.
  public init(
    _ tensor: Tensor, parameter: Parameter?, isQuantized: Bool = false,
    statistics: TensorStatistics?, digest: SHA256Digest
  ) {
    info = tensor.info
    elementCount = tensor.elementCount
    byteCount = tensor.byteCount
    self.parameter = parameter
    self.isQuantized = isQuantized
    self.statistics = statistics
    self.digest = digest
  }
}
