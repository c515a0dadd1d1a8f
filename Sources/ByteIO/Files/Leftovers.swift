#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The temporary files of output: `.convnext-PROCESS-NUMBER.partial`, next to the target.
///
/// Whoever writes one holds a lock on it, which ends with the process, however that ends. A file
/// with such a name and without a lock was left behind by a process that was killed.
enum Leftovers {
  private static let prefix = ".convnext-"
  private static let suffix = ".partial"

  static func path(in folder: String, number: Int) -> String {
    "\(folder)/\(prefix)\(getpid())-\(number)\(suffix)"
  }

  /// Locks a file that was just made; returns false if, in the meantime, somebody else has taken it
  /// for a leftover and has removed it, or is about to.
  static func hold(_ descriptor: Int32) -> Bool {
    var status = stat()
    // Where the file system has no locks, nobody can hold one, and nothing is removed.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
      fstat(descriptor, &status) == 0
    else { return false }
    return status.st_nlink > 0
  }

  /// Removes the temporary files in a folder that nobody holds any more. Files of other users and
  /// anything but regular files are left alone, and so are files that cannot be checked.
  static func remove(in folder: String) {
    try? FileSystem.forEachName(in: folder) { name in
      if isTemporaryName(name) { removeIfUnheld("\(folder)/\(name)") }
    }
  }

  private static func removeIfUnheld(_ path: String) {
    PathText.withBytes(path) { path in
      let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      defer { close(descriptor) }
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
      {
        unlink(path)
      }
    }
  }

  /// Whether a name is one that `path(in:number:)` makes.
  static func isTemporaryName(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let numbers = name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
      .split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return numbers.count == 2
      && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
  }
}
