import ByteIO
public import ConvNeXtSchema
public import TensorModel
import TorchFormat

/// The containers that can be written.
public enum OutputContainer: String, CaseIterable, Sendable {
  case convnext
  case safetensors
  case pytorch

  /// The extensions of its files, the usual one first.
  public var extensions: [String] {
    switch self {
    case .convnext: ["convnext"]
    case .safetensors: ["safetensors"]
    case .pytorch: ["pth", "pt", "bin", "ckpt", "pkl"]
    }
  }

  /// The extensions that checkpoints usually have: those of all containers.
  public static let allExtensions = allCases.flatMap(\.extensions)

  /// The container for an output's extension, or `nil`.
  public init?(path: String) {
    let found = FileSystem.pathExtension(of: path)
    guard let container = Self.allCases.first(where: { $0.extensions.contains(found) }) else {
      return nil
    }
    self = container
  }
}

/// What a conversion is to do.
public struct ConversionRequest: Sendable {
  /// Where in the file the weights are; `nil` for the preferred place.
  public var key: String?
  /// The naming of the result; `nil` for that of the source, or for `.convnext` the canonical one,
  /// the only one that it accepts.
  public var naming: Naming?
  /// The kind of file to write.
  public var container: OutputContainer
  /// Whether tensors that the model does not have are left out instead of being an error.
  public var allowsExtra = false
  /// Whether tensors that the file does not have are left out instead of being an error.
  public var allowsMissing = false
  /// Whether only the backbone is converted.
  public var isBackboneOnly = false
  /// What is done with the values of weights.
  public var treatment = WeightTreatment.keep
  /// The program that converts, with its version.
  public var tool: String

  /// Creates a request from the values that have no default.
  public init(container: OutputContainer, tool: String) {
    self.container = container
    self.tool = tool
  }
}

/// A planned conversion: every tensor with its new name and shape. Nothing is written yet, and the
/// only weights read are those that decide what becomes of them: tensors that a model has twice,
/// and all that are quantized if the overflow policy requires it.
public struct ConversionPlan: Sendable {
  /// How one tensor is converted.
  public struct Step: Sendable {
    /// The name in the source.
    public let sourceName: TensorName
    /// The shape in the source.
    public let sourceShape: [Int]
    /// The parameter that it is.
    public let parameter: Parameter
    /// The naming rule that recognized it.
    public let rule: String
    /// The element type in the source; for a quantized tensor, that of the codes.
    public let sourceType: ElementType
    /// The bytes in the source.
    public let sourceByteCount: Int
    /// What will be written.
    let content: WeightOutput

    /// The tensor as it will be written; for a quantized one, the codes.
    public var output: Tensor { content.tensor }
    /// Codes and scales as they will be written, if there are any.
    public var quantized: QuantizedTensor? { content.quantized }
  }

  /// The file that is converted.
  public let checkpoint: Checkpoint
  /// The model in it.
  public let match: ModelMatch
  /// What is to be done.
  public let request: ConversionRequest
  /// Whose names the result has.
  public let naming: Naming
  /// The tensors in the order in which they are written.
  public let steps: [Step]

  /// Plans a conversion.
  ///
  /// Throws `SchemaError` if the file does not fit the model beyond what the request allows
  /// (`ShardError.singleShard` if it is a part of one), if the naming cannot express the model, or
  /// if nothing would be written; `ConversionError` if the result would be mistaken for another
  /// model, if weights are codes of another program's, or the result could not say that they are
  /// codes, or if names other than canonical ones are
  /// asked for in `.convnext`; `QuantizeError` if weights cannot be quantized as asked; and
  /// `TorchError` if one of the model's tensors is of a kind that cannot be read.
  public init(_ checkpoint: Checkpoint, _ request: ConversionRequest) throws {
    if request.container == .convnext, let naming = request.naming, naming != .canonical {
      throw ConversionError.nativeNamesAreCanonical(naming: naming.rawValue)
    }
    let match = try checkpoint.match(key: request.key, isBackboneOnly: request.isBackboneOnly)
    if let method = checkpoint.otherQuantization(of: match) {
      throw ConversionError.quantizedElsewhere(method: method)
    }
    try Self.requireFit(match, checkpoint, request)
    guard !match.tensors.isEmpty else { throw SchemaError.noTensors }
    let naming =
      request.naming ?? (request.container == .convnext ? .canonical : match.candidate.naming)
    let export = try NameExport(
      Self.architecture(of: match, in: checkpoint, for: naming), naming: naming,
      isOwnCode: naming == checkpoint.origin(of: match))
    if naming == .canonical, request.container == .pytorch,
      let feature = match.architecture.untoldFeatures.first
    {
      throw ConversionError.featureNotKept(feature: feature)
    }
    let entries = Dictionary(grouping: export.entries, by: \.parameter.name)
    try Self.requireUsedRules(request.treatment, match.architecture)
    steps = try match.tensors.flatMap { matched in
      try entries[matched.parameter.name, default: []].map { entry in
        let source = checkpoint.tensors[matched.inputIndex]
        let quantized = checkpoint.quantizedTensors[source.name]
        return try Step(
          sourceName: source.name, sourceShape: source.shape, parameter: matched.parameter,
          rule: matched.rule, sourceType: source.elementType,
          sourceByteCount: quantized?.byteCount ?? source.byteCount,
          content: WeightOutput(
            source.renamed(entry.name, shape: entry.shape),
            quantized?.named(entry.name, shape: entry.shape), for: matched.parameter,
            request.treatment))
      }
    }
    try Self.requireKeptCodes(steps, request)
    self.checkpoint = checkpoint
    self.match = match
    self.request = request
    self.naming = naming
  }

  /// Throws if the file does not fit the model, beyond what the request allows.
  private static func requireFit(
    _ match: ModelMatch, _ checkpoint: Checkpoint, _ request: ConversionRequest
  ) throws {
    let refused = match.problems.filter { problem in
      switch problem {
      case .missing: !request.allowsMissing
      case .extra: !request.allowsExtra
      case .wrongShape, .unreadable: true
      }
    }
    try checkpoint.requireReadable(match)
    // What cannot be read at the model's place is why it does not fit, whatever its name.
    let path = match.candidate.path.utf8
    if !refused.isEmpty,
      let unread = checkpoint.unread.first(where: { $0.name.utf8.starts(with: path) && !$0.isArray }
      )
    {
      throw unread.error
    }
    guard refused.isEmpty else {
      if let shardCount = checkpoint.shardCount {
        throw ShardError.singleShard(
          shardCount: shardCount, missingCount: refused.count)
      }
      throw SchemaError.doesNotFit(model: match.modelName, problems: refused)
    }
  }

  /// Throws if a reader of the result could not tell that weights are codes.
  private static func requireKeptCodes(_ steps: [Step], _ request: ConversionRequest) throws {
    if request.container == .pytorch, let error = codesNotKept(steps, request) { throw error }
    if request.container == .safetensors,
      let codes = steps.first(where: { $0.output.elementType == .int4 })
    {
      throw ConversionError.int4NotKept(
        tensor: codes.output.name.string, isNew: request.treatment.isQuantizing)
    }
  }

  /// The error for a result whose reader takes codes for weights; `nil` if there are none.
  static func codesNotKept(_ steps: [Step], _ request: ConversionRequest) -> ConversionError? {
    steps.first { $0.quantized != nil }.map {
      .codesNotKept(tensor: $0.output.name.string, isNew: request.treatment.isQuantizing)
    }
  }

  /// All tensors of the result, scales after their codes.
  var outputs: [Tensor] {
    steps.flatMap { [$0.output] + ($0.quantized.map { [$0.scales] } ?? []) }
  }

  /// The names in the source of tensors that share memory with an earlier one, if the target holds
  /// a copy of each. PyTorch files can hold ties, of tensors that are the same elements in the same
  /// order.
  public var untiedNames: [TensorName] {
    let shared = SharedStorages(match, checkpoint)
    guard request.container == .pytorch else { return shared.names.map { TensorName($0) } }
    let outputs = Dictionary(steps.map { ($0.sourceName, $0.output) }) { first, _ in first }
    return shared.pairs.filter { tensor, original in
      guard let output = outputs[tensor.name], let first = outputs[original.name] else {
        return false
      }
      return !output.staysTied(to: first)
    }.map(\.tensor.name)
  }

  /// The second names in the source of tensors that have only one name in the target.
  public var unrepeatedNames: [TensorName] {
    steps.count > match.tensors.count ? [] : match.repeated.map(\.info.name)
  }

  /// The model as the target's publisher builds it.
  ///
  /// timm stores the pointwise layers of its smaller sizes as 1x1 convolutions, and strict loading
  /// accepts nothing else. Weights that came from timm keep their shapes.
  private static func architecture(
    of match: ModelMatch, in checkpoint: Checkpoint, for naming: Naming
  ) -> Architecture {
    var architecture = match.architecture
    let origin = checkpoint.origin(of: match)
    if naming == .timm, origin != .timm, let variant = Variant(of: architecture) {
      architecture.block.hasPointwiseConvolutions =
        variant.architecture.block.hasPointwiseConvolutions
    }
    if naming == .openmmlab, origin != .openmmlab {
      // The default of its code, which loads nothing else unless configured to.
      architecture.block.hasPointwiseConvolutions = false
    }
    if naming == .timm, origin == .timm {
      // The same code builds it from the same arguments, which `lostDescriptions` names.
      architecture.block.activation = Architecture.Block.usualActivation
      architecture.settings = []
    }
    return architecture
  }
}
