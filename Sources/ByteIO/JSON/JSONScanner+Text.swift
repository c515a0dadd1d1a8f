extension JSONScanner {
  /// A string, its escapes resolved.
  ///
  /// Throws `JSONError` where the next value is not a string, or breaks a rule for strings.
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

  /// Skips the characters of a string that represent themselves.
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
}
