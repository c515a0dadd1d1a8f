import ByteIO
import NativeFormat
import SafetensorsFormat
import TensorModel
import TorchFormat

extension Checkpoint {
  /// The files that an index names, if they are in its folder; `nil` if the file is not a usable
  /// index.
  ///
  /// Throws `SystemError` if the file cannot be read.
  static func shardPaths(ofIndex path: String, options: Options) throws -> [String]? {
    let region = try FileMapping(path: path).region
    guard FileSignature(of: region) == .json,
      let index = try? index(region, path: path, options: options)
    else { return nil }
    let folder = FileSystem.folder(of: path)
    let boundary = FolderBoundary(folder: folder)
    let paths = index.shards.map { "\(folder)/\($0)" }
    return paths.filter {
      (try? boundary.check($0)) != nil && FileSystem.kind(of: $0) == .file
    }
  }

  /// Whether a folder's weights were named, not the folder, so its configuration is not read.
  public var hasConfigurationBeside: Bool {
    folder == nil && ModelFolder.hasConfiguration(beside: path)
  }

  /// How many files the model has, if this file is one of them by its name, and was opened alone.
  var shardCount: Int? {
    guard files.count == 1, let file = files.first, file.path == path,
      let count = ShardIndex.shardCount(ofShardNamed: FileSystem.name(of: path)), count > 1
    else { return nil }
    return count
  }

  private static func index(
    _ region: ByteRegion, path: String, options: Options
  ) throws -> ShardIndex {
    let name = FileSystem.name(of: path)
    let index: ShardIndex
    do {
      index = try ShardIndex(
        parsing: region, shardExtension: ShardIndex.shardExtension(ofIndexNamed: name),
        limits: options.limits)
    } catch {
      if name.hasSuffix(".index.json") { throw error }
      throw InputError.unexpectedJSON
    }
    guard !index.shards.isEmpty else { throw ShardError.emptyIndex }
    return index
  }

  /// One file of a checkpoint, read by the reader of its format.
  struct Part {
    let path: String
    let region: ByteRegion
    let container: Container
    let tensors: [Tensor]
    var wrappers: [String]
    var metadata: [SafetensorsMetadataEntry] = []
    var torch: TorchFile?
    var native: NativeFile?
    /// What the file says about quantized tensors.
    var quantizations: [(name: TensorName, quantization: Quantization)] = []

    /// Reads a file in the format that its first bytes indicate.
    init(path: String, region: ByteRegion, options: Options) throws {
      self.path = path
      self.region = region
      switch FileSignature(of: region) {
      case .native:
        if let hidden = HiddenArchive(region) { throw hidden.error }
        let file = try NativeFile(region, limits: options.limits)
        container = .convnext
        tensors = file.checkedTensors
        native = file
        quantizations = file.header.quantizations
      case .safetensors:
        if let hidden = HiddenArchive(region) { throw hidden.error }
        if let hidden = HiddenPickle(region) { throw hidden.error }
        let file = try SafetensorsFile(region, limits: options.limits)
        container = .safetensors
        tensors = file.tensors
        metadata = file.metadata
        quantizations = try QuantizationMetadata.quantizations(
          in: file.metadata, limits: options.limits)
      case .torch:
        let file = try TorchFile(
          region,
          options: TorchReadingOptions(
            limits: options.limits, skipsUnknownGlobals: options.skipsUnknownGlobals))
        container = Container(file.container)
        tensors = file.tensors
        wrappers = file.dictionaryPaths
        torch = file
        return
      case .json: throw InputError.unexpectedJSON
      case .empty: throw InputError.emptyFile
      case .foreign(let file): throw InputError.foreignFile(file)
      case .unknown:
        throw InputError(unknown: region)
      }
      wrappers = [String](repeating: "", count: tensors.count)
    }

    /// What was read from all files of a checkpoint.
    struct LoadedFiles {
      /// The files with tensors, in the index's order.
      var parts: [Part]
      /// The tensors that the index does not name.
      var unindexed: [TensorName] = []
      /// The texts of the index's own metadata.
      var indexMetadata: [SafetensorsMetadataEntry] = []

      /// What the files and the index say about quantized tensors. Each shard may say all of it.
      func quantizations(
        limits: Limits
      ) throws -> [(name: TensorName, quantization: Quantization)] {
        let stated =
          try QuantizationMetadata.quantizations(in: indexMetadata, limits: limits)
          + parts.flatMap(\.quantizations)
        var known: [TensorName: Quantization] = [:]
        return stated.filter {
          known.updateValue($0.quantization, forKey: $0.name) != $0.quantization
        }
      }
    }

    /// Reads a file, or an index with its shards.
    static func all(
      in region: ByteRegion, path: String, options: Options
    ) throws -> LoadedFiles {
      if FileSignature(of: region) == .json {
        return try shards(ofIndex: region, path: path, options: options)
      }
      do {
        return LoadedFiles(parts: [try Part(path: path, region: region, options: options)])
      } catch is TorchError where FileSystem.pathExtension(of: path) == "distcp" {
        // Several archives in a row, not a damaged one.
        throw InputError.distributedCheckpoint
      }
    }

    /// Reads an index and its shards, which are in the index's folder.
    ///
    /// Every tensor must be where the index says, and none in two shards. Tensors that the index
    /// does not name are kept, as transformers keeps them, and also returned by name.
    private static func shards(
      ofIndex region: ByteRegion, path: String, options: Options
    ) throws -> LoadedFiles {
      let index = try Checkpoint.index(region, path: path, options: options)
      let folder = FileSystem.folder(of: path)
      let boundary = FolderBoundary(folder: folder)
      var shardByTensor: [TensorName: String] = [:]
      var parts: [Part] = []
      for shard in index.shards {
        let shardPath = "\(folder)/\(shard)"
        try boundary.check(shardPath)
        let region: ByteRegion
        do {
          region = try FileMapping(path: shardPath).region
        } catch {
          // For a dangling link, the system's error is the one to throw.
          let isMissing = error.isNotThere && !FileSystem.isLink(shardPath)
          throw isMissing ? ShardError.missingShard(shard: shard) : error
        }
        let part: Part
        do {
          part = try Part(path: shardPath, region: region, options: options)
        } catch let error as any CheckpointError {
          throw FileError(error, path: shardPath)
        }
        // Neither PyTorch nor safetensors reads shards of another kind.
        let isSafetensors = FileSystem.pathExtension(of: shard) == "safetensors"
        guard part.native == nil, !isSafetensors || part.container == .safetensors else {
          throw ShardError.shardOfOtherKind(shard: shard)
        }
        for tensor in part.tensors {
          if let other = shardByTensor.updateValue(shard, forKey: tensor.name) {
            throw ShardError.tensorInTwoShards(
              tensor: tensor.name.string, shards: [other, shard])
          }
        }
        parts.append(part)
      }
      for entry in index.weightMap where shardByTensor[entry.tensor] != entry.shard {
        throw ShardError.tensorNotInShard(tensor: entry.tensor.string, shard: entry.shard)
      }
      let indexed = Set(index.weightMap.map(\.tensor))
      let unindexed = parts.flatMap(\.tensors).map(\.name).filter { !indexed.contains($0) }
      return LoadedFiles(parts: parts, unindexed: unindexed, indexMetadata: index.metadata)
    }
  }
}
