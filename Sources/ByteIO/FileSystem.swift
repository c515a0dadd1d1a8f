#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The few questions about paths that the project asks.
///
/// Paths are POSIX paths; their bytes are passed on unchanged.
public enum FileSystem {
  /// What a path leads to.
  public enum Kind: Sendable {
    case file, folder, other
  }

  /// What `path` leads to, links followed; `nil` where there is nothing.
  public static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Makes a folder if there is none. The corresponding C function is `mkdir`.
  public static func makeFolder(_ path: String) throws(SystemError) {
    if mkdir(path, 0o777) == 0 { return }
    if errno == EEXIST && kind(of: path) == .folder { return }
    throw .last(.makeDirectory, path: path)
  }

  /// Removes a folder, if nothing is in it. The corresponding C function is `rmdir`.
  public static func removeEmptyFolder(_ path: String) { rmdir(path) }

  /// The last component of a path: `b.pth` of `/a/b.pth`.
  public static func name(of path: String) -> String {
    String(decoding: path.utf8.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
  }

  /// The folder that a path lies in: `/a` of `/a/b.pth`, `.` of `b.pth`.
  public static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// The extension of the last component, in lower case, without its dot; empty where there is
  /// none.
  public static func pathExtension(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return ""
    }
    return name[name.utf8.index(after: dot)...].lowercased()
  }
}
