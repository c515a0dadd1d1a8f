#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A block of memory, aligned to 64 bytes, that is filled once and then read through a region.
public final class MemoryBlock: @unchecked Sendable {
  // Unchecked: whoever fills the block does so before sharing it.

  /// The memory; its content is undefined until written.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Allocates `byteCount` bytes.
  ///
  /// Throws where the system does not have that much memory: sizes may come from a file, and
  /// `UnsafeMutableRawBufferPointer.allocate` would end the program.
  public init(byteCount: Int) throws(MemoryError) {
    var address: UnsafeMutableRawPointer?
    guard byteCount >= 0, posix_memalign(&address, 64, max(1, byteCount)) == 0, let address else {
      throw MemoryError(byteCount: byteCount)
    }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }

  deinit { free(bytes.baseAddress) }
}
