extension Architecture {
  /// All layers with their shapes and costs for a square image, in the order of the forward pass.
  ///
  /// Convolutions take `output channels x output positions x input channels / groups x kernel
  /// area` multiply-adds, linear layers `inputs x outputs x positions`. Throws
  /// `SchemaError.imageTooSmall` where a convolution would have no output.
  public func layers(imageSize: Int) throws(SchemaError) -> [Layer] {
    var shape = [inputChannels, imageSize, imageSize]
    var layers: [Layer] = []
    for module in modules {
      let layer = try layer(of: module, input: shape, imageSize: imageSize)
      layers.append(layer)
      // An output norm works on a branch; what goes on is the stage's own output.
      if module.role != .outputNorm { shape = layer.outputShape }
    }
    return layers
  }

  private func layer(
    of module: Module, input: [Int], imageSize: Int
  ) throws(SchemaError) -> Layer {
    var output = input
    var macs = 0
    var convolution: Module.Convolution?
    let kind: String
    switch module.kind {
    case .convolution(let shape):
      convolution = shape
      kind = "conv"
      let side =
        shape.keepsPositions
        ? input[1] : (input[1] + 2 * shape.padding - shape.kernelSize) / shape.stride + 1
      guard shape.keepsPositions || input[1] + 2 * shape.padding >= shape.kernelSize else {
        throw .imageTooSmall(imageSize: imageSize, minimum: minimumImageSize)
      }
      output = [shape.outputs, side, side]
      macs = try Self.product(
        shape.outputs, side, side, shape.inputs / shape.groups, shape.kernelSize,
        shape.kernelSize, layer: module.name)
    case .linear(let inputs, let outputs):
      kind = "linear"
      output = [outputs, input[1], input[2]]
      macs = try Self.product(inputs, outputs, input[1], input[2], layer: module.name)
    case .norm: kind = normsHaveBias ? "layernorm" : "rmsnorm"
    case .globalResponseNorm: kind = "grn"
    case .layerScale: kind = "layer_scale"
    case .averagePool(let channels):
      kind = "avgpool"
      output = [channels, 1, 1]
    }
    return Layer(
      name: module.name, kind: kind, stage: module.stage,
      parameterCount: module.parameterCount, macs: macs,
      inputShape: input, outputShape: output, convolution: convolution, module: module)
  }

  /// The product of positive numbers; throws where it reaches 2^42, so that the sum over any
  /// model's layers cannot overflow. The largest published model stays below that up to an image
  /// size of 8192.
  private static func product(_ factors: Int..., layer: String) throws(SchemaError) -> Int {
    var product = 1
    for factor in factors {
      let (next, overflows) = product.multipliedReportingOverflow(by: factor)
      guard !overflows, next < 1 << 42 else { throw .tooLarge(layer: layer) }
      product = next
    }
    return product
  }

  /// The smallest image that leaves at least one position in the last stage.
  public var minimumImageSize: Int {
    var minimum = 1
    for module in modules.reversed() {
      guard case .convolution(let shape) = module.kind, shape.stride > 1 else { continue }
      minimum = max(1, (minimum - 1) * shape.stride + shape.kernelSize - 2 * shape.padding)
    }
    return minimum
  }
}
