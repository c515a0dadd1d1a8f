import ByteIO

/// The programs that were built along with the tests.
public enum BuiltProduct {
  /// The path of a program.
  ///
  /// It lies beside the test bundle, whose path is among this process's arguments: the first on
  /// Linux, where the bundle is a program; one of the testing helper's on macOS.
  public static func path(_ name: String) throws -> String {
    for argument in CommandLine.arguments {
      guard let end = argument.ranges(of: ".xctest").first?.upperBound else { continue }
      let path = FileSystem.folder(of: String(argument[..<end])) + "/" + name
      if FileSystem.kind(of: path) == .file { return path }
    }
    throw ProcessError.notBuilt(name)
  }
}
