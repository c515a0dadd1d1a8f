/// Text from a file, made safe to show: control characters, bidirectional overrides and line
/// separators are written as escapes, and what is longer than `limit` scalars is cut.
public func escaped(_ text: some StringProtocol, limit: Int = .max) -> String {
  escaped(String(text), limit: limit)
}

/// The same of a whole string.
public func escaped(_ text: String, limit: Int = .max) -> String {
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
    case _ where scalar.steersText:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension Unicode.Scalar {
  /// Scalars that move or reorder text instead of being a part of it: control characters, what sets
  /// the direction of writing, separators of lines, and what has no width.
  ///
  /// The native format's header escapes them, so a change here is a change of the bytes that are
  /// written.
  package static let steeringRanges: [ClosedRange<UInt32>] = [
    0x0...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F,
  ]

  /// Whether a scalar is one of `steeringRanges`.
  var steersText: Bool {
    if (0x20...0x7E).contains(value) { return false }
    return Self.steeringRanges.contains { $0.contains(value) }
  }
}

/// Text from a file in single quotation marks, escaped and cut for use in a sentence.
public func quoted(_ text: some StringProtocol) -> String {
  "'\(escaped(text, limit: 120))'"
}

/// The first four of names from a file, each quoted, and how many more there are.
public func quotedList(_ names: [String]) -> String {
  names.prefix(4).map { quoted($0) }.joined(separator: ", ")
    + (names.count > 4 ? " and \(names.count - 4) more" : "")
}

/// A count with its noun: `1 byte`, `2 bytes`.
public func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// What is too much in a file: `1 byte follows the last tensor`.
public func bytesFollow(_ count: Int, _ place: String) -> String {
  "\(counted(count, "byte")) \(count == 1 ? "follows" : "follow") \(place)"
}

/// A byte count for people: `109.1 MiB`, and the exact count below one KiB.
public func readableByteCount(_ byteCount: Int) -> String {
  guard byteCount >= 1024 else { return "\(byteCount) B" }
  var value = Double(byteCount) / 1024
  var unit = 0
  let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  while value >= 1023.95, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return "\(fixedPoint(value, decimals: 1)) \(units[unit])"
}

/// A number with a fixed count of decimals (at most 9), rounded half away from zero.
public func fixedPoint(_ value: Double, decimals: Int) -> String {
  var scale = 1
  for _ in 0..<decimals { scale *= 10 }
  let scaled = value.magnitude * Double(scale) + 0.5
  guard scaled < 9e18 else { return "\(value)" }
  let units = Int(scaled)
  let sign = value < 0 && units > 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(units)" }
  let fraction = String(units % scale)
  let padding = String(repeating: "0", count: decimals - fraction.utf8.count)
  return "\(sign)\(units / scale).\(padding)\(fraction)"
}

/// A whole number with its thousands set apart by commas.
public func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  var text = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}
