import ByteIO
public import ConvNeXtSchema

extension ModelFolder {
  /// Where the configuration disagrees with the weights, in sentences.
  public func disagreements(with architecture: Architecture) -> [String] {
    guard config != nil else { return [] }
    var sentences = disagreementsBesideLabels(with: architecture)
    guard let classes = architecture.head.classes, let labelCount else { return sentences }
    if labelCount != classes {
      sentences.append(
        Self.labelDisagreement(Self.configurationName, labelCount, classes: classes))
    } else if labels(classes: classes) == nil {
      sentences.append("config.json does not number its labels from 0 to \(classes - 1)")
    }
    return sentences
  }

  /// The same, except for labels.
  func disagreementsBesideLabels(with architecture: Architecture) -> [String] {
    guard let modelConfig else { return [] }
    var sentences: [String] = []
    if isOfUnknownKind {
      sentences.append(
        "config.json is neither transformers' nor timm's; what it says of the model is not known")
    }
    if isAmbiguous {
      sentences.append(
        "config.json describes two models: 'model_type' says what transformers builds, which is what "
          + "counts here, and 'backbone_config' or timm's 'architecture' says something else")
    }
    if let scale = modelConfig["layer_scale_init_value"]?.numberValue, scale <= 0,
      architecture.block.hasLayerScale, architecture.version == 1
    {
      sentences.append(
        "config.json says layer_scale_init_value \(scale), with which transformers leaves the layer "
          + "scales of the weights out")
    }
    if let statedEpsilon, statedEpsilon <= 0 {
      sentences.append("config.json says a layer_norm_eps of \(statedEpsilon), which no norm has")
    }
    if let type = modelConfig["model_type"]?.stringValue, let version = Self.versions[type],
      version != architecture.version
    {
      sentences.append(
        "config.json says model_type \(type), the weights are of version \(architecture.version)")
    }
    for statement in Self.statements {
      let entry = statement.path.reduce(Optional(modelConfig)) { $0?[$1] }
      guard let said = entry.flatMap({ $0.integerArray ?? $0.integerValue.map { [$0] } }),
        let found = statement.found(architecture), !Self.fits(said, found, architecture)
      else { continue }
      sentences.append(
        "config.json says \(statement.path.joined(separator: ".")) \(Self.list(said)), "
          + "the weights have \(Self.list(found))")
    }
    if let size = timm?.size,
      !Self.fits(size.architecture.depths, architecture.depths, architecture)
        || !Self.fits(size.architecture.widths, architecture.widths, architecture)
    {
      sentences.append(
        "config.json says architecture \(size.fullName), which has \(Self.stages(size.architecture)); "
          + "the weights have \(Self.stages(architecture))")
    }
    return sentences
  }

  /// Whether the stated values are those found. A timm backbone holds the stages up to its last
  /// output, while its configuration describes all of them.
  private static func fits(_ said: [Int], _ found: [Int], _ architecture: Architecture) -> Bool {
    architecture.head.classes == nil ? said.starts(with: found) : said == found
  }

  private static func stages(_ architecture: Architecture) -> String {
    "depths \(list(architecture.depths)) and widths \(list(architecture.widths))"
  }

  private static func list(_ values: [Int]) -> String {
    values.map(String.init).joined(separator: ",")
  }

  /// Numbers that both a configuration and the weights give: the path in the configuration, and
  /// what the weights have; `nil` if they have nothing of the kind.
  ///
  /// The paths under `model_args`, and the last ones, are timm's (`timm/models/_hub.py`).
  private static let statements: [(path: [String], found: @Sendable (Architecture) -> [Int]?)] = [
    (["num_stages"], { [$0.stages.count] }),
    (["depths"], { $0.depths }),
    (["hidden_sizes"], { $0.widths }),
    (["num_channels"], { [$0.inputChannels] }),
    (["patch_size"], { $0.stem.patchSize.map { [$0] } }),
    (["model_args", "depths"], { $0.depths }),
    (["model_args", "dims"], { $0.widths }),
    (["model_args", "in_chans"], { [$0.inputChannels] }),
    (["num_features"], { $0.widths.last.map { [$0] } }),
    (["num_classes"], { $0.head.classes.map { [$0] } }),
  ]

  /// Whether no key of the configuration is known: it may be from a program that builds the model
  /// in its own way.
  private var isOfUnknownKind: Bool {
    guard timm == nil, let entries = config?.objectValue?.entries, !entries.isEmpty else {
      return false
    }
    return !entries.contains { Self.knownKeys.contains($0.key) }
  }

  /// Keys of transformers' configurations; every such file has at least one of them.
  private static let knownKeys: Set<String> = [
    "architectures", "backbone_config", "hidden_act", "hidden_sizes", "id2label", "image_size",
    "layer_norm_eps", "model_type", "num_labels", "transformers_version",
  ]
}
