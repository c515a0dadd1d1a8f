import ByteIO

/// Where the bytes that belong to an opcode are, and where they end.
struct SweptOperand {
  /// The operand without its count or line feed.
  let content: Range<Int>
  /// Where the next opcode begins.
  let end: Int

  /// Finds an operand; `nil` if it extends past the bytes.
  init?(_ operand: PickleOperand, _ region: ByteRegion, from start: Int) {
    switch operand {
    case .nothing: self.init(start..<start)
    case .bytes(let count):
      guard count <= region.byteCount - start else { return nil }
      self.init(start..<start + count)
    case .line:
      guard let line = Self.line(region, from: start) else { return nil }
      self.init(line, end: line.upperBound + 1)
    case .twoLines:
      guard start < region.byteCount else { return nil }
      guard let first = Self.line(region, from: start) else {
        self.init(Self.lastLine(region, from: start), end: region.byteCount)
        return
      }
      let second = first.upperBound + 1
      let line = Self.line(region, from: second) ?? Self.lastLine(region, from: second)
      self.init(start..<line.upperBound, end: min(line.upperBound + 1, region.byteCount))
    case .counted(let width):
      guard width <= region.byteCount - start else { return nil }
      let count = Self.number(region, start..<start + width)
      guard count <= region.byteCount - start - width else { return nil }
      self.init(start + width..<start + width + count)
    }
  }

  private init(_ content: Range<Int>, end: Int? = nil) {
    self.content = content
    self.end = end ?? content.upperBound
  }

  private static func line(_ region: ByteRegion, from start: Int) -> Range<Int>? {
    region.firstOffset(of: UInt8(ascii: "\n"), from: start).map { start..<$0 }
  }

  /// A line without a line feed at the end of the bytes, as Python's own reader takes it, which
  /// drops the last byte unseen (`_Unpickler` in `Lib/pickle.py`); its reader in C takes none.
  private static func lastLine(_ region: ByteRegion, from start: Int) -> Range<Int> {
    start..<max(start, region.byteCount - 1)
  }

  /// A little-endian number of at most eight bytes; one beyond `Int` is also beyond the bytes.
  static func number(_ region: ByteRegion, _ range: Range<Int>) -> Int {
    var value: UInt64 = 0
    for offset in range.reversed() { value = value << 8 | UInt64(region[offset]) }
    return Int(clamping: value)
  }
}

extension PickleOperand {
  /// Whether its end is searched for, up to the last byte.
  var hasLines: Bool {
    switch self {
    case .line, .twoLines: true
    case .nothing, .bytes, .counted: false
    }
  }
}
