import ByteIO
import SafetensorsFormat
import TensorModel
import TorchFormat

/// What was read from all files of a checkpoint: one, or the shards that an index names.
struct LoadedFiles {
  /// The files with tensors, in the index's order.
  let files: [LoadedFile]
  /// The tensors that the index does not name.
  let unindexed: [TensorName]
  /// The texts of the index's own metadata.
  let indexMetadata: [SafetensorsMetadataEntry]

  /// Reads a file, or an index with its shards.
  init(_ region: ByteRegion, path: String, options: Checkpoint.Options) throws {
    if FileSignature(of: region) == .json {
      self = try LoadedFiles(ofIndex: region, path: path, options: options)
      return
    }
    unindexed = []
    indexMetadata = []
    do {
      files = [try LoadedFile(path: path, region: region, options: options)]
    } catch is TorchError where FileSystem.pathExtension(of: path) == "distcp" {
      // Several archives in a row, not a damaged one.
      throw InputError.distributedCheckpoint
    }
  }

  /// Reads an index and its shards, which are in the index's folder.
  ///
  /// Every tensor must be where the index says, and none in two shards. Tensors that the index
  /// does not name are kept, as transformers keeps them, and also returned by name.
  private init(ofIndex region: ByteRegion, path: String, options: Checkpoint.Options) throws {
    let index = try ShardIndex(ofFile: region, path: path, limits: options.limits)
    let boundary = FolderBoundary(folder: FileSystem.folder(of: path))
    var shardByTensor: [TensorName: String] = [:]
    files = try index.shards.map { shard in
      let file = try LoadedFile(shard: shard, within: boundary, options: options)
      for tensor in file.tensors {
        if let other = shardByTensor.updateValue(shard, forKey: tensor.name) {
          throw ShardError.tensorInTwoShards(tensor: tensor.name.string, shards: [other, shard])
        }
      }
      return file
    }
    for entry in index.weightMap where shardByTensor[entry.tensor] != entry.shard {
      throw ShardError.tensorNotInShard(tensor: entry.tensor.string, shard: entry.shard)
    }
    let indexed = Set(index.weightMap.map(\.tensor))
    unindexed = files.flatMap(\.tensors).map(\.name).filter { !indexed.contains($0) }
    indexMetadata = index.metadata
  }

  /// What the files and the index say about quantized tensors. Each shard may say all of it.
  func quantizations(limits: Limits) throws -> [(name: TensorName, quantization: Quantization)] {
    let stated =
      try QuantizationMetadata.quantizations(in: indexMetadata, limits: limits)
      + files.flatMap(\.quantizations)
    var known: [TensorName: Quantization] = [:]
    return stated.filter {
      known.updateValue($0.quantization, forKey: $0.name) != $0.quantization
    }
  }
}

extension LoadedFile {
  /// Reads a shard, by its path below the index's folder.
  fileprivate init(
    shard: String, within boundary: FolderBoundary, options: Checkpoint.Options
  ) throws {
    let path = "\(boundary.folder)/\(shard)"
    try boundary.check(path)
    let region: ByteRegion
    do {
      region = try FileMapping(path: path).region
    } catch {
      // For a dangling link, the system's error is the one to throw.
      let isMissing = error.isNotThere && !FileSystem.isLink(path)
      throw isMissing ? ShardError.missingShard(shard: shard) : error
    }
    do {
      try self.init(path: path, region: region, options: options)
    } catch let error as any CheckpointError {
      throw FileError(error, path: path)
    }
    // Neither PyTorch nor safetensors reads shards of another kind.
    let isSafetensors = FileSystem.pathExtension(of: shard) == "safetensors"
    guard native == nil, !isSafetensors || container == .safetensors else {
      throw ShardError.shardOfOtherKind(shard: shard)
    }
  }
}
