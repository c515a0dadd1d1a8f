import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder for a test's files and folders, removed with them when the value is let go of.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Makes an empty folder.
  public init() throws {
    var template = Array("/tmp/convnext-kit-tests-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw SystemError(.makeDirectory, path: "/tmp", errorNumber: errno) }
    path = made
  }

  deinit { Self.remove(path) }

  /// Removes whatever is at a path; links are removed, not followed.
  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in namesInFolder(path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// A path in the folder.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of everything in the folder, hidden files too, sorted.
  public var names: [String] { namesInFolder(path) }

  /// Writes a file; its path.
  @discardableResult
  public func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
    let output = try OutputFile(path: path(name), replacingExisting: true)
    try output.write(Array(bytes), at: 0)
    try output.commit()
    return path(name)
  }

  /// The bytes of a file in the folder.
  public func bytes(_ name: String) throws -> [UInt8] {
    try FileMapping(path: path(name)).region.array
  }

  /// Makes a symbolic link in the folder.
  public func link(_ name: String, to target: String) {
    symlink(target, path(name))
  }

  /// Makes a named pipe in the folder.
  public func makePipe(_ name: String) {
    mkfifo(path(name), 0o600)
  }
}
