public import ByteIO
public import ConvNeXtSchema
public import NativeFormat
public import SafetensorsFormat
import Synchronization
public import TensorModel
public import TorchFormat

/// An opened file with tensors, in any container and naming; or several that form one checkpoint.
///
/// Opening reads headers and pickles, never tensors.
public struct Checkpoint: Sendable {
  /// The kinds of file that are recognized.
  public enum Container: String, CaseIterable, Sendable {
    case pytorchZip = "pytorch-zip"
    case pytorchLegacy = "pytorch-legacy"
    case pytorchTar = "pytorch-tar"
    case torchScript = "torchscript"
    case safetensors
    case convnext
  }

  /// How a file is opened.
  public struct Options: Sendable {
    /// Bounds on what the file may ask for.
    public var limits = Limits.standard
    /// Whether unknown globals of a pickle are kept as named values instead of being refused.
    public var skipsUnknownGlobals = false
    /// The user's rules for renaming tensors, applied before anything is recognized.
    public var renameRules: [RenameRule] = []

    /// The defaults.
    public init() {}
  }

  /// A file of the checkpoint.
  public struct File: Sendable {
    /// The path as given, or below the folder that was given.
    public let path: String
    /// The bytes.
    public let region: ByteRegion
    /// Texts that a safetensors file carries along with its tensors.
    public let metadata: [SafetensorsMetadataEntry]
    /// The file as PyTorch's, if it is one.
    public let torch: TorchFile?
  }

  /// The path as given: a file, an index of shards, or a folder.
  public let path: String
  /// The kind of the files that hold the tensors.
  public let container: Container
  /// The files that hold the tensors: one, or the shards in the order of their index.
  public let files: [File]
  /// All tensors under their names in the file, in the file's order. Quantized tensors appear as
  /// their codes, without their scales.
  public let tensors: [Tensor]
  /// Codes and scales of the tensors that are quantized, by name.
  public let quantizedTensors: [TensorName: QuantizedTensor]
  /// All tensors in the file, including scales.
  public let storedTensors: [Tensor]
  /// What the model is looked for in: each tensor's name after the user's rules, and the dictionary
  /// that holds it.
  public let inputs: [SchemaInput]
  /// Texts that safetensors files carry along with their tensors; of shards, those that no two of
  /// them give differently.
  public let metadata: [SafetensorsMetadataEntry]
  /// The keys of the texts that two shards give differently.
  public let disputedMetadataKeys: [String]
  /// Tensors that are listed but cannot be read: quantized and sparse ones.
  public let unsupportedTensors: [UnsupportedTensor]
  /// The native file, if it is one.
  public let native: NativeFile?
  /// What a Hugging Face folder says about the model.
  public let folder: ModelFolder?
  /// Tensors that are in the shards but not in their index.
  public let unindexedTensors: [TensorName]
  /// The user's rules that match no name, by their index in `Options.renameRules`.
  public let unusedRules: Set<Int>
  /// What is in the place of tensors but cannot be read as one.
  let unread: [UnreadTensor]
  /// Bounds on what the file may ask for.
  let limits: Limits
  let foundModels = FoundModels()

  /// Opens a file, whatever its name, an index of shards with its shards, or a folder with a model
  /// in Hugging Face's layout. `-` is standard input, which is read to its end.
  ///
  /// An index opens the files that it names, in its own folder: for a path that somebody else chose,
  /// map the file and use `init(bytes:name:options:)`.
  ///
  /// Throws the error of the system, or of the format that the first bytes belong to.
  public init(path: String, options: Options = Options()) throws {
    if FileSystem.kind(of: path) == .folder {
      let folder = try ModelFolder(path: path, limits: options.limits)
      do {
        try self.init(
          path: path, weights: folder.weightsPath,
          region: FileMapping(path: folder.weightsPath).region, folder: folder, options: options)
      } catch let error as any CheckpointError where !(error is FileError || error is SystemError) {
        throw FileError(error, path: folder.weightsPath)
      }
    } else {
      try self.init(path: path, region: FileMapping(path: path).region, options: options)
    }
  }

  /// Opens a file whose bytes are in memory, or mapped by the caller. No other file is opened: an
  /// index of shards is refused.
  ///
  /// Throws `InputError.unexpectedJSON` for an index, and the error of the format that the first
  /// bytes belong to.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it, as a path.
  public init(bytes: ByteRegion, name: String, options: Options = Options()) throws {
    guard FileSignature(of: bytes) != .json else { throw InputError.unexpectedJSON }
    try self.init(path: name, region: bytes, options: options)
  }

  /// Opens a file, or an index of shards, that is already mapped, so that everything that is found
  /// concerns the same bytes.
  init(path: String, region: ByteRegion, options: Options) throws {
    try self.init(path: path, weights: path, region: region, folder: nil, options: options)
  }

  private init(
    path: String, weights: String, region: ByteRegion, folder: ModelFolder?, options: Options
  ) throws {
    let loaded = try LoadedFiles(region, path: weights, options: options)
    let stored = loaded.files.flatMap(\.tensors)
    let wrappers = loaded.files.flatMap(\.wrappers)
    let pairs = try Quantization.pairs(
      of: stored.map(\.info), loaded.quantizations(limits: options.limits))
    let scales = Set(pairs.map(\.scales))
    let own = stored.indices.filter { !scales.contains($0) }
    self.path = path
    self.folder = folder
    limits = options.limits
    storedTensors = stored
    tensors = own.map { stored[$0] }
    quantizedTensors = try QuantizedTensor.byName(pairs, of: stored)
    unindexedTensors = loaded.unindexed
    container = loaded.files.first?.container ?? .safetensors
    files = loaded.files.map {
      File(path: $0.path, region: $0.region, metadata: $0.metadata, torch: $0.torch)
    }
    let unread = loaded.files.flatMap { $0.torch.map(UnreadTensor.all) ?? [] }
    let renamed = try RenameRule.apply(
      options.renameRules,
      to: own.map { SchemaInput(info: stored[$0].info, wrapper: wrappers[$0]) }
        + unread.map(\.input))
    inputs = Array(renamed.inputs.prefix(own.count))
    self.unread = zip(unread, renamed.inputs.dropFirst(own.count)).map { $0.named($1.info.name) }
    unusedRules = renamed.unused
    let texts = SharedMetadata(of: [loaded.indexMetadata] + loaded.files.map(\.metadata))
    metadata = texts.entries
    disputedMetadataKeys = texts.disputedKeys
    native = loaded.files.first?.native
    unsupportedTensors = loaded.files.flatMap { $0.torch?.unsupportedTensors ?? [] }
  }

  /// Looks for models among the tensors when it is first called.
  public func matcher() -> ModelMatcher {
    foundModels.matcher.withLock { known in
      let matcher = known ?? .joiningParts(inputs, knownFeatures: statedFeatures)
      known = matcher
      return matcher
    }
  }

  /// What the file or the configuration next to it says about the model, as in
  /// `Architecture.features`; `nil` if neither says anything.
  var statedFeatures: [String]? {
    if let native { return Array(native.header.model.features.prefix(OwnMetadata.featureLimit)) }
    return OwnMetadata(metadata).features ?? folder?.features
  }

  /// The PyTorch files among `files`.
  public var torchFiles: [TorchFile] { files.compactMap(\.torch) }

  /// The tensor with a name in the file; linear in the number of tensors. The elements of a quantized
  /// one are its codes; `quantizedTensors` has what they stand for.
  public func tensor(named name: TensorName) -> Tensor? { tensors.first { $0.name == name } }

  /// The bytes of all tensors, written without gaps.
  public var tensorByteCount: Int { storedTensors.saturatingSum { $0.byteCount } }

  /// The bytes of all files.
  public var fileByteCount: Int { files.saturatingSum { $0.region.byteCount } }

  /// The SHA-256 of the file; `nil` if there are several.
  ///
  /// Reads the whole file. Throws `CancellationError` once `WorkProgress.current` or the calling task
  /// is cancelled.
  public func fileDigest() throws(CancellationError) -> SHA256Digest? {
    guard files.count == 1 else { return nil }
    let progress = WorkProgress.current ?? WorkProgress()
    progress.expect(byteCount: fileByteCount)
    return try SHA256Digest(of: files[0].region, progress: progress)
  }
}

extension Checkpoint.Container {
  init(_ container: TorchFile.Container) {
    self =
      switch container {
      case .zip: .pytorchZip
      case .legacy: .pytorchLegacy
      case .torchScript: .torchScript
      }
  }
}
