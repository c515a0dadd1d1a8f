/// What is wrong with a model stored in several files, its shards.
public enum ShardError: Error, Equatable, Sendable {
  /// An index names no shards.
  case emptyIndex
  /// A shard that an index names is not there.
  case missingShard(shard: String)
  /// A shard of a safetensors index is a file of another kind.
  case shardOfOtherKind(shard: String)
  /// A tensor is in two shards.
  case tensorInTwoShards(tensor: String, shards: [String])
  /// A tensor is not in the shard that the index names.
  case tensorNotInShard(tensor: String, shard: String)
  /// The file is one of several that make up a model.
  case singleShard(shardCount: Int, missingCount: Int)
}
