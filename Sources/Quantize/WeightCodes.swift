public import TensorModel

/// A weight's codes and scales, computed on demand.
///
/// Codes are computed a block at a time, in constant memory, whenever their tensor is read; scales
/// and the cost of quantization are remembered once that has happened.
public final class WeightCodes: Sendable {
  /// The codes and scales as tensors of a file.
  public let quantized: QuantizedTensor
  private let computation: CodeComputation

  /// Sets up a weight; nothing is read.
  ///
  /// Throws if the scheme does not fit the tensor's type or shape.
  ///
  /// - Parameter name: How errors name the tensor.
  public init(_ tensor: Tensor, scheme: QuantizationScheme, name: String) throws {
    guard Quantization.sourceTypes.contains(tensor.elementType) else {
      throw QuantizeError.wrongElementType(tensor: name, found: tensor.elementType)
    }
    guard let scaleShape = scheme.scaleShape(ofShape: tensor.shape),
      let groupLength = scheme.groupLength(ofShape: tensor.shape)
    else {
      throw QuantizeError.notApplicable(
        tensor: name, format: WeightFormat.allCases.first { $0.scheme == scheme } ?? .keep,
        shape: tensor.shape)
    }
    // At most as many as there are weights, unless rows have none: then a shape sets no bound.
    let rowLimit = CodeComputation.largestGroupLength
    guard tensor.elementCount > 0 || tensor.shape[0] <= rowLimit,
      let groupCount = elementCount(of: scaleShape),
      let scaleByteCount = ElementType.float32.byteCount(elementCount: groupCount)
    else {
      throw QuantizeError.tooManyEmptyRows(tensor: name, count: tensor.shape[0], limit: rowLimit)
    }
    let scaleName = Quantization.scaleName(of: tensor.name)
    let computation = CodeComputation(
      tensor, scheme: scheme, groupLength: groupLength,
      groupCount: groupCount, name: name)
    self.computation = computation
    quantized = try QuantizedTensor(
      codes: Tensor(
        name: tensor.name, elementType: scheme.codeType, shape: tensor.shape,
        storage: CodeStorage(
          computation,
          byteCount: scheme.codeType.byteCount(elementCount: tensor.elementCount) ?? 0)),
      scales: Tensor(
        name: scaleName, elementType: .float32, shape: scaleShape,
        storage: ScaleStorage(computation, byteCount: scaleByteCount)),
      quantization: Quantization(
        scheme: scheme, scaleName: scaleName, sourceType: tensor.elementType))
  }

  /// What the quantization costs; the weight is read if it has not been read yet.
  ///
  /// Throws what the storage throws, and `QuantizeError` for a number that has no code.
  public func quality() throws -> TensorQuality { try computation.result().quality }

  /// Whether that is already known because the weight was read.
  public var isMeasured: Bool { computation.isDone }
}
