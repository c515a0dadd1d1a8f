#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What distinguishes one file from another, whatever paths lead to it.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// The identity of the file that `path` leads to, or `nil` where there is none.
  public init?(path: String) {
    var status = stat()
    guard PathText.withBytes(path, { stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }
}
