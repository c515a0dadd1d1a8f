/// A layer and what it costs for one image.
public struct Layer: Hashable, Sendable {
  /// The module that it is in the description of the model.
  public let module: Module
  /// What it computes.
  public let kind: Kind
  /// Multiply-adds of convolutions and linear layers, biases not counted; 0 for everything else.
  public let macs: Int
  /// Channels, height and width of the input.
  public let inputShape: [Int]
  /// Channels, height and width of the output.
  public let outputShape: [Int]
  /// Whether the publisher's code computes a linear layer as a convolution with a 1x1 kernel.
  public let isPointwiseConvolution: Bool
  /// timm's `global_pool`, if it is something other than the mean: `max`, `fast`, `avgmax`.
  public let globalPool: String?

  /// The canonical name of the module.
  public var name: String { module.name }
  /// The stage it belongs to; `nil` for stem and head.
  public var stage: Int? { module.stage }
  /// The number of elements in its parameters.
  public var parameterCount: Int { module.parameterCount }
  /// The convolution, if it is one.
  public var convolution: Module.Convolution? {
    if case .convolution(let shape) = module.kind { shape } else { nil }
  }

  /// The part of the model that it belongs to: `stem`, `stages.0` and so on, `head`.
  public var part: String { modelPart(stage: stage, name: name) }

  /// The number of elements in the output.
  public var outputCount: Int { outputShape.reduce(1, *) }
  /// The number of elements in the input.
  public var inputCount: Int { inputShape.reduce(1, *) }
}
