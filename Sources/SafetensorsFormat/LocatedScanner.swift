import ByteIO

/// A JSON scanner whose errors and offsets refer to the file that the text is part of.
struct LocatedScanner {
  /// What the text is, which the messages name.
  enum Part: Equatable, Sendable {
    case header, shardIndex
  }

  private var scanner: JSONScanner
  private let part: Part
  private let start: Int

  init(_ text: ByteRegion, of part: Part, fileOffset: Int = 0, limits: Limits) {
    scanner = JSONScanner(text, depthLimit: limits.jsonDepth)
    self.part = part
    start = fileOffset
  }

  /// The next byte to be read, from the start of the file.
  var fileOffset: Int { start + scanner.offset }
  /// Where the last string or number began, from the start of the file.
  var valueOffset: Int { start + scanner.valueOffset }

  private mutating func located<Value>(
    _ read: (inout JSONScanner) throws(JSONError) -> Value
  ) throws(SafetensorsError) -> Value {
    do {
      return try read(&scanner)
    } catch {
      let fileOffset = start + error.offset
      throw part == .header
        ? .headerJSON(error.reason, fileOffset: fileOffset)
        : .indexJSON(error.reason, fileOffset: fileOffset)
    }
  }

  mutating func nextKind() throws(SafetensorsError) -> JSONKind {
    try located { (scanner) throws(JSONError) in try scanner.nextKind() }
  }

  mutating func beginObject() throws(SafetensorsError) {
    try located { (scanner) throws(JSONError) in try scanner.beginObject() }
  }

  mutating func beginArray() throws(SafetensorsError) {
    try located { (scanner) throws(JSONError) in try scanner.beginArray() }
  }

  mutating func nextKey() throws(SafetensorsError) -> String? {
    try located { (scanner) throws(JSONError) in try scanner.nextKey() }
  }

  mutating func hasNextElement() throws(SafetensorsError) -> Bool {
    try located { (scanner) throws(JSONError) in try scanner.hasNextElement() }
  }

  mutating func string() throws(SafetensorsError) -> String {
    try located { (scanner) throws(JSONError) in try scanner.string() }
  }

  mutating func count() throws(SafetensorsError) -> UInt64 {
    try located { (scanner) throws(JSONError) in try scanner.count() }
  }

  mutating func skipValue() throws(SafetensorsError) {
    try located { (scanner) throws(JSONError) in try scanner.skipValue() }
  }

  mutating func expectEnd() throws(SafetensorsError) {
    try located { (scanner) throws(JSONError) in try scanner.expectEnd() }
  }
}
