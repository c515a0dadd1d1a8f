public import ByteIO
public import ConvNeXtSchema
public import NativeFormat
public import SafetensorsFormat
import Synchronization
public import TensorModel
public import TorchFormat

/// A file with tensors, opened: any container, any naming; or several that make up one checkpoint.
///
/// Opening reads headers and pickles, never tensors.
public struct Checkpoint: Sendable {
  /// The kinds of file that are read.
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
    /// How much of anything the file may ask for.
    public var limits = Limits.standard
    /// Whether unknown globals of a pickle are kept as named values instead of being refused.
    public var skipsUnknownGlobals = false
    /// The user's own names for tensors, applied before anything is recognized.
    public var renameRules: [RenameRule] = []

    /// The defaults.
    public init() {}
  }

  /// A file of the checkpoint.
  public struct File: Sendable {
    /// The path as it was given, or below the folder that was given.
    public let path: String
    /// The bytes.
    public let region: ByteRegion
    /// Texts that a safetensors file carries beside its tensors.
    public let metadata: [SafetensorsMetadataEntry]
  }

  /// The path as it was given: a file, an index of shards, or a folder.
  public let path: String
  /// The kind of the files that hold the tensors.
  public let container: Container
  /// The files that hold the tensors: one, or the shards in the order of their index.
  public let files: [File]
  /// All tensors under their names in the file, in the file's order, but for the scales of
  /// quantized ones, which are there as their codes.
  public let tensors: [Tensor]
  /// Codes and scales of the tensors that are quantized, by name.
  public let quantizedTensors: [TensorName: QuantizedTensor]
  /// All tensors that the file has, scales among them.
  public let storedTensors: [Tensor]
  /// For each tensor what the model is looked for under: its name after the user's rules, and the
  /// dictionary that holds it.
  public let inputs: [SchemaInput]
  /// Texts that safetensors files carry beside their tensors: of shards, what no two of them say
  /// differently.
  public let metadata: [SafetensorsMetadataEntry]
  /// The keys of the texts that two shards give differently.
  public let disputedMetadataKeys: [String]
  /// The PyTorch files among `files`, with their index there.
  public let torchFiles: [(fileIndex: Int, file: TorchFile)]
  /// Tensors that are listed and cannot be read: quantized and sparse ones.
  public let unsupportedTensors: [UnsupportedTensor]
  /// The native file, where it is one.
  public let native: NativeFile?
  /// What a Hugging Face folder says of the model.
  public let folder: ModelFolder?
  /// Tensors that the shards hold and their index does not name.
  public let unindexedTensors: [TensorName]

  /// Opens a file, whatever it is called, an index of shards with its shards, or a folder with a
  /// model as Hugging Face lays it out.
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

  /// Opens a file, or an index of shards, that is mapped already: what is found then is of the same
  /// bytes as whatever else was found of them.
  init(path: String, region: ByteRegion, options: Options) throws {
    try self.init(path: path, weights: path, region: region, folder: nil, options: options)
  }

  private init(
    path: String, weights: String, region: ByteRegion, folder: ModelFolder?, options: Options
  ) throws {
    let loaded = try Part.all(in: region, path: weights, options: options)
    let parts = loaded.parts
    let stored = parts.flatMap(\.tensors)
    let wrappers = parts.flatMap(\.wrappers)
    let pairs = try Quantization.pairs(
      of: stored.map(\.info), loaded.quantizations(limits: options.limits))
    let scales = Set(pairs.map(\.scales))
    let own = stored.indices.filter { !scales.contains($0) }
    self.path = path
    self.folder = folder
    limits = options.limits
    storedTensors = stored
    tensors = own.map { stored[$0] }
    quantizedTensors = try Self.quantizedTensors(pairs, of: stored)
    unindexedTensors = loaded.unindexed
    container = parts.first?.container ?? .safetensors
    files = parts.map { File(path: $0.path, region: $0.region, metadata: $0.metadata) }
    let renamed = try RenameRule.apply(
      options.renameRules,
      to: own.map { SchemaInput(info: stored[$0].info, wrapper: wrappers[$0]) })
    inputs = renamed.inputs
    unusedRules = renamed.unused
    let texts = SharedMetadata(of: [loaded.indexMetadata] + parts.map(\.metadata))
    metadata = texts.entries
    disputedMetadataKeys = texts.disputedKeys
    torchFiles = parts.enumerated().compactMap { index, part in
      part.torch.map { (index, $0) }
    }
    native = parts.first?.native
    unsupportedTensors = parts.flatMap { $0.torch?.unsupportedTensors ?? [] }
  }

  /// Codes with their scales, by the name of the codes.
  private static func quantizedTensors(
    _ pairs: [(codes: Int, scales: Int, quantization: Quantization)], of stored: [Tensor]
  ) throws -> [TensorName: QuantizedTensor] {
    var tensors: [TensorName: QuantizedTensor] = [:]
    for pair in pairs {
      let codes = stored[pair.codes]
      tensors[codes.name] = try QuantizedTensor(
        codes: codes, scales: stored[pair.scales], quantization: pair.quantization)
    }
    return tensors
  }

  /// The user's rules that fit no name, by their index in `Options.renameRules`.
  public let unusedRules: Set<Int>
  /// How much of anything the file may ask for.
  let limits: Limits

  /// Looks for models among the tensors, the first time that it is called.
  public func matcher() -> ModelMatcher {
    foundModels.matcher.withLock { known in
      let matcher = known ?? .joiningParts(inputs, knownFeatures: saidFeatures)
      known = matcher
      return matcher
    }
  }

  let foundModels = FoundModels()

  /// What the file or the configuration beside it says of the model, as `Architecture.features`
  /// names it; `nil`: neither says anything.
  var saidFeatures: [String]? {
    native?.header.model.features
      ?? metadata.first { $0.key == Self.featuresKey }?.value.split(separator: ",").map(String.init)
      ?? folder?.features
  }

  /// The metadata of a safetensors file with canonical names that tells what the names do not.
  static let featuresKey = "convnext.features"

  /// The metadata of such a file that tells whose names the weights had before.
  static let originKey = "convnext.naming"

  /// The tensor of a name in the file; linear in the number of tensors.
  public func tensor(named name: TensorName) -> Tensor? { tensors.first { $0.name == name } }

  /// The bytes of all tensors, written without gaps.
  public var tensorByteCount: Int { storedTensors.saturatingSum { $0.byteCount } }

  /// The bytes of all files.
  public var fileByteCount: Int { files.saturatingSum { $0.region.byteCount } }

  /// The SHA-256 of the file; `nil` where there are several.
  ///
  /// Reads the whole file.
  public func fileDigest() -> SHA256Digest? {
    guard files.count == 1 else { return nil }
    let progress = WorkProgress.current
    progress?.expect(byteCount: fileByteCount)
    return SHA256Digest(of: files[0].region, progress: progress)
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
