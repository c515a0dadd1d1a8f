/// The lines of a region, from one line feed to the next, without it; the last one may have none.
///
/// They are found one after the other: a text of very many lines takes no memory for them.
public struct ByteLines: Sequence, IteratorProtocol, Sendable {
  private var rest: ByteRegion?

  /// Starts at the first line; no bytes are one empty line.
  public init(_ region: ByteRegion) { rest = region }

  /// The next line; `nil` behind the last one.
  public mutating func next() -> ByteRegion? {
    guard let text = rest else { return nil }
    guard let end = text.firstOffset(of: UInt8(ascii: "\n"), from: 0) else {
      rest = nil
      return text
    }
    rest = text.slice(offset: end + 1, byteCount: text.byteCount - end - 1)
    return text.slice(offset: 0, byteCount: end)
  }
}
