/// Reads JSON strictly, front to back, without building a tree.
///
/// It takes what RFC 8259 defines and nothing else: no comments, no trailing commas, no byte order
/// mark, no repaired UTF-8. A header of 100,000 tensors is scanned in some tens of milliseconds.
public struct JSONScanner: Sendable {
  private let text: ByteRegion
  private let depthLimit: Int
  private var depth = 0
  /// The next byte to be read, from the start of the text.
  public private(set) var offset = 0
  /// Where the last string or number began, from the start of the text; what is wrong with a value
  /// often shows only when it has been read.
  public private(set) var valueOffset = 0

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

  private mutating func expect(_ byte: UInt8, _ description: String) throws(JSONError) {
    let found = peek()
    guard found == byte else {
      throw error(.unexpected(expected: description, found: found))
    }
    offset += 1
  }

  /// What the next value is, told by its first byte; the value is not consumed.
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

  /// Fails unless only white space is left.
  public mutating func expectEnd() throws(JSONError) {
    if peek() != nil { throw error(.trailingBytes) }
  }

  /// Enters an object.
  public mutating func beginObject() throws(JSONError) {
    try expect(UInt8(ascii: "{"), "'{'")
    try enter()
  }

  /// Enters an array.
  public mutating func beginArray() throws(JSONError) {
    try expect(UInt8(ascii: "["), "'['")
    try enter()
  }

  private mutating func enter() throws(JSONError) {
    depth += 1
    if depth > depthLimit { throw error(.tooDeep(limit: depthLimit), at: offset - 1) }
  }

  /// The key of the object's next entry, with its colon consumed, or `nil` when the object ends.
  ///
  /// - Parameter isFirst: true for the first call after `beginObject()`, which no comma precedes.
  public mutating func nextKey(isFirst: Bool) throws(JSONError) -> String? {
    guard try hasNext(isFirst: isFirst, closing: UInt8(ascii: "}"), "',' or '}'") else {
      return nil
    }
    let key = try string()
    try expect(UInt8(ascii: ":"), "':'")
    return key
  }

  /// Whether the array has another element; when not, its end is consumed.
  ///
  /// - Parameter isFirst: true for the first call after `beginArray()`, which no comma precedes.
  public mutating func nextElement(isFirst: Bool) throws(JSONError) -> Bool {
    try hasNext(isFirst: isFirst, closing: UInt8(ascii: "]"), "',' or ']'")
  }

  private mutating func hasNext(
    isFirst: Bool, closing: UInt8, _ description: String
  ) throws(JSONError) -> Bool {
    let found = peek()
    if found == closing {
      offset += 1
      depth -= 1
      return false
    }
    if !isFirst { try expect(UInt8(ascii: ","), description) }
    return true
  }

  /// A string, its escapes resolved.
  public mutating func string() throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = offset
    valueOffset = start - 1
    passPlainCharacters()
    guard offset < text.byteCount else {
      throw error(.unexpected(expected: "'\"'", found: nil))
    }
    switch text[offset] {
    case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
    case UInt8(ascii: "\""): break
    case let byte: throw error(.controlCharacter(byte))
    }
    guard let value = plainString(in: start..<offset) else {
      throw error(.invalidUTF8, at: start)
    }
    try checkMarks(of: value, at: start)
    offset += 1
    return value
  }

  private func checkMarks(of value: String, at start: Int) throws(JSONError) {
    if value.hasTooManyMarks { throw error(.tooManyMarks(limit: String.markLimit), at: start) }
  }

  /// Passes over the characters of a string that stand for themselves.
  private mutating func passPlainCharacters() {
    let start = offset
    offset = text.withUnsafeBytes { bytes in
      var offset = start
      while offset < bytes.count {
        let byte = bytes[offset]
        if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
        offset += 1
      }
      return offset
    }
  }

  /// The bytes of a range as text, or `nil` where they are not valid UTF-8.
  private func plainString(in range: Range<Int>) -> String? {
    text.withUnsafeBytes { String(validatingUTF8: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    var bytes = text.slice(offset: start, byteCount: offset - start)?.array ?? []
    while offset < text.byteCount {
      let byte = text[offset]
      switch byte {
      case UInt8(ascii: "\""):
        guard let value = String(validating: bytes, as: UTF8.self) else {
          throw error(.invalidUTF8, at: start)
        }
        try checkMarks(of: value, at: start)
        offset += 1
        return value
      case UInt8(ascii: "\\"):
        bytes.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        throw error(.controlCharacter(byte))
      default:
        bytes.append(byte)
        offset += 1
      }
    }
    throw error(.unexpected(expected: "'\"'", found: nil))
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    guard offset + 1 < text.byteCount else {
      throw error(.unexpected(expected: "an escape", found: nil))
    }
    let letter = text[offset + 1]
    offset += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexQuad(escapeAt: start)
      if (0xD800..<0xDC00).contains(code) {
        guard text.matches(Array("\\u".utf8), at: offset) else {
          throw error(.invalidEscape, at: start)
        }
        offset += 2
        let low = try hexQuad(escapeAt: start)
        guard (0xDC00..<0xE000).contains(low) else { throw error(.invalidEscape, at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error(.invalidEscape, at: start) }
      return scalar
    default: throw error(.invalidEscape, at: start)
    }
  }

  private mutating func hexQuad(escapeAt start: Int) throws(JSONError) -> UInt32 {
    guard let quad = text.slice(offset: offset, byteCount: 4) else {
      throw error(.invalidEscape, at: start)
    }
    var code: UInt32 = 0
    for index in 0..<4 {
      guard let digit = hexDigitValue(quad[index]) else { throw error(.invalidEscape, at: start) }
      code = code << 4 | UInt32(digit)
    }
    offset += 4
    return code
  }

  /// A whole number from 0 to 2^64-1, written in decimal digits without a sign, a fraction, an
  /// exponent or leading zeros.
  public mutating func count() throws(JSONError) -> UInt64 {
    guard let first = peek() else {
      throw error(.unexpected(expected: "a number", found: nil))
    }
    let start = offset
    valueOffset = start
    guard first.isASCIIDigit else {
      if first == UInt8(ascii: "-") { throw error(.notACount) }
      throw error(.unexpected(expected: "a number", found: first))
    }
    var value: UInt64 = 0
    while offset < text.byteCount, text[offset].isASCIIDigit {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(text[offset] & 15))
      if overflows || carries { throw error(.notACount, at: start) }
      value = sum
      offset += 1
    }
    if first == UInt8(ascii: "0") && offset - start > 1 { throw error(.invalidNumber, at: start) }
    guard offset < text.byteCount else { return value }
    switch text[offset] {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      throw error(.notACount, at: start)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      throw error(.invalidNumber, at: start)
    default: return value
    }
  }

  /// Any number: `integer` where it is written as one and fits in 64 signed bits.
  ///
  /// Fails for numbers that a `Double` cannot hold, such as `1e999`.
  mutating func number() throws(JSONError) -> JSONValue {
    let isInteger = try skipNumber()
    let literal = text.slice(offset: valueOffset, byteCount: offset - valueOffset)?.text ?? ""
    if isInteger, let value = Int(literal) { return .integer(value) }
    guard let value = Double(literal), value.isFinite else {
      throw error(.invalidNumber, at: valueOffset)
    }
    return .number(value)
  }

  /// Passes over a number; whether it has neither a fraction nor an exponent.
  private mutating func skipNumber() throws(JSONError) -> Bool {
    _ = peek()
    let start = offset
    valueOffset = start
    var isInteger = true
    _ = take("-")
    let integerStart = offset
    try digits(numberAt: start)
    if offset - integerStart > 1 && text[integerStart] == UInt8(ascii: "0") {
      throw error(.invalidNumber, at: start)
    }
    if take(".") {
      isInteger = false
      try digits(numberAt: start)
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits(numberAt: start)
    }
    return isInteger
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard offset < text.byteCount, text[offset] == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func digits(numberAt start: Int) throws(JSONError) {
    let first = offset
    while offset < text.byteCount, text[offset].isASCIIDigit { offset += 1 }
    if offset == first { throw error(.invalidNumber, at: start) }
  }

  /// Whether a number can begin with `byte`.
  func isNumberStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte.isASCIIDigit
  }

  /// Takes `null`, `true` or `false`; fails for any other word.
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

  /// Passes over the next value, whatever it is, holding it to the rules.
  public mutating func skipValue() throws(JSONError) {
    switch peek() {
    case UInt8(ascii: "{"):
      try beginObject()
      var isFirst = true
      while try nextKey(isFirst: isFirst) != nil {
        isFirst = false
        try skipValue()
      }
    case UInt8(ascii: "["):
      try beginArray()
      var isFirst = true
      while try nextElement(isFirst: isFirst) {
        isFirst = false
        try skipValue()
      }
    case UInt8(ascii: "\""): _ = try string()
    case let byte? where isNumberStart(byte): _ = try number()
    default: _ = try word()
    }
  }
}

/// What a JSON value is.
public enum JSONKind: String, Sendable {
  case object, array, string, number, bool, null
}

extension JSONKind: CustomStringConvertible {
  /// The kind with its article, for sentences.
  public var description: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "a truth value"
    case .null: "null"
    }
  }
}
