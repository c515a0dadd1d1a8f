import ByteIO
import SafetensorsFormat

extension Checkpoint {
  /// The files that an index names, if they are in its folder; `nil` if the file is not a usable
  /// index.
  ///
  /// Throws `SystemError` if the file cannot be read.
  static func shardPaths(ofIndex path: String, options: Options) throws -> [String]? {
    let region = try FileMapping(path: path).region
    guard FileSignature(of: region) == .json,
      let index = try? ShardIndex(ofFile: region, path: path, limits: options.limits)
    else { return nil }
    let boundary = FolderBoundary(folder: FileSystem.folder(of: path))
    let paths = index.shards.map { "\(boundary.folder)/\($0)" }
    return paths.filter {
      (try? boundary.check($0)) != nil && FileSystem.kind(of: $0) == .file
    }
  }

  /// How many files the model has, if this file is one of them by its name, and was opened alone.
  var shardCount: Int? {
    guard files.count == 1, let file = files.first, file.path == path,
      let count = ShardIndex.shardCount(ofShardNamed: FileSystem.name(of: path)), count > 1
    else { return nil }
    return count
  }
}

extension ShardIndex {
  /// Parses a JSON file that was named as a checkpoint.
  ///
  /// Throws `InputError.unexpectedJSON` if neither its name nor its content is that of an index.
  init(ofFile region: ByteRegion, path: String, limits: Limits) throws {
    let name = FileSystem.name(of: path)
    do {
      try self.init(
        parsing: region, shardExtension: ShardIndex.shardExtension(ofIndexNamed: name),
        limits: limits)
    } catch {
      if name.hasSuffix(".index.json") { throw error }
      throw InputError.unexpectedJSON
    }
    guard !shards.isEmpty else { throw ShardError.emptyIndex }
  }
}
