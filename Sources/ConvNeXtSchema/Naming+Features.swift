/// What the code of a publisher can build.
///
/// Names alone do not tell: a model whose final norm stands before the pooling has the names of one
/// with the norm behind it, and a publisher's code would load it and compute something else.
struct BuildableFeatures {
  /// What all of the publisher's models have, as `Architecture.features` names it.
  let required: Set<String>
  /// What some of them have.
  let optional: Set<String>
}

extension Naming {
  /// What the publisher's code can build, beside `Architecture.storageFeatures`; `nil`: everything.
  var buildableFeatures: BuildableFeatures? {
    switch self {
    case .canonical: nil
    // `models/convnext.py`, `convnext_isotropic.py`, `object_detection` and ConvNeXt-V2.
    case .facebook:
      BuildableFeatures(
        required: [],
        optional: ["layer_scale", "grn", "isotropic", "output_norms", "headless"])
    // `timm/models/convnext.py`: the options of `ConvNeXt`.
    case .timm:
      BuildableFeatures(
        required: [],
        optional: [
          "layer_scale", "grn", "overlap_stem", "overlap_stem_act", "rms_norm", "head_norm_first",
          "pre_logits", "headless",
        ])
    // `ConvNextModel`, `ConvNextBackbone` and their V2 counterparts.
    case .huggingface:
      BuildableFeatures(
        required: [],
        optional: ["layer_scale", "grn", "output_norms", "headless"])
    // `torchvision/models/convnext.py`, whose blocks always have a layer scale.
    case .torchvision:
      BuildableFeatures(required: ["layer_scale"], optional: ["headless"])
    // `mmpretrain/models/backbones/convnext.py`.
    case .openmmlab:
      BuildableFeatures(
        required: [],
        optional: ["layer_scale", "grn", "output_norms", "headless"])
    }
  }
}

extension Architecture {
  /// Throws `SchemaError.featureNotExpressible` or `SchemaError.featureMissing` where a publisher's
  /// code could not build the model.
  func requireBuildable(by naming: Naming) throws(SchemaError) {
    guard let buildable = naming.buildableFeatures else { return }
    let features = features
    for feature in features
    where !buildable.required.contains(feature) && !buildable.optional.contains(feature)
      && !Self.storageFeatures.contains(feature)
    {
      throw .featureNotExpressible(naming: naming, feature: feature)
    }
    for feature in buildable.required.sorted() where !features.contains(feature) {
      throw .featureMissing(naming: naming, feature: feature)
    }
    // OpenMMLab's `norm3` alone is the final norm.
    if naming == .openmmlab, head.outputNormStages == [stages.count - 1], stages.count == 4 {
      throw .featureNotExpressible(naming: naming, feature: "output_norms")
    }
  }
}
