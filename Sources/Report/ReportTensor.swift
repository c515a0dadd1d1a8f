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
  /// The model's parameter that it is; `nil` if it is not part of the model.
  public let parameter: Parameter?
  /// Whether its elements are codes that represent numbers.
  public let isQuantized: Bool
  /// Its statistics, for a quantized tensor those of the numbers that its codes represent; `nil`
  /// for complex and packed types.
  public let statistics: TensorStatistics?
  /// The SHA-256 of its elements.
  public let digest: SHA256Digest

  /// Creates one from a tensor and what was found out about it.
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
