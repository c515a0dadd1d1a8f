import ByteIO
import TensorModel

/// A layer of a model: what it computes and which parameters it holds.
public struct Module: Hashable, Sendable {
  /// The canonical name with places for stage and block: `stages.{i}.blocks.{j}.expand`.
  public let template: String
  /// Its role.
  public let role: Role
  /// What it computes.
  public let kind: Kind
  /// Whether it has a bias as well as a weight.
  public let hasBias: Bool
  /// The activation of its outputs, as transformers calls it: `gelu`; `nil` if there is none.
  public let activation: String?
  /// The stage it belongs to; `nil` for stem and head.
  public let stage: Int?
  /// The block it belongs to, counted within the stage; `nil` outside blocks.
  public let block: Int?

  init(
    template: String, role: Role, kind: Kind, hasBias: Bool, activation: String? = nil,
    stage: Int? = nil, block: Int? = nil
  ) {
    self.template = template
    self.role = role
    self.kind = kind
    self.hasBias = hasBias
    self.activation = activation
    self.stage = stage
    self.block = block
  }

  /// The canonical name, `stages.0.blocks.1.expand`: the template with `{i}` replaced by the stage
  /// and `{j}` by the block.
  ///
  /// It is built on each access; costs and counts of a model's thousands of modules do not need it.
  public var name: String {
    var name: [UInt8] = []
    name.reserveCapacity(template.utf8.count)
    var isInPlace = false
    for byte in template.utf8 {
      switch byte {
      case UInt8(ascii: "{"): isInPlace = true
      case UInt8(ascii: "}"): isInPlace = false
      case _ where isInPlace:
        let index = byte == UInt8(ascii: "i") ? stage : block
        name += index.map(String.init)?.utf8 ?? "?".utf8
      default: name.append(byte)
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// The role of a module in a ConvNeXt.
  public enum Role: String, CaseIterable, Sendable {
    case stemConvolution, stemNorm
    case downsampleNorm, downsampleConvolution
    case depthwise, blockNorm, expand, globalResponseNorm, project, layerScale
    case outputNorm, pool, headNorm, preLogits, classifier
  }

  /// What a module computes.
  public enum Kind: Hashable, Sendable {
    case convolution(Convolution)
    /// A linear layer, at each position where there are several.
    case linear(inputs: Int, outputs: Int)
    /// A norm over channels. Meta's code writes those outside blocks by hand, which matters for
    /// what FLOP counters see: `isWrittenByHand`.
    case norm(channels: Int, isWrittenByHand: Bool)
    case globalResponseNorm(channels: Int)
    case layerScale(channels: Int)
    /// The mean over all positions.
    case averagePool(channels: Int)
  }

  /// A two-dimensional convolution with equal height and width.
  public struct Convolution: Hashable, Sendable {
    /// Channels that come in.
    public var inputs: Int
    /// Channels that come out.
    public var outputs: Int
    /// Height and width of the kernel.
    public var kernelSize: Int
    /// Positions from one output to the next.
    public var stride: Int
    /// Zeros around the input on each side; if `keepsPositions` requires an odd number of them,
    /// there is one more below and to the right.
    public var padding: Int
    /// Positions of the input from one element of the kernel to the next.
    public var dilation: Int
    /// Groups of channels that do not see each other; a depthwise convolution has one per channel.
    public var groups: Int
    /// Whether the input is padded so that as many positions come out as come in ("same").
    public var keepsPositions = false
  }

  /// The parameters in the order of the state dict: weight, then bias.
  public var parameters: [Parameter] {
    let name = name
    return parameterShapes.map { leaf, shape in
      Parameter(
        name: leaf.map { "\(name).\($0)" } ?? name,
        template: leaf.map { "\(template).\($0)" } ?? template, stage: stage, block: block,
        role: role, isBias: leaf == "bias", shape: shape)
    }
  }

  /// How many parameters there are.
  public var tensorCount: Int { parameterShapes.count }

  /// The number of elements in all parameters; `Int.max` if there are more.
  public var parameterCount: Int {
    parameterShapes.saturatingSum { TensorModel.elementCount(of: $0.shape) ?? .max }
  }

  /// What follows the module's name, `nil` if nothing does, and the shape of each parameter,
  /// without building its whole name.
  private var parameterShapes: [(leaf: String?, shape: [Int])] {
    let weightShape: [Int]
    switch kind {
    case .convolution(let convolution):
      weightShape = [
        convolution.outputs, convolution.inputs / convolution.groups, convolution.kernelSize,
        convolution.kernelSize,
      ]
    case .linear(let inputs, let outputs): weightShape = [outputs, inputs]
    case .norm(let channels, _), .globalResponseNorm(let channels): weightShape = [channels]
    case .layerScale(let channels): return [(nil, [channels])]
    case .averagePool: return []
    }
    return [("weight", weightShape)] + (hasBias ? [("bias", [weightShape[0]])] : [])
  }
}

/// A tensor that a model must have: its canonical name and shape.
public struct Parameter: Hashable, Sendable {
  /// The canonical name: `stages.0.blocks.1.expand.weight`.
  public let name: String
  /// The canonical name with places for stage and block.
  public let template: String
  /// The stage; `nil` for stem and head.
  public let stage: Int?
  /// The block within the stage; `nil` outside blocks.
  public let block: Int?
  /// The role of its module.
  public let role: Module.Role
  /// Whether it is the module's bias.
  public let isBias: Bool
  /// The canonical shape.
  public let shape: [Int]
  /// The part of the model that it belongs to: `stem`, `stages.0` and so on, `head`.
  public var part: String { modelPart(stage: stage, name: name) }
  var indices: NamePattern.Indices { .init(stage: stage, block: block) }
  /// The number of elements.
  public var elementCount: Int { shape.reduce(1, *) }
}

/// The part of the model that a canonical name belongs to.
func modelPart(stage: Int?, name: String) -> String {
  stage.map { "stages.\($0)" } ?? String(name.prefix { $0 != "." })
}
