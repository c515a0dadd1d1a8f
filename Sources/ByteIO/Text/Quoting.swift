/// Text from a file, made safe to show: control characters, bidirectional overrides, line
/// separators and characters that show nothing are written as escapes, and text longer than `limit`
/// scalars is truncated.
package func escaped(_ text: some StringProtocol, limit: Int = .max) -> String {
  escaped(String(text), limit: limit)
}

/// The same for a whole string.
package func escaped(_ text: String, limit: Int = .max) -> String {
  // Nearly all names are plain, and a file may have very many.
  if text.utf8.count <= limit && text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
    return text
  }
  var result = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    if count == limit { return result + "…" }
    switch scalar.value {
    case _ where PathText.byte(of: scalar) != nil:
      result += "\\x" + lowercaseHex([PathText.byte(of: scalar) ?? 0])
    case 0x0A: result += "\\n"
    case 0x09: result += "\\t"
    case 0x0D: result += "\\r"
    case _ where scalar.steersText || scalar.showsNothing:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension Unicode.Scalar {
  /// Scalars that move or reorder text instead of being a part of it: control characters,
  /// characters that set the writing direction, line separators, and characters without width.
  ///
  /// The native format's header escapes them, so a change here changes the bytes that are written.
  package static let steeringRanges: [ClosedRange<UInt32>] = [
    0x0...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F,
  ]

  /// Letters and marks that look like nothing: soft hyphen, fillers of Korean syllables, Mongolian
  /// vowel separator, variation selectors.
  private static let blankRanges: [ClosedRange<UInt32>] = [
    0xAD...0xAD, 0x34F...0x34F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x3164...0x3164,
    0xFE00...0xFE0F, 0xFFA0...0xFFA0, 0xE0100...0xE01EF,
  ]

  /// Whether a scalar is one of `blankRanges`.
  var showsNothing: Bool { Self.blankRanges.contains { $0.contains(value) } }

  /// Whether a scalar is one of `steeringRanges`.
  var steersText: Bool {
    if (0x20...0x7E).contains(value) { return false }
    return Self.steeringRanges.contains { $0.contains(value) }
  }
}

/// Text from a file in single quotation marks, escaped and truncated for use in a sentence.
package func quoted(_ text: some StringProtocol) -> String {
  "'\(escaped(text, limit: 120))'"
}

/// The first four of names from a file, each quoted, and how many more there are.
package func quotedList(_ names: [String]) -> String {
  names.prefix(4).map { quoted($0) }.joined(separator: ", ")
    + (names.count > 4 ? " and \(names.count - 4) more" : "")
}

/// How many bytes a file has too many: `1 byte follows the last tensor`.
package func bytesFollow(_ count: Int, _ place: String) -> String {
  "\(counted(count, "byte")) \(count == 1 ? "follows" : "follow") \(place)"
}
