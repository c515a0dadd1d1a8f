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

extension Architecture {
  /// Throws `SchemaError.featureNotExpressible`, `.featureMissing`, `.numberNotExpressible` or
  /// `.ambiguousNorm` if a publisher's code could not build the model, or would mistake it for
  /// another one.
  ///
  /// - Parameter isOwnCode: Whether the weights came with this publisher's names. If so, the code
  ///   that reads them has the same numbers, whatever it was changed to.
  func requireBuildable(
    by naming: Naming, isOwnCode: Bool = false
  ) throws(SchemaError) {
    guard let buildable = naming.buildableFeatures else { return }
    let features = features
    let known = buildable.required.union(buildable.optional).union(Self.storageFeatures)
    for feature in features {
      guard
        known.contains(feature)
          || known.contains(where: { $0.hasSuffix("_") && feature.hasPrefix($0) })
      else {
        throw .featureNotExpressible(naming: naming, feature: feature)
      }
    }
    for feature in buildable.required.sorted() where !features.contains(feature) {
      throw .featureMissing(naming: naming, feature: feature)
    }
    if !buildable.exclusive.isEmpty, buildable.exclusive.isSubset(of: features) {
      throw .featureNotExpressible(
        naming: naming, feature: buildable.exclusive.sorted().joined(separator: " and "))
    }
    if !buildable.classifiesWithOutputNorms, features.contains("output_norms"),
      head.classes != nil
    {
      throw .featureNotExpressible(naming: naming, feature: "output_norms and a classifier")
    }
    if !isOwnCode { try require(buildable.numbers, of: naming) }
    if naming == .openmmlab, head.outputNormStages == [stages.count - 1] {
      throw .ambiguousNorm(naming: naming)
    }
  }

  /// Whether one of the publisher's models lacks its last stages and everything after them.
  private func isShortened(_ numbers: BuildableNumbers) -> Bool {
    numbers.leavesStagesOut && head.norm == .none && head.classes == nil
      && stages.count < numbers.stageCount ?? 0
  }

  private func require(
    _ numbers: BuildableNumbers, of naming: Naming
  ) throws(SchemaError) {
    // The isotropic models have one stage after patches of 16.
    var patchSize: Int?
    if case .patch(let kernelSize) = stem { patchSize = kernelSize }
    let rows: [(name: String, expected: Int?, found: [Int])] = [
      (
        "number of stages", numbers.stageCount,
        isIsotropic || isShortened(numbers) ? [] : [stages.count]
      ),
      ("number of input channels", numbers.inputChannels, [inputChannels]),
      ("patch size", numbers.patchSize, patchSize.map { [$0] } ?? []),
      ("kernel size", numbers.kernelSize, stages.map(\.kernelSize)),
      (
        "kernel size between stages", numbers.downsampleKernelSize,
        stages.count > 1 ? [downsampleKernelSize] : []
      ),
    ]
    for row in rows {
      if let expected = row.expected, let found = row.found.first(where: { $0 != expected }) {
        throw .numberNotExpressible(
          naming: naming, name: row.name, expected: expected, found: found)
      }
    }
    if let even = stages.map(\.kernelSize).first(where: { $0.isMultiple(of: 2) }) {
      throw .numberNotExpressible(
        naming: naming, name: "kernel size", expected: Self.usualKernelSize, found: even)
    }
    if let patchSize, patchSize == numbers.refusedPatchSize {
      throw .numberNotExpressible(
        naming: naming, name: "patch size", expected: Self.usualPatchSize, found: patchSize)
    }
    if let bound = numbers.outputStride, outputStride == nil {
      var limited = self
      limited.applyOutputStride(bound)
      guard limited.outputStride == nil else {
        throw .numberNotExpressible(
          naming: naming, name: "stride from the image to the last stage", expected: bound,
          found: stride(before: stages.count))
      }
    }
    if let expansion = numbers.expansion,
      let stage = stages.first(where: { $0.hiddenWidth != expansion * $0.width })
    {
      throw .numberNotExpressible(
        naming: naming, name: "number of channels within a block",
        expected: expansion * stage.width,
        found: stage.hiddenWidth)
    }
  }
}
