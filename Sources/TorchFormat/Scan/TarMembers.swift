import ByteIO

/// The members of a tar archive, as far as its headers can be followed.
struct TarMembers: Sequence, IteratorProtocol {
  private let region: ByteRegion
  private var offset = 0

  init(_ region: ByteRegion) { self.region = region }

  mutating func next() -> StrayMembers.Member? {
    guard let header = TarHeader(region, at: offset),
      let rest = region.suffix(from: offset + TarHeader.byteCount)
    else { return nil }
    let start = offset + TarHeader.byteCount
    let size = Swift.min(Swift.max(0, header.contentByteCount), rest.byteCount)
    let blockCount = (size + TarHeader.byteCount - 1) / TarHeader.byteCount
    offset += (1 + blockCount) * TarHeader.byteCount
    return StrayMembers.Member(
      name: header.name, bytes: rest.slice(offset: 0, byteCount: size) ?? rest, offset: start,
      cost: TarHeader.byteCount)
  }
}
