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

  /// What `path` leads to, following links; `nil` if there is nothing. Standard input, `-`, counts
  /// as a file.
  public static func kind(of path: String) -> Kind? {
    if path == SpooledInput.standardInput { return .file }
    var status = stat()
    guard PathText.withBytes(path, { stat($0, &status) }) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether there is a symbolic link at `path`, wherever it leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return PathText.withBytes(path) { lstat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a path, or the name at its end, is longer than the system allows.
  static func isTooLong(_ path: String) -> Bool {
    var status = stat()
    return PathText.withBytes(path) { lstat($0, &status) } != 0 && errno == ENAMETOOLONG
  }

  /// The permission bits of the regular file at `path`, or `nil` if there is none. A link is not
  /// followed.
  static func permissions(of path: String) -> mode_t? {
    var status = stat()
    guard PathText.withBytes(path, { lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return status.st_mode & 0o777
  }

  /// The path without links, `.` and `..` that leads to the same file or folder; `nil` where there
  /// is none, as for standard input, `-`. The corresponding C function is `realpath`.
  public static func resolved(_ path: String) -> String? {
    guard path != SpooledInput.standardInput,
      let resolved = PathText.withBytes(path, { realpath($0, nil) })
    else { return nil }
    defer { free(resolved) }
    return PathText.text(of: UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
  }

  /// Makes the names in a folder durable, as far as the file system supports that.
  static func synchronizeFolder(_ path: String) {
    let descriptor = PathText.withBytes(path) { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    _ = synchronize(descriptor)
    close(descriptor)
  }

  /// Waits until what was written is on the disk; returns 0 on success. Darwin's `fsync` leaves it
  /// in the disk's own cache, and not every file system there supports the stronger call.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      if retryingOnInterrupt({ fcntl(descriptor, F_FULLFSYNC) }) == 0 { return 0 }
    #endif
    return retryingOnInterrupt { fsync(descriptor) }
  }

  /// Renames a file if nothing has the new name; returns 0 on success, otherwise -1 with `errno`
  /// set.
  ///
  /// Where the system has no such call, whatever has taken that name in the meantime is replaced:
  /// Swift's C modules on Linux lack one, and not every file system on macOS supports it.
  static func renameWithoutReplacing(
    _ path: UnsafePointer<CChar>, _ newPath: UnsafePointer<CChar>
  ) -> Int32 {
    #if canImport(Darwin)
      let result = renamex_np(path, newPath, UInt32(RENAME_EXCL))
      if result == 0 || errno != ENOTSUP { return result }
    #endif
    return rename(path, newPath)
  }

  /// Makes a folder if there is none. The corresponding C function is `mkdir`.
  ///
  /// Throws `SystemError` where it cannot be made, or something else has its name.
  public static func makeFolder(_ path: String) throws(SystemError) {
    if PathText.withBytes(path, { mkdir($0, 0o777) }) == 0 { return }
    let error = SystemError.last(.makeDirectory, path: path)
    if error.errorNumber == EEXIST && kind(of: path) == .folder { return }
    throw error
  }

  /// Removes a folder, if nothing is in it. The corresponding C function is `rmdir`.
  static func removeEmptyFolder(_ path: String) {
    PathText.withBytes(path) { _ = rmdir($0) }
  }

  /// The names in a folder, in the order of their bytes, without `.` and `..`.
  ///
  /// Throws `SystemError` where the folder cannot be read.
  public static func names(in folder: String) throws(SystemError) -> [String] {
    var names: [String] = []
    try forEachName(in: folder) { if $0 != "." && $0 != ".." { names.append($0) } }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Calls `body` with each name in a folder, in the system's order. Throws where the folder cannot
  /// be read to its end: names that were not seen must not pass for checked.
  static func forEachName(in folder: String, _ body: (String) -> Void) throws(SystemError) {
    guard let stream = PathText.withBytes(folder, { opendir($0) }) else {
      throw .last(.list, path: folder)
    }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      body(
        withUnsafePointer(to: &entry.pointee.d_name) { field in
          field.withMemoryRebound(to: CChar.self, capacity: 1) {
            PathText.text(of: UnsafeRawBufferPointer(start: $0, count: strlen($0)))
          }
        })
    }
    if errno != 0 { throw .last(.list, path: folder) }
  }

  /// The last component of a path: `b.pth` for `/a/b.pth`.
  public static func name(of path: String) -> String {
    String(decoding: path.utf8.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
  }

  /// The folder that a path is in: `/a` for `/a/b.pth` and `/a/b/`, `.` for `b.pth`.
  public static func folder(of path: String) -> String {
    let slash = UInt8(ascii: "/")
    let isRooted = path.utf8.first == slash
    guard let nameEnd = path.utf8.lastIndex(where: { $0 != slash }),
      let nameStart = path.utf8[...nameEnd].lastIndex(of: slash)
    else { return isRooted ? "/" : "." }
    let folderEnd = path.utf8[..<nameStart].lastIndex { $0 != slash }
    return folderEnd.map { String(path[...$0]) } ?? "/"
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
