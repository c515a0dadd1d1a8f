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
    self = parameter.isBias ? .bias : Self.ofWeight[parameter.role] ?? .norm
  }

  /// Every module that has a weight.
  private static let ofWeight: [Module.Role: TensorRole] = [
    .stemConvolution: .stem, .depthwise: .depthwise, .expand: .expand, .project: .project,
    .downsampleConvolution: .downsample, .preLogits: .preLogits, .classifier: .classifier,
    .layerScale: .layerScale, .globalResponseNorm: .grn, .stemNorm: .norm,
    .downsampleNorm: .norm, .blockNorm: .norm, .outputNorm: .norm, .headNorm: .norm,
  ]
}
