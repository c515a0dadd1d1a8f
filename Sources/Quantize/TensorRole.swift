public import ConvNeXtSchema

/// The role of a tensor, as recipes name it.
public enum TensorRole: String, CaseIterable, Sendable {
  case stem, depthwise, expand, project, downsample
  case preLogits = "pre_logits"
  case classifier
  case layerScale = "layer_scale"
  case grn, norm, bias

  /// The role of a model's parameter: that of its module, if it is a weight.
  public init(_ parameter: Parameter) {
    self = parameter.isBias ? .bias : TensorRole(ofWeightIn: parameter.role)
  }

  private init(ofWeightIn module: Module.Role) {
    self =
      switch module {
      case .stemConvolution: .stem
      case .depthwise: .depthwise
      case .expand: .expand
      case .project: .project
      case .downsampleConvolution: .downsample
      case .preLogits: .preLogits
      case .classifier: .classifier
      case .layerScale: .layerScale
      case .globalResponseNorm: .grn
      case .stemNorm, .downsampleNorm, .blockNorm, .outputNorm, .headNorm: .norm
      // It has no weight.
      case .pool: .norm
      }
  }
}
