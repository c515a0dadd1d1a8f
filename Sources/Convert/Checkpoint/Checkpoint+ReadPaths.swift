extension Checkpoint {
  /// The paths of all files that the checkpoint was read from: weights or shards, their index, and
  /// the configuration of a folder.
  public var readPaths: [String] {
    let shards = files.map(\.path)
    guard let folder else { return shards + [path] }
    return shards + [folder.weightsPath] + folder.configurationPaths
  }

  /// Whether a folder's weights were named, not the folder, so its configuration is not read.
  public var hasConfigurationBeside: Bool {
    folder == nil && ModelFolder.hasConfiguration(beside: path)
  }
}
