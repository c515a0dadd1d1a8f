import Crypto

/// A SHA-256 digest.
///
/// Equality and order are those of its 32 bytes.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// The digest's length.
  public static let byteCount = 32

  /// The 32 bytes.
  public let bytes: [UInt8]

  /// Takes 32 bytes, or `nil` for any other count.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// Takes 64 hexadecimal digits of either case, or `nil` for anything else.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Self.byteCount else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = hexDigitValue(digits[index]), let low = hexDigitValue(digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  fileprivate init(_ hasher: SHA256) {
    bytes = Array(hasher.finalize())
  }

  /// The digest of some bytes, read in constant memory.
  public init(of region: ByteRegion) {
    var hasher = SHA256Hasher()
    region.forEachPiece { hasher.update($0) }
    self = hasher.digest()
  }

  /// The digest of some bytes, read in constant memory.
  ///
  /// Throws `CancellationError` once `progress` or the calling task is cancelled.
  ///
  /// - Parameter progress: Where the bytes are counted as done.
  public init(of region: ByteRegion, progress: WorkProgress) throws(CancellationError) {
    var hasher = SHA256Hasher()
    try region.forEachPiece { (piece) throws(CancellationError) in
      try progress.checkCancellation()
      hasher.update(piece)
      progress.complete(byteCount: piece.byteCount)
    }
    self = hasher.digest()
  }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) {
    self.init(of: ByteRegion(copying: text.utf8))
  }

  /// The digest in 64 lower-case hexadecimal digits.
  public var hex: String { lowercaseHex(bytes) }
  /// The same as `hex`, so that logs show it.
  public var description: String { hex }
}

/// Computes a SHA-256 digest piece by piece, with the processor's SHA instructions where it has
/// them.
public struct SHA256Hasher: Sendable {
  private var hasher = SHA256()

  /// Starts with no bytes taken in.
  public init() {}

  /// Takes in the next bytes.
  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
  }

  /// The digest of everything taken in.
  public func digest() -> SHA256Digest { SHA256Digest(hasher) }
}
