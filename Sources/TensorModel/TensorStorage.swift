public import ByteIO

/// The memory behind one or more tensors, fetched on demand.
public protocol TensorStorage: AnyObject, Sendable {
  /// The number of bytes.
  var byteCount: Int { get }
  /// The bytes, as many as `byteCount` says. Costs nothing if they are uncompressed in a mapped
  /// file. Throws if they are not there as the file says, as in a damaged record.
  func bytes() throws -> ByteRegion
  /// Passes all bytes to `body` in order, a piece at a time, in constant memory if they are
  /// uncompressed in a mapped file.
  ///
  /// Storage that has a checksum may compute it along the way: damage is then found, and thrown,
  /// after the last piece.
  func forEachPiece(_ body: (RawSpan) throws -> Void) throws
  /// The SHA-256 of all bytes. Throws what `forEachPiece` throws.
  func digest() throws -> SHA256Digest
  /// A reader of bytes that are computed in order and need never exist as a whole; `nil` if there
  /// is none, and `bytes()` has to be used. Throws if reading cannot begin.
  func pieces() throws -> (any StoragePieces)?
}

/// Reads a storage's bytes in order, from the first to the last.
public protocol StoragePieces: AnyObject {
  /// The next bytes, which are valid until this is called again; `nil` at the end.
  func next() -> ByteRegion?
}

extension TensorStorage {
  /// Passes on what `bytes()` returns; throws `StorageSizeError` if it is not as much as promised.
  public func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    try checkedBytes().forEachPiece(body)
  }

  /// `nil`, because `bytes()` returns everything. Throws nothing.
  public func pieces() throws -> (any StoragePieces)? { nil }

  /// Hashes what `forEachPiece` passes.
  ///
  /// Throws what `forEachPiece` throws.
  public func digest() throws -> SHA256Digest {
    var hasher = SHA256Hasher()
    try forEachPiece { hasher.update($0) }
    return hasher.digest()
  }

  /// All pieces in one block of memory, for storages that produce their bytes piece by piece.
  ///
  /// Throws what `forEachPiece` throws, and `StorageSizeError` if it passes more or less than was
  /// promised.
  public func gatheredBytes() throws -> ByteRegion {
    let block = try MemoryBlock(byteCount: byteCount)
    var end = 0
    try forEachPiece { piece in
      guard piece.byteCount <= byteCount - end else {
        throw StorageSizeError(
          expectedByteCount: byteCount, foundByteCount: end + piece.byteCount)
      }
      piece.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: block.bytes[end...]).copyMemory(from: source)
      }
      end += piece.byteCount
    }
    guard end == byteCount else {
      throw StorageSizeError(expectedByteCount: byteCount, foundByteCount: end)
    }
    return ByteRegion(block)
  }

  /// The bytes, as many as were promised.
  func checkedBytes() throws -> ByteRegion {
    let bytes = try bytes()
    guard bytes.byteCount == byteCount else {
      throw StorageSizeError(expectedByteCount: byteCount, foundByteCount: bytes.byteCount)
    }
    return bytes
  }
}

/// Storage whose bytes are a region as it is.
public final class RegionStorage: TensorStorage {
  private let region: ByteRegion
  /// The number of bytes.
  public var byteCount: Int { region.byteCount }

  /// Creates storage from a region.
  public init(_ region: ByteRegion) { self.region = region }

  /// The region.
  public func bytes() -> ByteRegion { region }
}

/// A storage returned a different number of bytes than it had promised.
public struct StorageSizeError: CheckpointError, Equatable {
  /// What the storage's `byteCount` says.
  public let expectedByteCount: Int
  /// How many bytes were returned.
  public let foundByteCount: Int

  /// Creates an error from both counts.
  public init(expectedByteCount: Int, foundByteCount: Int) {
    self.expectedByteCount = expectedByteCount
    self.foundByteCount = foundByteCount
  }

  /// The bytes do not match what was promised.
  public var category: FailureCategory { .invalidInput }
  /// `storage-size`.
  public var rule: String { "storage-size" }
  /// Both counts.
  public var message: String {
    "a storage should have \(expectedByteCount) bytes, and \(foundByteCount) were read"
  }
}
