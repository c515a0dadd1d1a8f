import ByteIO

/// The members of a tar archive, as far as its headers can be followed (POSIX.1-1988, `ustar`).
struct TarMembers: Sequence, IteratorProtocol {
  private static let blockByteCount = 512
  private static let nameByteCount = 100
  private static let sizeDigits = 124..<135
  private let region: ByteRegion
  private var offset = 0

  init(_ region: ByteRegion) { self.region = region }

  mutating func next() -> StrayMembers.Member? {
    guard region.matches("ustar".utf8, at: offset + 257),
      let header = region.slice(offset: offset, byteCount: Self.blockByteCount),
      let rest = region.suffix(from: offset + Self.blockByteCount)
    else { return nil }
    let bytes = header.array
    let digits = String(decoding: bytes[Self.sizeDigits].prefix { $0 > 0x20 }, as: UTF8.self)
    let size = Swift.min(Swift.max(0, Int(digits, radix: 8) ?? 0), rest.byteCount)
    let blockCount = (size + Self.blockByteCount - 1) / Self.blockByteCount
    offset += (1 + blockCount) * Self.blockByteCount
    return StrayMembers.Member(
      name: String(decoding: bytes.prefix(Self.nameByteCount).prefix { $0 != 0 }, as: UTF8.self),
      bytes: rest.slice(offset: 0, byteCount: size) ?? rest,
      cost: Self.blockByteCount)
  }
}
