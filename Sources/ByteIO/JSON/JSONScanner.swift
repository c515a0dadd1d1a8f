/// Reads JSON strictly, front to back, without building a tree.
///
/// It accepts what RFC 8259 defines and nothing else: no comments, no trailing commas, no byte
/// order mark, no repaired UTF-8. A header of 100,000 tensors is scanned in tens of milliseconds.
public struct JSONScanner: Sendable {
  let text: ByteRegion
  private let depthLimit: Int
  private var depth = 0
  /// Whether nothing was read since an object or array began: no comma precedes its first entry.
  private var isAtStart = false
  /// The next byte to be read, from the start of the text.
  public internal(set) var offset = 0
  /// Where the last string or number began, from the start of the text: what is wrong with a value
  /// often shows only after it has been read.
  public internal(set) var valueOffset = 0

  /// Starts at the first byte of a text.
  public init(_ text: ByteRegion, depthLimit: Int = Limits.standard.jsonDepth) {
    self.text = text
    self.depthLimit = depthLimit
  }

  /// An error at the current position, or at `offset`.
  public func error(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
    JSONError(reason: reason, offset: offset ?? self.offset)
  }

  /// The next byte that is not white space, which is not consumed; `nil` at the end.
  public mutating func peek() -> UInt8? {
    while offset < text.byteCount {
      switch text[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case let byte: return byte
      }
    }
    return nil
  }

  mutating func expect(_ byte: UInt8, _ description: String) throws(JSONError) {
    let found = peek()
    guard found == byte else {
      throw error(.unexpected(expected: description, found: found))
    }
    offset += 1
  }

  /// What the next value is, determined by its first byte; the value is not consumed.
  ///
  /// Throws `JSONError` where no value begins.
  public mutating func nextKind() throws(JSONError) -> JSONKind {
    let found = peek()
    switch found {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case let byte? where isNumberStart(byte): return .number
    default: throw error(.unexpected(expected: "a JSON value", found: found))
    }
  }

  /// Throws `JSONError` unless only white space is left.
  public mutating func expectEnd() throws(JSONError) {
    if peek() != nil { throw error(.trailingBytes) }
  }

  /// Enters an object.
  ///
  /// Throws `JSONError` where the next value is not one, or is nested too deep.
  public mutating func beginObject() throws(JSONError) {
    try expect(UInt8(ascii: "{"), "'{'")
    try enter()
  }

  /// Enters an array.
  ///
  /// Throws `JSONError` where the next value is not one, or is nested too deep.
  public mutating func beginArray() throws(JSONError) {
    try expect(UInt8(ascii: "["), "'['")
    try enter()
  }

  private mutating func enter() throws(JSONError) {
    depth += 1
    if depth > depthLimit { throw error(.tooDeep(limit: depthLimit), at: offset - 1) }
    isAtStart = true
  }

  /// The key of the object's next entry, with its colon consumed, or `nil` when the object ends.
  ///
  /// Throws `JSONError` where neither a key nor the end follows.
  public mutating func nextKey() throws(JSONError) -> String? {
    guard try hasNext(closing: UInt8(ascii: "}"), "',' or '}'") else { return nil }
    let key = try string()
    try expect(UInt8(ascii: ":"), "':'")
    return key
  }

  /// Whether the array has another element; if not, its end is consumed.
  ///
  /// Throws `JSONError` where neither a comma nor the end follows.
  public mutating func hasNextElement() throws(JSONError) -> Bool {
    try hasNext(closing: UInt8(ascii: "]"), "',' or ']'")
  }

  private mutating func hasNext(
    closing: UInt8, _ description: String
  ) throws(JSONError) -> Bool {
    let isFirst = isAtStart
    isAtStart = false
    let found = peek()
    if found == closing {
      offset += 1
      depth -= 1
      return false
    }
    if !isFirst { try expect(UInt8(ascii: ","), description) }
    return true
  }

  /// Takes `null`, `true` or `false`; throws for any other word.
  mutating func word() throws(JSONError) -> JSONValue {
    let words: [(String, JSONValue)] = [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
    ]
    let found = peek()
    for (word, value) in words where text.matches(word.utf8, at: offset) {
      offset += word.utf8.count
      return value
    }
    throw error(.unexpected(expected: "a JSON value", found: found))
  }

  /// Skips the next value, whatever it is, checking it against the rules.
  ///
  /// Throws `JSONError` for the first rule that it breaks.
  public mutating func skipValue() throws(JSONError) {
    switch peek() {
    case UInt8(ascii: "{"):
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    case UInt8(ascii: "["):
      try beginArray()
      while try hasNextElement() { try skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case let byte? where isNumberStart(byte): _ = try number()
    default: _ = try word()
    }
  }
}
