import ByteIO

/// The members of an archive that cannot be read as one, found by their own headers: whatever hides
/// them from one reader may show them to another.
struct StrayMembers: Sequence, IteratorProtocol {
  /// A member whose bytes end where the file does: nothing that can be trusted says where it ends.
  struct Member {
    /// The name for messages, which may be truncated.
    let name: String
    let bytes: ByteRegion
    /// Where the bytes begin in the file; `nil` if they are not in it as they are.
    let offset: Int?
    /// How many bytes it took to find it.
    let cost: Int
  }

  private let region: ByteRegion
  private let limits: Limits
  private var offset = 0
  private var inflated: Member?

  init(_ region: ByteRegion, limits: Limits) {
    self.region = region
    self.limits = limits
  }

  /// How many of each member's bytes are tried: many members may begin before the same ones.
  private static let probedByteCount = 1 << 14

  /// Each member as its bytes are, and then as they inflate: a reader that goes by a directory does
  /// not ask the member's own header which of the two is meant.
  mutating func next() -> Member? {
    if let member = inflated {
      inflated = nil
      return member
    }
    while let start = region.firstOffset(ofWord: ZipRecord.local.rawValue, from: offset) {
      offset = start + 4
      let nameOffset = start + ZipRecord.local.byteCount
      guard let header = ZipFields(region, at: start, .local),
        let name = region.slice(
          offset: nameOffset, byteCount: header[ZipField.Local.nameByteCount]),
        let rest = region.suffix(
          from: nameOffset + name.byteCount + header[ZipField.Local.extraByteCount])
      else { continue }
      let text = name.withUnsafeBytes {
        String(decoding: $0.prefix(ZipNames.byteCountLimit), as: UTF8.self)
      }
      let limit = Swift.min(
        limits.pickleByteCount,
        ZipArchive.inflationLimit(byteCount: rest.byteCount, limits: limits))
      inflated = InflatedStart(rest, limit: limit, probedByteCount: Self.probedByteCount).map {
        Member(name: text, bytes: $0.bytes, offset: nil, cost: $0.cost)
      }
      return Member(
        name: text, bytes: rest, offset: region.byteCount - rest.byteCount, cost: name.byteCount)
    }
    return nil
  }
}

extension ByteRegion {
  /// The bytes from `offset` on, or `nil` if that is past the end.
  func suffix(from offset: Int) -> ByteRegion? {
    slice(offset: offset, byteCount: byteCount - offset)
  }

  /// The offset of the first little-endian 32-bit number equal to `word`, from `offset` on, or
  /// `nil` if there is none. Lets go of what it has gone over, because files are large.
  fileprivate func firstOffset(ofWord word: UInt32, from offset: Int) -> Int? {
    var start = offset
    while let piece = slice(
      offset: start, byteCount: Swift.min(Self.pieceByteCount, byteCount - start)),
      piece.byteCount >= 4
    {
      if let found = piece.withUnsafeBytes({ Self.firstOffset(ofWord: word, in: $0) }) {
        return start + found
      }
      if piece.byteCount == Self.pieceByteCount { piece.letGo() }
      start += piece.byteCount - 3
    }
    return nil
  }

  private static func firstOffset(ofWord word: UInt32, in bytes: UnsafeRawBufferPointer) -> Int? {
    let first = UInt8(truncatingIfNeeded: word)
    for place in 0...bytes.count - 4 where bytes[place] == first {
      let found = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      if UInt32(littleEndian: found) == word { return place }
    }
    return nil
  }
}
