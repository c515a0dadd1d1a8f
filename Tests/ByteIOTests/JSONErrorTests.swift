import ByteIO
import Testing

@Suite("JSONError")
struct JSONErrorTests {
  @Test(
    "each rule has its words, and text from the file is quoted",
    arguments: [
      (.unexpected(expected: "','", found: 0x61), "expected ',', found 'a'"),
      (.unexpected(expected: "','", found: 0x0A), "expected ',', found byte 0x0a"),
      (.unexpected(expected: "','", found: nil), "expected ',', found the end of the text"),
      (.invalidUTF8, "a string is not valid UTF-8"),
      (.tooManyMarks(limit: 128), "a string has more than 128 combining marks in a row"),
      (.controlCharacter(0x1B), "a string holds the control character byte 0x1b"),
      (.invalidEscape, "a string holds an escape that is not valid"),
      (.invalidNumber, "a number is not written as JSON requires"),
      (.numberTooLarge, "a number is too large for 64-bit floating point"),
      (.notACount, "expected a whole number from 0 to 2^64-1"),
      (.tooDeep(limit: 3), "nested deeper than 3 levels"),
      (.duplicateKey("a\u{1B}"), #"the key 'a\u{1b}' occurs twice"#),
      (.trailingBytes, "something follows the JSON value"),
    ] as [(JSONError.Reason, String)])
  func words(reason: JSONError.Reason, expected: String) {
    #expect(reason.description == expected)
    #expect(JSONScanner(.empty).error(reason).description == expected)
  }
}
