public import ConvNeXtSchema
public import TensorModel

/// What a model is and costs: totals, and figures for each stage and layer.
public struct ModelSummary: Sendable {
  /// The description that everything else follows from.
  public let architecture: Architecture
  /// The published size, or `nil` for others.
  public let variant: Variant?
  /// Height and width of the image for which costs are given.
  public let imageSize: Int
  /// All layers in the order of the forward pass.
  public let layers: [Layer]
  /// Stem, stages and head.
  public let stages: [Stage]
  /// The bytes of all parameters.
  public let byteCount: Int

  /// A run of layers: the stem, a stage with the downsampling before it, or the head.
  public struct Stage: Equatable, Sendable {
    /// `stem`, `stages.0` and so on, `head`.
    public let name: String
    /// Residual blocks; 0 for stem and head.
    public let blockCount: Int
    /// The number of elements in its parameters.
    public let parameterCount: Int
    /// The bytes of its parameters.
    public let byteCount: Int
    /// Multiply-adds for one image.
    public let macs: Int
    /// Channels, height and width of the output.
    public let outputShape: [Int]
  }

  /// Summarizes a model.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - imageSize: Height and width of the image for which costs are given.
  ///   - elementTypes: The element type of each parameter by canonical name; F32 if it has none.
  /// - Throws: `SchemaError.imageTooSmall`; `SchemaError.impossibleNumber` for a description that
  ///   no model has; `SchemaError.tooLarge` if a layer takes more multiply-adds than can be
  ///   counted.
  public init(
    _ architecture: Architecture, imageSize: Int, elementTypes: [String: ElementType] = [:]
  ) throws(SchemaError) {
    self.architecture = architecture
    self.imageSize = imageSize
    layers = try architecture.layers(imageSize: imageSize)
    variant = Variant(of: architecture)

    var names = ["stem"] + architecture.stages.indices.map { "stages.\($0)" }
    if layers.last?.stage == nil { names.append("head") }
    let blockCounts = [0] + architecture.depths + [0]
    let layersByPart = Dictionary(grouping: layers, by: \.part)
    stages = zip(names, blockCounts).map { name, blockCount in
      let layers = layersByPart[name] ?? []
      let parameters = layers.flatMap(\.module.parameters)
      return Stage(
        name: name, blockCount: blockCount,
        parameterCount: parameters.reduce(0) { $0 + $1.elementCount },
        byteCount: parameters.reduce(0) { sum, parameter in
          let elementType = elementTypes[parameter.name] ?? .float32
          return sum + (elementType.byteCount(elementCount: parameter.elementCount) ?? 0)
        },
        macs: layers.reduce(0) { $0 + $1.macs },
        outputShape: layers.last { $0.module.role != .outputNorm }?.outputShape ?? [])
    }
    byteCount = stages.reduce(0) { $0 + $1.byteCount }
  }

  /// How many parameters there are.
  public var tensorCount: Int { layers.reduce(0) { $0 + $1.module.tensorCount } }
  /// The number of elements in all parameters.
  public var parameterCount: Int { stages.reduce(0) { $0 + $1.parameterCount } }
  /// Multiply-adds of all convolutions and linear layers for one image.
  public var macs: Int { stages.reduce(0) { $0 + $1.macs } }
  /// Two operations for each multiply-add.
  public var flops: Int { 2 * macs }
}
