import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many output files this process has started, so that no two share a temporary file.
private let startedCount = Atomic<Int>(0)

/// A file that appears whole, or not at all.
///
/// The bytes go to a temporary file next to the target; `commit()` makes them durable and renames
/// the temporary file. Without it, the temporary file is removed when the object is released, and
/// whatever was at the target is untouched.
public final class OutputFile: @unchecked Sendable {
  // Unchecked: `write(_:at:)` may be called from several threads, because the system call that it
  // makes has no shared position; all else belongs to one thread.

  /// Where the file will be.
  public let path: String

  private let replacesExisting: Bool
  private let temporaryPath: String
  private let descriptor: Int32
  private let synchronizer: BackgroundSynchronizer
  private var isOpen = true
  /// Bytes a system call; Darwin refuses more than 2^31 - 1.
  private static let callByteCount = 1 << 30

  /// Starts a file that will be at `path`, with the permissions of the one that it replaces. A link
  /// there is replaced itself, not what it leads to.
  ///
  /// Throws `SystemError` when something exists there already and `replacingExisting` is false,
  /// when it is not a regular file, or when the folder cannot be written to.
  public init(path: String, replacingExisting: Bool) throws(SystemError) {
    self.path = path
    replacesExisting = replacingExisting
    if path == SpooledInput.standardInput || path.utf8.contains(0) {
      throw SystemError(.create, path: path, errorNumber: EINVAL)
    }
    switch FileSystem.kind(of: path) {
    case nil:
      // The temporary file's name is short, so the system would refuse this one only at the very
      // end.
      if FileSystem.isTooLong(path) {
        throw SystemError(.create, path: path, errorNumber: ENAMETOOLONG)
      }
      if !replacingExisting && FileSystem.isLink(path) {
        throw SystemError(.create, path: path, errorNumber: EEXIST)
      }
    case .file:
      if !replacingExisting { throw SystemError(.create, path: path, errorNumber: EEXIST) }
    case .folder: throw SystemError(.create, path: path, errorNumber: EISDIR)
    case .other: throw SystemError(.create, path: path, errorNumber: EINVAL)
    }
    (descriptor, temporaryPath) = try Self.openTemporaryFile(beside: path)
    // A file that was closed to others stays closed to them.
    if let permissions = FileSystem.permissions(of: path) { _ = fchmod(descriptor, permissions) }
    synchronizer = BackgroundSynchronizer(descriptor: descriptor, path: path)
  }

  deinit { discard() }

  /// Creates and opens a file that nobody else has. It is noted before it exists, so that a signal
  /// in between does not leave it behind.
  private static func openTemporaryFile(
    beside target: String
  ) throws(SystemError) -> (descriptor: Int32, path: String) {
    let folder = FileSystem.folder(of: target)
    Leftovers.remove(in: folder)
    while true {
      // The target's own name is left out, because with a suffix it could become too long.
      let number = startedCount.add(1, ordering: .relaxed).newValue
      let path = Leftovers.path(in: folder, number: number)
      UnfinishedFiles.add(path)
      let descriptor = retryingOnInterrupt {
        PathText.withBytes(path) { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      }
      if descriptor >= 0 {
        if Leftovers.hold(descriptor) { return (descriptor, path) }
        UnfinishedFiles.remove(path)
        close(descriptor)
        continue
      }
      let error = SystemError.last(.create, path: target)
      UnfinishedFiles.remove(path)
      // A process on another machine may have the same number; then the next one will do.
      if error.errorNumber != EEXIST { throw error }
    }
  }

  /// Writes `bytes` at an offset, before or behind the end.
  ///
  /// Safe to call from several threads for ranges that do not overlap. The corresponding C function
  /// is `pwrite`.
  ///
  /// Throws `SystemError` where not all of them are written, and after `commit()`.
  public func write(_ bytes: RawSpan, at fileOffset: Int) throws(SystemError) {
    try bytes.withUnsafeBytes { (source) throws(SystemError) in
      try write(source, at: fileOffset)
    }
  }

  /// Writes `bytes` at `fileOffset`, as `write(_:at:)` does for a span.
  ///
  /// Throws `SystemError` where not all of them are written, and after `commit()`.
  public func write(_ bytes: [UInt8], at fileOffset: Int) throws(SystemError) {
    try bytes.withUnsafeBytesTyped { (source) throws(SystemError) in
      try write(source, at: fileOffset)
    }
  }

  /// Writes all bytes of a file, and makes them durable; the file does not appear yet.
  ///
  /// Throws `SystemError` where not all of them reach the disk, and after `commit()`.
  public func writeAndSynchronize(_ bytes: [UInt8]) throws(SystemError) {
    try write(bytes, at: 0)
    try synchronize()
  }

  private func write(_ source: UnsafeRawBufferPointer, at fileOffset: Int) throws(SystemError) {
    try requireOpen()
    var done = 0
    while done < source.count {
      let start = source.baseAddress.map { $0 + done }
      let count = min(source.count - done, Self.callByteCount)
      let written = retryingOnInterrupt {
        pwrite(descriptor, start, count, off_t(fileOffset + done))
      }
      guard written > 0 else { throw .last(.write, path: path) }
      done += written
    }
    synchronizer.didWrite(byteCount: done)
  }

  /// Once this file is committed, the descriptor's number may belong to another one.
  private func requireOpen() throws(SystemError) {
    guard isOpen else { throw SystemError(.write, path: path, errorNumber: EBADF) }
  }

  /// Makes durable what was written so far; the file does not appear yet.
  ///
  /// The corresponding C function is `fsync`.
  ///
  /// Throws `SystemError` where something written does not reach the disk, including what was
  /// handed to it in the background.
  public func synchronize() throws(SystemError) {
    try requireOpen()
    try synchronizer.finish()
    guard FileSystem.synchronize(descriptor) == 0 else {
      throw .last(.synchronize, path: path)
    }
  }

  /// Makes the file durable and puts it in its place.
  ///
  /// The corresponding C functions are `fsync` and then, where nothing may be replaced, `link`, or,
  /// on file systems without hard links, Darwin's `renamex_np` if it is supported; in all other
  /// cases `rename`.
  ///
  /// Throws `SystemError` where it does not reach the disk, or where a file that may not be
  /// replaced has its name. The temporary file is then removed by `discard()` or by releasing this
  /// object.
  public func commit() throws(SystemError) {
    try synchronize()
    if replacesExisting {
      guard call(rename) == 0 else { throw .last(.replace, path: path) }
    } else if call(link) == 0 {
      PathText.withBytes(temporaryPath) { _ = unlink($0) }
    } else if errno == EEXIST {
      throw SystemError(.create, path: path, errorNumber: EEXIST)
    } else {
      // A file system without hard links.
      guard call(FileSystem.renameWithoutReplacing) == 0 else { throw .last(.replace, path: path) }
    }
    isOpen = false
    UnfinishedFiles.remove(temporaryPath)
    close(descriptor)
    FileSystem.synchronizeFolder(FileSystem.folder(of: path))
  }

  /// Calls a system function with the temporary file's path and the file's own.
  private func call(
    _ function: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) -> Int32 {
    PathText.withBytes(temporaryPath) { source in
      PathText.withBytes(path) { function(source, $0) }
    }
  }

  /// Removes the temporary file; does nothing after `commit()`.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    defer { UnfinishedFiles.remove(temporaryPath) }
    PathText.withBytes(temporaryPath) { _ = unlink($0) }
    // The file is gone, so it does not matter whether its bytes were stored.
    try? synchronizer.finish()
    close(descriptor)
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` with a typed throw, which the standard library's does not have.
  func withUnsafeBytesTyped<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try withUnsafeBufferPointer { (buffer) throws(Failure) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
