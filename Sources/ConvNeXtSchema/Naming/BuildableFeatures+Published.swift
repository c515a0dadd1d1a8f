extension Naming {
  /// What the publisher's code can build, besides `Architecture.storageFeatures`; `nil` if
  /// everything.
  var buildableFeatures: BuildableFeatures? {
    switch self {
    case .canonical: nil
    // `models/convnext.py`, `convnext_isotropic.py`, `object_detection` and ConvNeXt-V2.
    case .facebook:
      BuildableFeatures(
        required: [],
        optional: ["layer_scale", "grn", "isotropic", "output_norms", "headless"],
        exclusive: ["grn", "layer_scale"],
        numbers: BuildableNumbers(stageCount: 4, patchSize: 4))
    // `timm/models/convnext.py`: the options of `ConvNeXt`.
    case .timm:
      BuildableFeatures(
        required: [],
        optional: Self.timmActivations.union([
          "layer_scale", "grn", "overlap_stem", "overlap_stem_act", "rms_norm", "simple_norm",
          "head_norm_first", "pre_logits", "headless", Architecture.unpooledFeature,
          Architecture.outputStridePrefix, Architecture.epsilonPrefix, Architecture.poolPrefix,
        ]),
        // After patches of 2, timm has a convolution before the first stage too.
        numbers: BuildableNumbers(
          stageCount: 4, leavesStagesOut: true, refusedPatchSize: 2,
          outputStride: Architecture.timmOutputStride,
          kernelSize: nil))
    // `ConvNextModel`, `ConvNextBackbone` and their V2 counterparts.
    case .huggingface:
      BuildableFeatures(
        required: [],
        optional: Self.transformersActivations.union([
          "layer_scale", "grn", "output_norms", "headless",
        ]),
        exclusive: ["grn", "layer_scale"])
    // `torchvision/models/convnext.py`, whose blocks always have a layer scale.
    case .torchvision:
      BuildableFeatures(
        required: ["layer_scale"], optional: ["headless"],
        numbers: BuildableNumbers(inputChannels: 3, patchSize: 4))
    // `mmpretrain/models/backbones/convnext.py`.
    case .openmmlab:
      BuildableFeatures(
        required: [],
        optional: ["layer_scale", "grn", "output_norms", "headless"],
        classifiesWithOutputNorms: true,
        numbers: BuildableNumbers(stageCount: 4))
    }
  }
}

extension Naming {
  private static func activations(_ names: String) -> Set<String> {
    Set(names.split(separator: " ").map { Architecture.activationPrefix + $0 })
  }

  /// Activations without parameters that transformers knows (`ACT2FN` in `activations.py`).
  private static let transformersActivations = activations(
    """
    gelu_10 gelu_accurate gelu_fast gelu_new gelu_python gelu_python_tanh gelu_pytorch_tanh \
    hardswish laplace leaky_relu linear mish quick_gelu relu relu2 relu6 sigmoid silu sqrtsoftplus \
    swish tanh
    """)

  /// Those that timm knows (`timm/layers/create_act.py`), by transformers' names if it has them.
  private static let timmActivations = activations(
    """
    celu elu gelu_pytorch_tanh hard_mish hard_sigmoid hardsigmoid hardswish leaky_relu linear mish \
    quick_gelu relu relu6 selu sigmoid silu swish tanh
    """)

  /// The number of stages that all of the publisher's models have; `nil` if it can be any.
  public var stageCount: Int? { buildableFeatures?.numbers.stageCount }

  /// Whether the publisher's code builds a model with a feature without being told to.
  public func implies(_ feature: String) -> Bool {
    guard let bound = buildableFeatures?.numbers.outputStride else { return false }
    return feature == "\(Architecture.outputStridePrefix)\(bound)"
  }
}
