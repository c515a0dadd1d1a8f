extension JSONValue {
  /// The value as JSON text.
  ///
  /// The same value always gives the same text. Control characters, including those beyond ASCII,
  /// and characters that reorder text are escaped, so that the text can be shown on a terminal. A
  /// number that JSON cannot represent (NaN, infinity) is `null`.
  ///
  /// - Parameter isPretty: two spaces per level and one entry per line; arrays of plain values stay
  ///   on one line.
  public func serialized(isPretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indentation: isPretty ? 0 : nil)
    return text
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .bigInteger(let digits): text += digits
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      let isNested = elements.contains { $0.isContainer }
      write(elements, to: &text, between: ("[", "]"), indentation: isNested ? indentation : nil) {
        $0.write(to: &$1, indentation: $2)
      }
    case .object(let object):
      write(object.entries, to: &text, between: ("{", "}"), indentation: indentation) {
        Self.write($0.key, to: &$1)
        $1 += indentation == nil ? ":" : ": "
        $0.value.write(to: &$1, indentation: $2)
      }
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private func write<Element>(
    _ elements: [Element], to text: inout String, between brackets: (String, String),
    indentation: Int?, _ writeElement: (Element, inout String, Int?) -> Void
  ) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let indentation {
        text += "\n" + String(repeating: " ", count: indentation + 2)
      }
      writeElement(element, &text, indentation.map { $0 + 2 })
    }
    if let indentation, !elements.isEmpty {
      text += "\n" + String(repeating: " ", count: indentation)
    }
    text += brackets.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    defer { text += "\"" }
    if string.utf8.allSatisfy(isPlain) {
      text += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.steersText {
          for unit in String(scalar).utf16 {
            text += "\\u" + lowercaseHex([UInt8(unit >> 8), UInt8(unit & 0xFF)])
          }
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
  }

  /// Whether a byte is an ASCII character that represents itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
