import ByteIO

extension Architecture {
  /// All modules in the order of the forward pass.
  ///
  /// Permutations and residual additions hold nothing and are not listed; activations are named by
  /// the module before them.
  public var modules: [Module] {
    var modules = stemModules
    for stage in stages.indices {
      if stage > 0 { modules += downsampleModules(stage) }
      let dilation = dilation(stage)
      for block in 0..<max(0, stages[stage].depth) {
        modules += blockModules(stage, block, dilation: dilation)
      }
      if head.outputNormStages.contains(stage) {
        modules.append(
          norm("stages.{i}.output_norm", .outputNorm, stages[stage].width, stage: stage))
      }
    }
    return modules + headModules
  }

  /// All parameters in the order of the forward pass.
  public var parameters: [Parameter] { modules.flatMap(\.parameters) }

  /// How many parameters there are.
  public var tensorCount: Int { modules.reduce(0) { $0 + $1.tensorCount } }

  /// The number of elements in all parameters; `Int.max` if there are more.
  public var parameterCount: Int { modules.saturatingSum { $0.parameterCount } }

  private var stemModules: [Module] {
    let width = stages.first?.width ?? 0
    switch stem {
    case .patch(let kernelSize):
      return [
        convolution(
          "stem.conv", .stemConvolution, inputChannels, width, kernel: kernelSize,
          stride: kernelSize),
        norm("stem.norm", .stemNorm, width),
      ]
    case .bare(let kernelSize):
      return [
        convolution(
          "stem.conv", .stemConvolution, inputChannels, width, kernel: kernelSize,
          stride: kernelSize)
      ]
    case .overlap(let middle, let hasActivation):
      return [
        convolution(
          "stem.conv1", .stemConvolution, inputChannels, middle, kernel: 3, stride: 2, padding: 1,
          activation: hasActivation ? block.activation : nil),
        convolution(
          "stem.conv2", .stemConvolution, middle, width, kernel: 3, stride: 2, padding: 1),
        norm("stem.norm", .stemNorm, width),
      ]
    }
  }

  private func downsampleModules(_ stage: Int) -> [Module] {
    let name = "stages.{i}.downsample"
    let (inputs, outputs) = (stages[stage - 1].width, stages[stage].width)
    return [
      norm("\(name).norm", .downsampleNorm, inputs, stage: stage),
      downsampleConvolution("\(name).conv", inputs, outputs, stage),
    ]
  }

  private func downsampleConvolution(
    _ name: String, _ inputs: Int, _ outputs: Int, _ stage: Int
  ) -> Module {
    let kernel = downsampleKernelSize
    let dilation = downsampleDilation(stage)
    let keepsPositions = downsampleStride(stage) == 1
    return convolution(
      name, .downsampleConvolution, inputs, outputs, kernel: kernel,
      stride: downsampleStride(stage), padding: keepsPositions ? dilation * (kernel - 1) / 2 : 0,
      dilation: dilation, keepsPositions: keepsPositions, stage: stage)
  }

  private func blockModules(_ stage: Int, _ index: Int, dilation: Int) -> [Module] {
    let name = "stages.{i}.blocks.{j}"
    let (width, hidden) = (stages[stage].width, stages[stage].hiddenWidth)
    let kernelSize = stages[stage].kernelSize
    var modules = [
      convolution(
        "\(name).depthwise", .depthwise, width, width, kernel: kernelSize, stride: 1,
        padding: dilation * (kernelSize - 1) / 2, dilation: dilation, groups: width,
        keepsPositions: true, stage: stage, block: index),
      Module(
        template: "\(name).norm", role: .blockNorm,
        kind: .norm(channels: width, isWrittenByHand: false), hasBias: normsHaveBias, stage: stage,
        block: index),
      Module(
        template: "\(name).expand", role: .expand, kind: .linear(inputs: width, outputs: hidden),
        hasBias: true, activation: block.activation, stage: stage, block: index),
    ]
    if block.hasGlobalResponseNorm {
      modules.append(
        Module(
          template: "\(name).grn", role: .globalResponseNorm,
          kind: .globalResponseNorm(channels: hidden), hasBias: true, stage: stage, block: index))
    }
    modules.append(
      Module(
        template: "\(name).project", role: .project,
        kind: .linear(inputs: hidden, outputs: width), hasBias: true, stage: stage, block: index))
    if block.hasLayerScale {
      modules.append(
        Module(
          template: "\(name).layer_scale", role: .layerScale, kind: .layerScale(channels: width),
          hasBias: false, stage: stage, block: index))
    }
    return modules
  }

  private var headModules: [Module] {
    let width = stages.last?.width ?? 0
    var modules: [Module] = []
    let pools =
      head.isPooled
      ? [
        Module(
          template: "head.pool", role: .pool, kind: .averagePool(channels: width), hasBias: false,
          stage: nil, block: nil)
      ] : []
    let finalNorm = Module(
      template: "head.norm", role: .headNorm, kind: .norm(channels: width, isWrittenByHand: false),
      hasBias: normsHaveBias, stage: nil, block: nil)
    switch head.norm {
    case .afterPooling: modules += pools + [finalNorm]
    case .beforePooling: modules += [finalNorm] + pools
    case .none: if head.classes != nil { modules += pools }
    }
    if let hidden = head.hiddenFeatures {
      modules.append(
        Module(
          template: "head.pre_logits", role: .preLogits,
          kind: .linear(inputs: width, outputs: hidden), hasBias: true,
          // Whatever the blocks have (`NormMlpClassifierHead` in `timm/layers/classifier.py`).
          activation: Block.usualActivation, stage: nil, block: nil))
    }
    if let classes = head.classes {
      modules.append(
        Module(
          template: "head.classifier", role: .classifier,
          kind: .linear(inputs: head.hiddenFeatures ?? width, outputs: classes), hasBias: true,
          stage: nil, block: nil))
    }
    return modules
  }

  private func convolution(
    _ name: String, _ role: Module.Role, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int,
    padding: Int = 0, dilation: Int = 1, groups: Int = 1, keepsPositions: Bool = false,
    activation: String? = nil, stage: Int? = nil, block: Int? = nil
  ) -> Module {
    Module(
      template: name, role: role,
      kind: .convolution(
        Module.Convolution(
          inputs: inputs, outputs: outputs, kernelSize: kernel, stride: stride, padding: padding,
          dilation: dilation, groups: groups, keepsPositions: keepsPositions)),
      hasBias: true, activation: activation, stage: stage, block: block)
  }

  private func norm(
    _ name: String, _ role: Module.Role, _ channels: Int, stage: Int? = nil
  ) -> Module {
    Module(
      template: name, role: role, kind: .norm(channels: channels, isWrittenByHand: true),
      hasBias: normsHaveBias, stage: stage, block: nil)
  }
}
