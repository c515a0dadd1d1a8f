public import ByteIO

/// The repository's folders, found from where this file lies.
public enum Repository {
  /// The repository's top folder.
  public static let root: String = {
    var path = #filePath
    for _ in 0..<3 { path = FileSystem.folder(of: path) }
    return path
  }()

  /// A path below the repository's top folder.
  public static func path(_ relativePath: String) -> String { "\(root)/\(relativePath)" }
}

/// The files of `fixtures/`, and what `manifest.json` says of each.
public enum Fixtures {
  /// A path below `fixtures/`.
  public static func path(_ name: String) -> String { Repository.path("fixtures/\(name)") }

  /// The bytes of a file below `fixtures/`.
  public static func bytes(_ name: String) throws -> ByteRegion {
    try FileMapping(path: path(name)).region
  }
}
