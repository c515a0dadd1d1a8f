public import ByteIO

/// The memory behind one or more tensors, fetched when it is asked for.
public protocol TensorStorage: AnyObject, Sendable {
  /// The number of bytes.
  var byteCount: Int { get }
  /// The bytes, as many as `byteCount` says. Costs nothing where they lie uncompressed in a mapped
  /// file. Throws where they are not there as the file says, such as a damaged record.
  func bytes() throws -> ByteRegion
  /// Hands over all bytes in order, a piece at a time, in constant memory where they lie
  /// uncompressed in a mapped file.
  ///
  /// Storage that has a checksum may compute it along the way: damage is then found, and thrown,
  /// behind the last piece.
  func forEachPiece(_ body: (RawSpan) throws -> Void) throws
  /// The SHA-256 of all bytes. Throws what `forEachPiece` throws.
  func digest() throws -> SHA256Digest
  /// A reader of bytes that are computed in order, and need never be there as a whole; `nil` where
  /// there is none, and `bytes()` has to be asked. Throws where the reading cannot begin.
  func pieces() throws -> (any StoragePieces)?
}

/// Reads a storage's bytes in order, from the first to the last.
public protocol StoragePieces: AnyObject {
  /// The next bytes, which are good until this is called again; `nil` at the end.
  func next() -> ByteRegion?
}

extension TensorStorage {
  /// Hands over what `bytes()` gives; throws `StorageSizeError` where it is not as much as
  /// promised.
  public func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    try checkedBytes().forEachPiece(body)
  }

  /// None: `bytes()` has all there is. Throws nothing.
  public func pieces() throws -> (any StoragePieces)? { nil }

  /// Hashes what `forEachPiece` gives.
  ///
  /// Throws what `forEachPiece` throws.
  public func digest() throws -> SHA256Digest {
    var hasher = SHA256Hasher()
    try forEachPiece { hasher.update($0) }
    return hasher.digest()
  }

  /// All pieces in one block of memory, for storages that make their bytes piece by piece.
  ///
  /// Throws what `forEachPiece` throws, and `StorageSizeError` where it gives more or less than was
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

/// Storage that lies as it is in a region.
public final class RegionStorage: TensorStorage {
  private let region: ByteRegion
  /// The number of bytes.
  public var byteCount: Int { region.byteCount }

  /// Takes a region.
  public init(_ region: ByteRegion) { self.region = region }

  /// The region.
  public func bytes() -> ByteRegion { region }
}

/// A storage that gave another number of bytes than it had promised.
public struct StorageSizeError: CheckpointError, Equatable {
  /// What the storage's `byteCount` says.
  public let expectedByteCount: Int
  /// How many bytes came.
  public let foundByteCount: Int

  /// Creates an error from both counts.
  public init(expectedByteCount: Int, foundByteCount: Int) {
    self.expectedByteCount = expectedByteCount
    self.foundByteCount = foundByteCount
  }

  /// The bytes do not fit what was said of them.
  public var category: FailureCategory { .invalidInput }
  /// `storage-size`.
  public var rule: String { "storage-size" }
  /// Both counts.
  public var message: String {
    "a storage should have \(expectedByteCount) bytes, and \(foundByteCount) were read"
  }
}
