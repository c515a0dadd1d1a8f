extension Architecture {
  /// All layers with their shapes and costs for a square image, in the order of the forward pass.
  ///
  /// Convolutions take `output channels x output positions x input channels / groups x kernel area`
  /// multiply-adds, linear layers `inputs x outputs x positions`. Throws
  /// `SchemaError.imageTooSmall` if a convolution would have no output, `.impossibleNumber` for a
  /// description with a number such as a width of 0, and `.tooLarge` if a layer takes 2^42
  /// multiply-adds.
  public func layers(imageSize: Int) throws(SchemaError) -> [Layer] {
    try requireBounds()
    var shape = [inputChannels, imageSize, imageSize]
    var layers: [Layer] = []
    for module in modules {
      let layer = try layer(of: module, input: shape, imageSize: imageSize)
      layers.append(layer)
      // An output norm works on a branch; the stage's own output goes on.
      if module.role != .outputNorm { shape = layer.outputShape }
    }
    return layers
  }

  private func layer(
    of module: Module, input: [Int], imageSize: Int
  ) throws(SchemaError) -> Layer {
    var output = input
    var macs = 0
    let kind: Layer.Kind
    switch module.kind {
    case .convolution(let shape):
      kind = .convolution
      // The kernel's extent beyond the padding; written this way, no image size overflows.
      let reach = shape.dilation * (shape.kernelSize - 1) + 1 - 2 * shape.padding
      guard shape.keepsPositions || input[1] >= reach else {
        throw .imageTooSmall(imageSize: imageSize, minimum: minimumImageSize)
      }
      let side = shape.keepsPositions ? input[1] : (input[1] - reach) / shape.stride + 1
      output = [shape.outputs, side, side]
      macs = try Self.product(
        shape.outputs, side, side, shape.inputs / shape.groups, shape.kernelSize,
        shape.kernelSize, layer: module.name)
    case .linear(let inputs, let outputs):
      kind = .linear
      output = [outputs, input[1], input[2]]
      macs = try Self.product(inputs, outputs, input[1], input[2], layer: module.name)
    case .norm: kind = Layer.Kind(norm)
    case .globalResponseNorm: kind = .globalResponseNorm
    case .layerScale: kind = .layerScale
    case .averagePool(let channels):
      kind = .averagePool
      output = [channels, 1, 1]
    }
    return Layer(
      module: module, kind: kind, macs: macs, inputShape: input, outputShape: output,
      isPointwiseConvolution: isPointwiseConvolution(module.role),
      globalPool: module.role == .pool ? globalPool : nil)
  }

  private func isPointwiseConvolution(_ role: Module.Role) -> Bool {
    switch role {
    case .expand, .project: block.hasPointwiseConvolutions
    case .preLogits, .classifier: !head.isPooled
    default: false
    }
  }

  /// The product of positive numbers; throws if it reaches 2^42, so that no sum over the layers of
  /// a model that `ArchitectureInference` describes overflows, whatever convention it follows. The
  /// largest published model stays below that for the largest image.
  private static func product(_ factors: Int..., layer: String) throws(SchemaError) -> Int {
    var product = 1
    for factor in factors {
      let (next, overflows) = product.multipliedReportingOverflow(by: factor)
      guard !overflows, next < 1 << 42 else { throw .tooLarge(layer: layer) }
      product = next
    }
    return product
  }

  /// The smallest image that leaves at least one position in the last stage; `Int.max` if the
  /// strides multiply beyond any image.
  public var minimumImageSize: Int {
    var minimum = 1
    for module in modules.reversed() {
      guard case .convolution(let shape) = module.kind, shape.stride > 1 else { continue }
      let (strides, overflows) = (minimum - 1).multipliedReportingOverflow(by: shape.stride)
      let (size, isTooLarge) = strides.addingReportingOverflow(
        shape.kernelSize - 2 * shape.padding)
      if overflows || isTooLarge { return .max }
      minimum = max(1, size)
    }
    return minimum
  }
}
