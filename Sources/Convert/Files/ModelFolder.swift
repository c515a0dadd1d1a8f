public import ByteIO

/// A folder with a model in Hugging Face's layout: weights or an index of shards, `config.json`,
/// which may be timm's, and `preprocessor_config.json`.
public struct ModelFolder: Sendable {
  /// The weights, or the index of their shards.
  public let weightsPath: String
  /// The folder, without a slash at the end; the weights may be in one below it.
  let path: String
  /// `config.json`, if there is one.
  public let config: JSONValue?
  /// How images are prepared: `preprocessor_config.json`, or what timm's `config.json` says about
  /// it.
  public let preprocessing: JSONValue?
  /// What `config.json` says, if it is timm's.
  let timm: TimmConfiguration?
  /// The names of other weights that would be used if these were not there.
  let unreadWeights: [String]

  static let configurationName = "config.json"
  static let preprocessorName = "preprocessor_config.json"
  /// What newer versions of transformers read before that: an object with the same content under
  /// `image_processor` (`transformers/image_processing_base.py`).
  static let processorName = "processor_config.json"

  /// Where the folder's configurations are, or would be.
  var configurationPaths: [String] {
    [Self.configurationName, Self.preprocessorName, Self.processorName].map { "\(path)/\($0)" }
  }

  /// The names that weights may have, in transformers' order of preference.
  static let weightsNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]

  /// The index of the parts that `torch.distributed.checkpoint` writes.
  static let distributedIndexName = ".metadata"

  /// Looks for the files of a folder.
  ///
  /// Throws `InputError.noCheckpointInFolder` or `.distributedCheckpoint` if there are no weights,
  /// and `InputError.invalidConfig` if a configuration is not JSON.
  public init(path: String, limits: Limits = .standard) throws {
    let folder = Self.withoutSlash(path)
    self.path = folder
    config = try Self.json(Self.configurationName, in: folder, limits: limits)
    weightsPath = try Self.weightsPath(in: path, config: config)
    let name = FileSystem.name(of: weightsPath)
    unreadWeights = Self.weightsNames.filter {
      $0 != name && FileSystem.kind(of: "\(folder)/\($0)") == .file
    }
    timm =
      Self.isOfConvNeXt(config)
      ? nil : config.flatMap { TimmConfiguration($0[nonNull: "backbone_config"] ?? $0) }
    let processor = try Self.json(Self.processorName, in: folder, limits: limits)
    preprocessing =
      try processor?["image_processor"]
      ?? Self.json(Self.preprocessorName, in: folder, limits: limits) ?? timm?.preprocessing
  }

  /// The weights in a folder, or the index of their shards.
  ///
  /// Throws `InputError.noCheckpointInFolder` or `.distributedCheckpoint` if there are none,
  /// `.linkOutsideFolder` if they are elsewhere, and `SystemError` if the configuration names
  /// weights that are not there.
  ///
  /// - Parameter config: The folder's `config.json`. transformers takes the weights that its
  ///   `transformers_weights` names (`modeling_utils.py`).
  static func weightsPath(in path: String, config: JSONValue?) throws -> String {
    let folder = withoutSlash(path)
    if let name = config?[weightsKey]?.stringValue {
      let weights = "\(folder)/\(name)"
      try FolderBoundary(folder: folder).check(weights)
      return weights
    }
    guard
      let name = weightsNames.first(where: {
        FileSystem.kind(of: "\(folder)/\($0)") == .file
      })
    else {
      // For a file that cannot be examined, or a dangling link, the system's error is thrown.
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

  /// The key of `config.json` that names the weights.
  static let weightsKey = "transformers_weights"

  /// Which weights of the folder are not read, in a sentence; `nil` if there are no others.
  public var unreadNote: String? {
    guard !unreadWeights.isEmpty else { return nil }
    let name = FileSystem.name(of: weightsPath)
    return
      "\(quotedList(unreadWeights)) in the folder \(unreadWeights.count == 1 ? "was" : "were") "
      + "not read: "
      + (config?[Self.weightsKey] == nil
        ? "transformers takes \(quoted(name)) first" : "config.json names \(quoted(name))")
  }

  /// A folder's path without a trailing slash.
  static func withoutSlash(_ path: String) -> String {
    path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
  }

  /// Whether a file that was named directly is the weights of a folder with a configuration.
  static func hasConfiguration(beside weights: String) -> Bool {
    let folder = FileSystem.folder(of: weights)
    return weightsNames.contains(FileSystem.name(of: weights))
      && FileSystem.kind(of: "\(folder)/\(configurationName)") == .file
  }

  /// The names of what a folder has instead of the expected files: variants such as
  /// `model.fp16.safetensors`, adapters, the weights of other libraries, parts of a DeepSpeed
  /// training.
  private static func weightsUnderOtherNames(in folder: String) throws -> [String] {
    try FileSystem.names(in: folder).filter { name in
      let isIndex =
        name.hasSuffix(".json")
        && name.utf8.split(separator: UInt8(ascii: "."))
          .contains { $0.elementsEqual("index".utf8) }
      // timm's `last.pth.tar` is an archive of PyTorch.
      let isCheckpoint =
        weightsExtensions.contains(FileSystem.pathExtension(of: name)) || name.hasSuffix(".pth.tar")
      return (isIndex || isCheckpoint)
        && FileSystem.kind(of: "\(folder)/\(name)") == .file
    }
  }

  private static let weightsExtensions = otherLibraries.union(OutputContainer.allExtensions)

  private static let otherLibraries: Set<String> = ["h5", "msgpack", "pb"]

  /// Whether a file has weights of TensorFlow or Flax, judging by its name.
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
}
