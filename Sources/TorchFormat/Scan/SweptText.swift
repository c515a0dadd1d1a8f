/// How a text is written in a pickle.
enum SweptText {
  case plain
  /// UNICODE: `\\u` and four hexadecimal digits, `\\U` and eight.
  case unicodeEscapes
  /// STRING: the escapes of Python's bytes, `\\x` and two digits, or up to three octal ones.
  case byteEscapes

  /// What the text says. Escapes that make no character stay as they are.
  func decoded(_ text: String) -> String {
    guard self != .plain, text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result = ""
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let escape = scalarOfEscape(&rest) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      result.unicodeScalars.append(escape)
    }
    return result
  }

  /// What an escape means whose backslash has been read; takes the rest of it from `rest`.
  private func scalarOfEscape(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
    guard let letter = rest.first else { return nil }
    let (width, radix, isLetter): (Int, Int, Bool)
    switch (self, letter) {
    case (.unicodeEscapes, "u"): (width, radix, isLetter) = (4, 16, true)
    case (.unicodeEscapes, "U"): (width, radix, isLetter) = (8, 16, true)
    case (.byteEscapes, "x"): (width, radix, isLetter) = (2, 16, true)
    case (.byteEscapes, "0"..."7"): (width, radix, isLetter) = (3, 8, false)
    case (.byteEscapes, "\\"), (.byteEscapes, "'"), (.byteEscapes, "\""):
      rest.removeFirst()
      return letter
    default: return nil
    }
    let body = isLetter ? rest.dropFirst() : rest
    let digits = body.prefix(width).prefix { scalar in
      scalar.isASCII && Int(String(scalar), radix: radix) != nil
    }
    guard !digits.isEmpty, digits.count == width || !isLetter,
      let value = UInt32(String(String.UnicodeScalarView(digits)), radix: radix),
      // Of three octal digits, Python keeps a byte (`_PyBytes_DecodeEscape` in bytesobject.c).
      let scalar = Unicode.Scalar(self == .byteEscapes ? value & 0xFF : value)
    else { return nil }
    rest = body.dropFirst(digits.count)
    return scalar
  }
}
