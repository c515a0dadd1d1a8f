import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Input that can be read only once, from front to back. It is copied to a temporary file without a
/// name, because readers access any byte at any time, and more than once.
enum SpooledInput {
  /// The path that means standard input.
  static let standardInput = "-"

  /// Folders whose paths mean what this process has open already, such as the pipe that a shell
  /// makes for `<(command)`. A named pipe elsewhere is refused, because nobody may ever write to
  /// it.
  private static let openPaths = ["/dev/fd/", "/proc/self/fd/"]

  private static let descriptors = Lock(Descriptors())

  /// What was read, by the path that was asked for, and by the file behind that path, because one
  /// pipe can have several paths.
  private struct Descriptors {
    var byPath: [String: Int32] = [:]
    var byStream: [FileIdentity: Int32] = [:]
  }

  static func isSpooled(_ path: String) -> Bool {
    path == standardInput || path == "/dev/stdin"
      || openPaths.contains { folder in
        let name = path.utf8.dropFirst(folder.utf8.count)
        return path.utf8.starts(with: folder.utf8) && !name.isEmpty
          && name.allSatisfy(\.isASCIIDigit)
      }
  }

  /// A descriptor of a regular file with the bytes of an input; it stays open until the process
  /// ends. The first call for an input reads all of it.
  static func descriptor(of path: String) throws(SystemError) -> Int32 {
    try descriptors.withLock { (known) throws(SystemError) in
      if let descriptor = known.byPath[path] { return descriptor }
      let source = try open(path)
      var status = stat()
      guard fstat(source, &status) == 0 else {
        throw closing(source, .last(.inspect, path: path))
      }
      let descriptor: Int32
      switch status.st_mode & S_IFMT {
      case S_IFREG: descriptor = source
      case S_IFIFO, S_IFSOCK:
        if let copied = known.byStream[FileIdentity(status)] {
          close(source)
          descriptor = copied
        } else {
          descriptor = try copy(of: source, path)
          known.byStream[FileIdentity(status)] = descriptor
        }
      case S_IFDIR: throw closing(source, SystemError(.open, path: path, errorNumber: EISDIR))
      default: throw closing(source, SystemError(.open, path: path, errorNumber: EINVAL))
      }
      known.byPath[path] = descriptor
      return descriptor
    }
  }

  private static func open(_ path: String) throws(SystemError) -> Int32 {
    let descriptor = retryingOnInterrupt {
      path == standardInput
        ? dup(0) : PathText.withBytes(path) { systemOpen($0, O_RDONLY | O_CLOEXEC) }
    }
    guard descriptor >= 0 else { throw .last(.open, path: path) }
    return descriptor
  }

  private static func copy(of source: Int32, _ path: String) throws(SystemError) -> Int32 {
    defer { close(source) }
    let folder = environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = PathText.withBytes("\(folder)/convnext-input-XXXXXX") {
      Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
    }
    let target = template.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let name = buffer.baseAddress else { return -1 }
      let descriptor = mkstemp(name)
      if descriptor >= 0 { unlink(name) }
      return descriptor
    }
    guard target >= 0 else { throw .last(.createTemporary, path: folder) }
    _ = fcntl(target, F_SETFD, FD_CLOEXEC)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { block.deallocate() }
    while true {
      let count = retryingOnInterrupt { read(source, block.baseAddress, block.count) }
      guard count >= 0 else { throw closing(target, .last(.read, path: path)) }
      if count == 0 { return target }
      var done = 0
      while done < count {
        let start = block.baseAddress.map { $0 + done }
        let written = retryingOnInterrupt { systemWrite(target, start, count - done) }
        guard written > 0 else { throw closing(target, .last(.spool, path: path)) }
        done += written
      }
    }
  }

  private static func closing(_ descriptor: Int32, _ error: SystemError) -> SystemError {
    close(descriptor)
    return error
  }
}

/// `open`, under a name that no method hides.
private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
  open(path, flags)
}

/// `write`, under a name that no method hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
