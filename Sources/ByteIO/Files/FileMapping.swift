#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file mapped into memory, read-only.
///
/// Nothing is read until it is touched, and what is touched is shared with the system's page
/// cache. The size is taken once; a file that shrinks under the mapping raises SIGBUS, which is
/// why writers replace files instead of changing them.
public final class FileMapping: Sendable {
  /// The path that was opened, as it was given.
  public let path: String
  /// The bytes of the whole file.
  public var region: ByteRegion {
    ByteRegion(unsafeBytes: UnsafeRawBufferPointer(start: base, count: byteCount), owner: self)
  }
  /// The file's size.
  public let byteCount: Int
  /// The file's device and inode, which show whether two paths lead to one file.
  public let identity: FileIdentity

  nonisolated(unsafe) private let base: UnsafeMutableRawPointer?

  /// Opens and maps a file; `-` is standard input, which is copied to a temporary file if it is a
  /// pipe.
  ///
  /// Throws `SystemError` when the path cannot be opened, is not a regular file (a folder, a pipe
  /// or a device), or cannot be mapped. The corresponding C functions are `open`, `fstat` and
  /// `mmap`.
  public convenience init(path: String) throws(SystemError) {
    if SpooledInput.isSpooled(path) {
      try self.init(descriptor: SpooledInput.descriptor(of: path), path: path)
      return
    }
    // Non-blocking, so that a pipe without a writer does not hang before it is refused.
    let descriptor = retryingOnInterrupt {
      PathText.withBytes(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    }
    guard descriptor >= 0 else { throw .last(.open, path: path) }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path)
  }

  private init(descriptor: Int32, path: String) throws(SystemError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(.inspect, path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw SystemError(.open, path: path, errorNumber: EISDIR)
    default: throw SystemError(.open, path: path, errorNumber: EINVAL)
    }
    // Files of /proc and the like have no size, and what they hold is not there to be mapped.
    var firstByte: UInt8 = 0
    guard status.st_size > 0 || pread(descriptor, &firstByte, 1, 0) <= 0 else {
      throw SystemError(.open, path: path, errorNumber: EINVAL)
    }
    guard let byteCount = Int(exactly: status.st_size) else {
      throw SystemError(.map, path: path, errorNumber: EFBIG)
    }
    self.path = path
    self.byteCount = byteCount
    self.identity = FileIdentity(status)
    guard byteCount > 0 else {
      base = nil
      return
    }
    guard let address = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0),
      address != MAP_FAILED
    else { throw .last(.map, path: path) }
    base = address
  }

  deinit {
    if let base { munmap(base, byteCount) }
  }

  /// The system maps up to this many bytes around a page that is touched (Linux's
  /// `fault_around_bytes`), so this much is let go of at a time.
  private static let windowByteCount = 1 << 16

  /// Takes pages of the mapping out of the process's memory; touching them brings them back. Darwin
  /// may keep them until it needs the memory.
  ///
  /// The window in which `bytes` end is kept, because what follows is likely to be read next. The
  /// corresponding C function is `madvise`.
  func letGo(_ bytes: UnsafeRawBufferPointer) {
    guard let base, let address = bytes.baseAddress else { return }
    let window = UInt(Self.windowByteCount)
    let start = max(UInt(bitPattern: address) / window * window, UInt(bitPattern: base))
    let end = (UInt(bitPattern: address) + UInt(bytes.count)) / window * window
    guard end > start, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
    // Nothing depends on this call: if it fails, the pages stay.
    _ = madvise(first, Int(end - start), MADV_DONTNEED)
  }
}

/// Calls `body` again for as long as a signal interrupts it.
package func retryingOnInterrupt<Result: SignedInteger>(_ body: () -> Result) -> Result {
  while true {
    let result = body()
    if result != -1 || errno != EINTR { return result }
  }
}
