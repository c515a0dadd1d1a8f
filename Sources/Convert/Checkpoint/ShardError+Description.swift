public import ByteIO

extension ShardError: CheckpointError {
  /// `cannotOpen` for a shard that is not there; `invalidInput` otherwise.
  public var category: FailureCategory {
    switch self {
    case .missingShard: .cannotOpen
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .emptyIndex: "empty-index"
    case .shardOfOtherKind: "shard-of-other-kind"
    case .tensorInTwoShards: "tensor-in-two-shards"
    case .missingShard: "missing-shard"
    case .tensorNotInShard: "tensor-not-in-shard"
    case .singleShard: "single-shard"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .emptyIndex: "the index names no tensors and no shards"
    case .missingShard(let shard): "the index names the shard \(quoted(shard)), which is not there"
    case .shardOfOtherKind(let shard):
      "the shard \(quoted(shard)) of a safetensors index is not a safetensors file"
    case .tensorInTwoShards(_, let shards):
      "it is in two shards: " + shards.map { quoted($0) }.joined(separator: " and ")
    case .tensorNotInShard(_, let shard):
      "the index says that it is in \(quoted(shard)), which does not have it"
    case .singleShard(let shardCount, let missingCount):
      "by its name it is one of \(shardCount) parts of a model, of which "
        + "\(counted(missingCount, "tensor")) must be in the others"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .singleShard:
      "name the file with the weights, their index, or the folder that holds either"
    case .missingShard: "download the shards into the folder of their index"
    case .emptyIndex, .shardOfOtherKind, .tensorInTwoShards, .tensorNotInShard:
      "download the index and all shards again, from one revision"
    }
  }

  /// The tensor, if one is concerned.
  public var place: ErrorPlace {
    switch self {
    case .tensorInTwoShards(let tensor, _), .tensorNotInShard(let tensor, _):
      ErrorPlace(tensor: tensor)
    default: ErrorPlace()
    }
  }
}
