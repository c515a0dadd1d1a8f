/// The lines of a text, without their line feeds, without carriage returns before those (the line
/// endings of Windows), and without a byte order mark before the first line. The last line need not
/// end in a line feed.
///
/// Lines are found one at a time, so a text with very many of them takes no memory for them.
package struct ByteLines: Sequence, IteratorProtocol, Sendable {
  private var rest: ByteRegion?

  /// Starts at the first line. An empty region has one empty line.
  package init(_ region: ByteRegion) {
    let mark = "\u{FEFF}".utf8
    rest =
      region.matches(mark)
      ? region.slice(offset: mark.count, byteCount: region.byteCount - mark.count) : region
  }

  /// The next line; `nil` after the last one.
  package mutating func next() -> ByteRegion? {
    guard let text = rest else { return nil }
    guard let end = text.firstOffset(of: UInt8(ascii: "\n"), from: 0) else {
      rest = nil
      return Self.withoutCarriageReturn(text)
    }
    rest = text.slice(offset: end + 1, byteCount: text.byteCount - end - 1)
    return text.slice(offset: 0, byteCount: end).map(Self.withoutCarriageReturn)
  }

  private static func withoutCarriageReturn(_ line: ByteRegion) -> ByteRegion {
    let last = line.byteCount - 1
    guard last >= 0, line[last] == UInt8(ascii: "\r") else { return line }
    return line.slice(offset: 0, byteCount: last) ?? line
  }
}
