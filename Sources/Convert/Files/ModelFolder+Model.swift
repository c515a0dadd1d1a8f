import ByteIO
import ConvNeXtSchema

extension ModelFolder {
  /// The version of ConvNeXt for each of transformers' model types.
  static let versions = ["convnext": 1, "convnextv2": 2, "dinov3_convnext": 1]

  /// Whether a configuration is that of a ConvNeXt itself to transformers, which then reads nothing
  /// else in it.
  static func isOfConvNeXt(_ config: JSONValue?) -> Bool {
    (config?["model_type"]?.stringValue).map { versions[$0] != nil } ?? false
  }

  /// What transformers says about the model itself: the whole configuration, or that of the
  /// backbone in a larger network.
  var modelConfig: JSONValue? {
    Self.isOfConvNeXt(config) ? config : config?[nonNull: "backbone_config"] ?? config
  }

  /// Whether the configuration is also one of something else to another reader: timm's, or one of a
  /// larger network.
  var isAmbiguous: Bool {
    Self.isOfConvNeXt(config)
      && (config?[nonNull: "backbone_config"] != nil || config?["architecture"]?.stringValue != nil)
  }

  /// The epsilon of the norm before the classifier, if the configuration gives one.
  public var finalNormEpsilon: Double? {
    timm?.normEpsilon ?? statedEpsilon.flatMap { $0 > 0 ? $0 : nil }
  }

  var statedEpsilon: Double? { modelConfig?["layer_norm_eps"]?.numberValue }

  /// The epsilon of every norm, if timm's configuration implies an unusual one.
  var normEpsilon: Double? { timm?.normEpsilon }

  /// What the configuration says about the model and no tensor shows, as in
  /// `Architecture.features`: an activation other than GELU, and what timm's arguments say; `nil`
  /// without a configuration.
  var features: [String]? {
    guard config != nil else { return nil }
    if let timm { return timm.features }
    guard let activation = modelConfig?["hidden_act"]?.stringValue,
      activation != Architecture.Block.usualActivation
    else {
      return []
    }
    return [Architecture.activationPrefix + activation]
  }

  /// The stages whose outputs a transformers backbone returns, if the configuration names any.
  var outputStages: [String]? {
    let names = modelConfig?["out_features"]?.arrayValue?.compactMap(\.stringValue) ?? []
    return names.isEmpty ? nil : names
  }

  /// Whether the configuration asks for a model with a classifier.
  var isForClassification: Bool {
    (config?["architectures"]?.arrayValue ?? []).contains {
      $0.stringValue?.hasSuffix("ForImageClassification") ?? false
    }
  }
}
