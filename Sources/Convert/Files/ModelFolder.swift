public import ByteIO
import ConvNeXtSchema

/// A folder with a model as Hugging Face lays it out: weights or an index of shards, `config.json`,
/// which may be timm's, and `preprocessor_config.json`.
public struct ModelFolder: Sendable {
  /// The weights, or the index of their shards.
  public let weightsPath: String
  /// `config.json`, where there is one.
  public let config: JSONValue?
  /// How images are prepared: `preprocessor_config.json`, or what timm's `config.json` says of it.
  public let preprocessing: JSONValue?
  private let timm: TimmConfiguration?
  /// The names of other weights that would be taken if these were not there.
  let unreadWeights: [String]

  static let configurationName = "config.json"
  static let preprocessorName = "preprocessor_config.json"

  /// Where the folder's configurations are, or would be.
  var configurationPaths: [String] {
    let folder = FileSystem.folder(of: weightsPath)
    return [Self.configurationName, Self.preprocessorName].map { "\(folder)/\($0)" }
  }

  /// Names under which weights are looked for, in transformers' order.
  static let weightsNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]

  /// The index of the parts that `torch.distributed.checkpoint` writes.
  static let distributedIndexName = ".metadata"

  /// Looks for the files of a folder.
  ///
  /// Throws `InputError.noCheckpointInFolder` or `.distributedCheckpoint` without weights, and
  /// `InputError.invalidConfig` where a configuration is not JSON.
  public init(path: String, limits: Limits = .standard) throws {
    weightsPath = try Self.weightsPath(in: path)
    let folder = Self.withoutSlash(path)
    let name = FileSystem.name(of: weightsPath)
    unreadWeights = Self.weightsNames.filter {
      $0 != name && FileSystem.kind(of: "\(folder)/\($0)") == .file
    }
    config = try Self.json(Self.configurationName, in: folder, limits: limits)
    timm = config.flatMap { TimmConfiguration($0[nonNull: "backbone_config"] ?? $0) }
    preprocessing =
      try Self.json(Self.preprocessorName, in: folder, limits: limits) ?? timm?.preprocessing
  }

  /// The weights in a folder, or the index of their shards; no configuration is read.
  ///
  /// Throws `InputError.noCheckpointInFolder` or `.distributedCheckpoint` without any.
  static func weightsPath(in path: String) throws -> String {
    let folder = withoutSlash(path)
    guard
      let name = weightsNames.first(where: {
        FileSystem.kind(of: "\(folder)/\($0)") == .file
      })
    else {
      // What cannot be looked into, or is a link to nothing, is another matter.
      if let name = try FileSystem.names(in: folder).first(where: weightsNames.contains) {
        _ = try FileMapping(path: "\(folder)/\(name)")
      }
      throw FileSystem.kind(of: "\(folder)/\(distributedIndexName)") == .file
        ? InputError.distributedCheckpoint
        : .noCheckpointInFolder(found: try weightsUnderOtherNames(in: folder))
    }
    let weights = "\(folder)/\(name)"
    try FolderBoundary(folder: folder).check(weights)
    return weights
  }

  /// What was passed over where a path is the folder's own; `nil`: nothing, or the weights were
  /// named.
  func unread(atPath path: String) -> String? {
    let name = FileSystem.name(of: weightsPath)
    guard !unreadWeights.isEmpty, "\(Self.withoutSlash(path))/\(name)" == weightsPath else {
      return nil
    }
    return
      "\(quotedList(unreadWeights)) in the folder \(unreadWeights.count == 1 ? "was" : "were") "
      + "not read: transformers takes \(quoted(name)) first"
  }

  /// A folder's path without the slash at its end.
  static func withoutSlash(_ path: String) -> String {
    path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
  }

  /// Whether a file, named by itself, is the weights of a folder with a configuration.
  static func hasConfiguration(beside weights: String) -> Bool {
    let folder = FileSystem.folder(of: weights)
    return weightsNames.contains(FileSystem.name(of: weights))
      && FileSystem.kind(of: "\(folder)/config.json") == .file
  }

  /// The names of what a folder has in the place of the files that are looked for: variants such as
  /// `model.fp16.safetensors`, adapters, the weights of other libraries, parts of a DeepSpeed
  /// training.
  private static func weightsUnderOtherNames(in folder: String) throws -> [String] {
    try FileSystem.names(in: folder).filter { name in
      let isIndex =
        name.hasSuffix(".json")
        && name.utf8.split(separator: UInt8(ascii: "."))
          .contains { $0.elementsEqual("index".utf8) }
      return (isIndex || weightsExtensions.contains(FileSystem.pathExtension(of: name)))
        && FileSystem.kind(of: "\(folder)/\(name)") == .file
    }
  }

  private static let weightsExtensions: Set<String> = otherLibraries.union([
    "bin", "ckpt", "convnext", "pt", "pth", "safetensors",
  ])

  private static let otherLibraries: Set<String> = ["h5", "msgpack", "pb"]

  /// Whether a file has the weights of TensorFlow or Flax, by its name.
  static func isOfOtherLibrary(_ name: String) -> Bool {
    otherLibraries.contains(FileSystem.pathExtension(of: name))
  }

  private static func json(
    _ name: String, in folder: String, limits: Limits
  ) throws -> JSONValue? {
    let path = "\(folder)/\(name)"
    guard FileSystem.kind(of: path) != nil else { return nil }
    try FolderBoundary(folder: folder).check(path)
    let region = try FileMapping(path: path).region
    guard region.byteCount <= limits.configByteCount else {
      throw InputError.configTooLarge(
        name: name, byteCount: region.byteCount, limit: limits.configByteCount)
    }
    do {
      return try JSONValue(parsing: region, limits: limits)
    } catch {
      throw InputError.invalidConfig(name: name, error)
    }
  }

  /// Height and width of the images, where a configuration says it.
  ///
  /// `preprocessor_config.json` has `size` as a number, or as `shortest_edge`, or as `height` and
  /// `width`; where it crops to `crop_size`, that is what a model sees. It goes before
  /// `config.json`.
  var saidImageSize: Int? {
    // What has no such entry crops by its class; `null` is false to it.
    let crops = preprocessing?["do_center_crop"].map { $0.boolValue ?? false } ?? true
    if crops, let crop = preprocessing?[nonNull: "crop_size"] { return Self.side(of: crop) }
    if let size = preprocessing?[nonNull: "size"], size.objectValue?.entries.isEmpty != true {
      return Self.side(of: size)
    }
    return config?["image_size"].flatMap(Self.side) ?? timm?.imageSize
  }

  /// What says that images are not square, which no cost is given for; `nil`: nothing does.
  var oblongSizes: String? {
    let said = [
      preprocessing?[nonNull: "crop_size"], preprocessing?["size"], config?["image_size"],
    ]
    let sides = said.compactMap { $0.flatMap(Self.sides) } + [timm?.imageSides].compactMap(\.self)
    return sides.first { $0[0] != $0[1] }.map { "\($0[0]) x \($0[1])" }
  }

  /// The same, where an image can have it.
  public var imageSize: Int? {
    saidImageSize.flatMap { (1...Inspection.largestImageSize).contains($0) ? $0 : nil }
  }

  /// Height and width, where they are the same.
  private static func side(of size: JSONValue) -> Int? {
    if let side = size.integerValue ?? size["shortest_edge"]?.integerValue { return side }
    guard let sides = sides(of: size), sides[0] == sides[1] else { return nil }
    return sides[0]
  }

  /// Height and width, where both are there.
  private static func sides(of size: JSONValue) -> [Int]? {
    let sides = (size.arrayValue ?? [size["height"], size["width"]].compactMap(\.self))
      .compactMap(\.integerValue)
    return sides.count == 2 ? sides : nil
  }

  /// What transformers says of the model itself: the whole configuration, or that of the backbone
  /// in a larger network.
  private var modelConfig: JSONValue? { config?[nonNull: "backbone_config"] ?? config }

  /// The epsilon of the norm before the classifier, where the configuration says it.
  public var finalNormEpsilon: Double? {
    timm?.normEpsilon ?? saidEpsilon.flatMap { $0 > 0 ? $0 : nil }
  }

  private var saidEpsilon: Double? { modelConfig?["layer_norm_eps"]?.numberValue }

  /// The epsilon of every norm, where timm's configuration says one that no size tells.
  var normEpsilon: Double? { timm?.normEpsilon }

  /// What the configuration says of the model and no tensor tells, as `Architecture.features` names
  /// it: an activation other than GELU, and what timm's arguments say; `nil` without a
  /// configuration.
  var features: [String]? {
    guard config != nil else { return nil }
    if let timm { return timm.features }
    guard let activation = modelConfig?["hidden_act"]?.stringValue,
      activation != Architecture.Block.usualActivation
    else {
      return []
    }
    return [Architecture.activationPrefix + activation]
  }

  /// The classes' names in the order of the classifier's outputs; `nil` where the configuration has
  /// none, or has not one for each output.
  ///
  /// - Parameter classes: The classifier's outputs.
  public func labels(classes: Int?) -> [String]? {
    if let classes, let labels = timm?.labels { return labels.count == classes ? labels : nil }
    guard let classes, let entries = config?["id2label"]?.objectValue,
      entries.entries.count == classes
    else { return nil }
    var labels: [String] = []
    for index in 0..<classes {
      guard let label = entries[String(index)]?.stringValue else { return nil }
      labels.append(label)
    }
    return labels
  }

  /// Whether the configuration names classes, otherwise than transformers makes names up.
  var namesClasses: Bool {
    if timm?.labels != nil { return true }
    let entries = config?["id2label"]?.objectValue?.entries ?? []
    return entries.contains { $0.value.stringValue != "LABEL_\($0.key)" }
  }

  /// The stages whose outputs a backbone of transformers gives, where the configuration names some.
  var outputStages: [String]? {
    let names = modelConfig?["out_features"]?.arrayValue?.compactMap(\.stringValue) ?? []
    return names.isEmpty ? nil : names
  }

  /// How many labels the configuration names; `nil`: it has no list of them.
  var labelCount: Int? { timm?.labels?.count ?? config?["id2label"]?.objectValue?.entries.count }

  /// Whether the configuration asks for a model with a classifier.
  var isForClassification: Bool {
    (config?["architectures"]?.arrayValue ?? []).contains {
      $0.stringValue?.hasSuffix("ForImageClassification") ?? false
    }
  }

  /// Whether the configuration has nothing that is read: it may be of a program that builds the
  /// model in its own way.
  private var isOfUnknownKind: Bool {
    guard timm == nil, let entries = config?.objectValue?.entries, !entries.isEmpty else {
      return false
    }
    return !entries.contains { Self.knownKeys.contains($0.key) }
  }

  /// Keys of transformers' configurations, one of which every such file has.
  private static let knownKeys: Set<String> = [
    "architectures", "backbone_config", "hidden_act", "hidden_sizes", "id2label", "image_size",
    "layer_norm_eps", "model_type", "num_labels", "transformers_version",
  ]

  static func labelDisagreement(_ place: String, _ count: Int, classes: Int) -> String {
    "\(place) names \(counted(count, "label")), the classifier has \(counted(classes, "output"))"
  }

  /// Where the configuration says something else than the weights.
  public func disagreements(depths: [Int], widths: [Int], classes: Int?) -> [String] {
    guard config != nil else { return [] }
    var sentences = disagreements(depths: depths, widths: widths)
    if let classes, labelCount == classes, labels(classes: classes) == nil {
      sentences.append("config.json does not number its labels from 0 to \(classes - 1)")
    }
    if let classes, let count = labelCount, count != classes {
      sentences.append(Self.labelDisagreement(Self.configurationName, count, classes: classes))
    }
    return sentences
  }

  /// The same, but for labels.
  func disagreements(depths: [Int], widths: [Int]) -> [String] {
    guard let config else { return [] }
    var sentences: [String] = []
    if isOfUnknownKind {
      sentences.append(
        "config.json is neither transformers' nor timm's; what it says of the model is not known")
    }
    if let saidEpsilon, saidEpsilon <= 0 {
      sentences.append("config.json says a layer_norm_eps of \(saidEpsilon), which no norm has")
    }
    let list = { (values: [Int]) in values.map(String.init).joined(separator: ",") }
    for (key, found) in [("depths", depths), ("hidden_sizes", widths)] {
      if let said = config[key]?.integerArray, said != found {
        sentences.append("config.json says \(key) \(list(said)), the weights have \(list(found))")
      }
    }
    return sentences
  }
}
