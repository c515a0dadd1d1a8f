public import ConvNeXtSchema
public import TensorModel

/// A tensor whose health is examined.
public struct HealthSubject: Sendable {
  /// The tensor under its name in the file; for a quantized one, the numbers that its codes
  /// represent.
  public let tensor: Tensor
  /// What the tensor belongs to.
  public let owner: Owner
  /// The bytes that are read for it.
  public let storedByteCount: Int

  /// What a tensor belongs to, which determines what its numbers should be like.
  public enum Owner: Sendable {
    /// The model, as this parameter.
    case model(Parameter)
    /// A file in which no model was found, so that nothing is known about the tensor.
    case unknownModel
    /// Something next to the model, such as an optimizer's state, where constants and zeros are
    /// normal.
    case besideModel
  }

  /// Creates a subject from its parts.
  ///
  /// - Parameter storedByteCount: The bytes that are read for it; `nil` for those of its elements.
  public init(_ tensor: Tensor, _ owner: Owner, storedByteCount: Int? = nil) {
    self.tensor = tensor
    self.owner = owner
    self.storedByteCount = storedByteCount ?? tensor.byteCount
  }

  /// The parameter, if the tensor is one of the model's.
  var parameter: Parameter? {
    if case .model(let parameter) = owner { parameter } else { nil }
  }

  /// Whether the tensor is part of what would be deployed.
  var isOfModel: Bool {
    switch owner {
    case .model, .unknownModel: true
    case .besideModel: false
    }
  }

  /// What kind of numbers the tensor holds.
  var kind: Kind {
    guard let parameter else {
      // A matrix or a kernel; vectors of an unknown model may be anything.
      return isOfModel && withoutUnitDimensions(tensor.shape).count > 1 ? .weight : .other
    }
    switch parameter.role {
    case .layerScale: return .layerScale
    case .globalResponseNorm: return .startsFromZero
    case .stemNorm, .downsampleNorm, .blockNorm, .outputNorm, .headNorm:
      return parameter.isBias ? .startsFromZero : .normWeight
    case .stemConvolution, .downsampleConvolution, .depthwise, .expand, .project, .preLogits,
      .classifier, .pool:
      return parameter.isBias ? .startsFromZero : .weight
    }
  }

  /// What kind of numbers a tensor holds.
  enum Kind {
    /// Weights of a convolution or a linear layer: random at the start.
    case weight
    /// Norm weights, which start from 1.
    case normWeight
    /// Biases, and both parameters of a global response norm.
    case startsFromZero
    case layerScale
    case other
  }
}
