/// A rule of JSON (RFC 8259) that a text breaks, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// The broken rule.
  public enum Reason: Equatable, Sendable {
    /// Another byte was expected; `found` is `nil` if the text ended.
    case unexpected(expected: String, found: UInt8?)
    /// A string holds bytes that are not UTF-8.
    case invalidUTF8
    /// A string has more combining marks, such as accents, in a row than the limit.
    case tooManyMarks(limit: Int)
    /// A string holds an unescaped control character.
    case controlCharacter(UInt8)
    /// A string holds an escape that does not exist, or half of a surrogate pair.
    case invalidEscape
    /// A number is not written as JSON writes numbers.
    case invalidNumber
    /// A number is too large for a `Double`.
    case numberTooLarge
    /// A whole number does not fit in 64 bits, or is negative or fractional where a count is
    /// expected.
    case notACount
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// An object has a key twice.
    case duplicateKey(String)
    /// Something follows the value.
    case trailingBytes
  }

  /// The broken rule.
  public let reason: Reason
  /// The offending byte, from the start of the text.
  public let offset: Int
}

extension JSONError {
  /// Whether a limit was exceeded, and nothing else is wrong.
  public var isTooDeep: Bool { if case .tooDeep = reason { true } else { false } }
}

extension JSONError: CustomStringConvertible {
  /// The rule in words, without the place.
  public var description: String { reason.description }
}

extension JSONError.Reason: CustomStringConvertible {
  /// The rule in words.
  public var description: String {
    switch self {
    case .unexpected(let expected, let found):
      "expected \(expected), found \(found.map(describe) ?? "the end of the text")"
    case .invalidUTF8: "a string is not valid UTF-8"
    case .tooManyMarks(let limit): "a string has more than \(limit) combining marks in a row"
    case .controlCharacter(let byte): "a string holds the control character \(describe(byte))"
    case .invalidEscape: "a string holds an escape that is not valid"
    case .invalidNumber: "a number is not written as JSON requires"
    case .numberTooLarge: "a number is too large for 64-bit floating point"
    case .notACount: "expected a whole number from 0 to 2^64-1"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key \(quoted(key)) occurs twice"
    case .trailingBytes: "something follows the JSON value"
    }
  }

  private func describe(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(lowercaseHex([byte]))"
  }
}
