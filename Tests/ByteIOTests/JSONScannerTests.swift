import ByteIO
import TestSupport
import Testing

@Suite("JSONScanner")
struct JSONScannerTests {
  private func scanner(_ text: String) -> JSONScanner {
    JSONScanner(ByteRegion(copying: text.utf8))
  }

  private func skip(_ bytes: some Collection<UInt8>) throws(JSONError) {
    var scanner = JSONScanner(ByteRegion(copying: bytes))
    try scanner.skipValue()
    try scanner.expectEnd()
  }

  @Test(
    "what RFC 8259 allows is taken",
    arguments: [
      "{}", "[]", "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-0.25", "1e5",
      "1E+5", "1e-05", "1e308", "123456789012345678901234567890", #""""#, #""a""#,
      #""\"\\\/\b\f\n\r\t""#,
      #""\u0000\u001F\u00e9\uD83D\uDE00""#, #""é語😀""#, "\"\u{7F}\u{2028}\u{FFFF}\"", "[1,2]",
      "[[],{},[{}]]", #"{"a":1,"b":[2]}"#, #"{"a":1,"a":2}"#, #"{"":0}"#, " \t\r\n[ 1 , 2 ]\n ",
      #" { "a" : { } } "#,
    ])
  func valid(text: String) throws {
    try skip(text.utf8)
  }

  @Test(
    "everything else is refused, with the rule and the place",
    arguments: [
      ("", .unexpected(expected: "a JSON value", found: nil), 0),
      ("  ", .unexpected(expected: "a JSON value", found: nil), 2),
      ("nul", .unexpected(expected: "a JSON value", found: 0x6E), 0),
      ("True", .unexpected(expected: "a JSON value", found: 0x54), 0),
      ("NaN", .unexpected(expected: "a JSON value", found: 0x4E), 0),
      ("Infinity", .unexpected(expected: "a JSON value", found: 0x49), 0),
      ("-Infinity", .invalidNumber, 0), ("1e999", .numberTooLarge, 0),
      ("[-1e999]", .numberTooLarge, 1),
      ("+1", .unexpected(expected: "a JSON value", found: 0x2B), 0),
      ("-", .invalidNumber, 0), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0),
      ("1.", .invalidNumber, 0), ("[1.e5]", .invalidNumber, 1), ("1e", .invalidNumber, 0),
      ("1e+", .invalidNumber, 0), (".5", .unexpected(expected: "a JSON value", found: 0x2E), 0),
      ("0x10", .trailingBytes, 1), ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2),
      ("null\u{0}", .trailingBytes, 4), ("1,", .trailingBytes, 1),
      ("\u{FEFF}{}", .unexpected(expected: "a JSON value", found: 0xEF), 0),
      ("[", .unexpected(expected: "a JSON value", found: nil), 1),
      ("[1", .unexpected(expected: "',' or ']'", found: nil), 2),
      ("[1,]", .unexpected(expected: "a JSON value", found: 0x5D), 3),
      ("[,1]", .unexpected(expected: "a JSON value", found: 0x2C), 1),
      ("[1 2]", .unexpected(expected: "',' or ']'", found: 0x32), 3),
      ("[1}", .unexpected(expected: "',' or ']'", found: 0x7D), 2),
      ("]", .unexpected(expected: "a JSON value", found: 0x5D), 0),
      ("{", .unexpected(expected: "a string", found: nil), 1),
      (#"{"a"}"#, .unexpected(expected: "':'", found: 0x7D), 4),
      (#"{"a":}"#, .unexpected(expected: "a JSON value", found: 0x7D), 5),
      (#"{"a":1,}"#, .unexpected(expected: "a string", found: 0x7D), 7),
      (#"{"a":1 "b":2}"#, .unexpected(expected: "',' or '}'", found: 0x22), 7),
      ("{a:1}", .unexpected(expected: "a string", found: 0x61), 1),
      ("{1:2}", .unexpected(expected: "a string", found: 0x31), 1),
      ("{'a':1}", .unexpected(expected: "a string", found: 0x27), 1),
      ("[1/*no*/]", .unexpected(expected: "',' or ']'", found: 0x2F), 2),
      ("//no\n1", .unexpected(expected: "a JSON value", found: 0x2F), 0),
      (#"""#, .unexpected(expected: "'\"'", found: nil), 1),
      (#""a"#, .unexpected(expected: "'\"'", found: nil), 2),
      (#""\"#, .unexpected(expected: "an escape", found: nil), 1),
      (#""\n"#, .unexpected(expected: "'\"'", found: nil), 3),
      (#""\x41""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1),
      (#""a\u12""#, .invalidEscape, 2),
      (#""\u12G4""#, .invalidEscape, 1), (#""\ud800""#, .invalidEscape, 1),
      (#""\ud800\n""#, .invalidEscape, 1), (#""\ud800\u0041""#, .invalidEscape, 1),
      (#""\udc00\ud800""#, .invalidEscape, 1), (#""\ud83d\ude0""#, .invalidEscape, 1),
      (
        "\"a\(String(repeating: "\u{323}", count: 129))\"", .tooManyMarks(limit: 128), 1
      ),
      ("\"a\(String(repeating: "\\u0301", count: 129))\"", .tooManyMarks(limit: 128), 1),
      ("\"a\nb\"", .controlCharacter(0x0A), 2), ("\"\u{0}\"", .controlCharacter(0), 1),
      ("\"\\n\u{1F}\"", .controlCharacter(0x1F), 3),
    ] as [(String, JSONError.Reason, Int)])
  func invalid(text: String, reason: JSONError.Reason, offset: Int) throws {
    let error = #expect(throws: JSONError.self) { try skip(text.utf8) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test(
    "strings that are not UTF-8 are refused, with escapes and without",
    arguments: [
      [0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
      [0x5C, 0x6E, 0xFF],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try skip([0x22] + bytes + [0x22]) }
    #expect(error?.reason == .invalidUTF8)
    #expect(error?.offset == 1)
  }

  @Test("no beginning of an object is an object")
  func truncation() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9é"],"b":{"c":null,"d":true}}"#.utf8)
    try skip(text)
    for count in 0..<text.count {
      #expect(throws: JSONError.self) { try skip(text[..<count]) }
    }
  }

  @Test(
    "no byte sequence does anything but fail or succeed", arguments: 1...50 as ClosedRange<UInt64>)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:\\/ue0123456789.+-truefalsn \n".utf8) + [0x80, 0xC3, 0xFF, 0x00]
    let bytes = (0..<200).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
    var scanner = JSONScanner(ByteRegion(copying: bytes))
    do {
      try scanner.skipValue()
      #expect(scanner.offset <= bytes.count)
    } catch {
      #expect((0...bytes.count).contains(error.offset))
    }
  }

  @Test("values may be nested up to the limit")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    try skip(nested(64).utf8)
    let error = #expect(throws: JSONError.self) { try skip(nested(65).utf8) }
    #expect(error?.reason == .tooDeep(limit: 64))
    #expect(error?.offset == 64)
    #expect(throws: JSONError.self) { try skip(nested(1_000_000).utf8) }
    let sideBySide = "[" + [String](repeating: nested(63), count: 10).joined(separator: ",") + "]"
    try skip(sideBySide.utf8)
    var shallow = JSONScanner(ByteRegion(copying: Array("{\"a\":[]}".utf8)), depthLimit: 1)
    #expect(throws: JSONError.self) { try shallow.skipValue() }
  }

  @Test(
    "strings are given with their escapes resolved, byte by byte",
    arguments: [
      (#""""#, []), (#""a/b""#, [0x61, 0x2F, 0x62]), (#""\/\"""#, [0x2F, 0x22]),
      (#""\u0041\u00E9\u20ac""#, [0x41, 0xC3, 0xA9, 0xE2, 0x82, 0xAC]),
      (#""\ud83D\uDe00""#, [0xF0, 0x9F, 0x98, 0x80]), (#""x\u0000y""#, [0x78, 0, 0x79]),
      ("\"e\u{301}\"", [0x65, 0xCC, 0x81]), (#""\b\f\n\r\t\\""#, [8, 12, 10, 13, 9, 0x5C]),
    ] as [(String, [UInt8])])
  func strings(text: String, expected: [UInt8]) throws {
    var scanner = scanner(text)
    #expect(Array(try scanner.string().utf8) == expected)
    try scanner.expectEnd()
  }

  @Test(
    "counts are whole numbers that fit in 64 bits",
    arguments: [
      ("0", 0), ("7", 7), ("  42 ", 42), ("18446744073709551615", .max),
    ] as [(String, UInt64)])
  func counts(text: String, expected: UInt64) throws {
    var scanner = scanner(text)
    #expect(try scanner.count() == expected)
    try scanner.expectEnd()
  }

  @Test(
    "other numbers are no counts",
    arguments: [
      ("18446744073709551616", .notACount, 0), ("99999999999999999999999", .notACount, 0),
      ("-0", .notACount, 0), (" -1", .notACount, 1), ("1.0", .notACount, 0), ("2e0", .notACount, 0),
      ("2E0", .notACount, 0), ("00", .invalidNumber, 0), ("01", .invalidNumber, 0),
      ("0x4", .invalidNumber, 0), ("4u", .invalidNumber, 0),
      ("", .unexpected(expected: "a number", found: nil), 0),
      ("\"4\"", .unexpected(expected: "a number", found: 0x22), 0),
      ("+4", .unexpected(expected: "a number", found: 0x2B), 0),
    ] as [(String, JSONError.Reason, Int)])
  func noCounts(text: String, reason: JSONError.Reason, offset: Int) {
    let error = #expect(throws: JSONError.self) {
      var scanner = scanner(text)
      _ = try scanner.count()
    }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test("objects and arrays are walked without a tree, and places are known")
  func walking() throws {
    var scanner = scanner(#" {"a" : [1, 22], "b": null}"#)
    try scanner.beginObject()
    #expect(try scanner.nextKey() == "a")
    #expect(scanner.valueOffset == 2)
    try scanner.beginArray()
    #expect(try scanner.hasNextElement())
    #expect(try scanner.count() == 1)
    #expect(scanner.valueOffset == 9)
    #expect(try scanner.hasNextElement())
    #expect(try scanner.count() == 22)
    #expect(scanner.valueOffset == 12)
    #expect(try !scanner.hasNextElement())
    #expect(try scanner.nextKey() == "b")
    try scanner.skipValue()
    #expect(try scanner.nextKey() == nil)
    try scanner.expectEnd()
    #expect(scanner.offset == 27)
    #expect(scanner.error(.trailingBytes).offset == 27)
    #expect(scanner.error(.trailingBytes, at: 3).offset == 3)
  }

  @Test(
    "the kind of a value is told before it is read",
    arguments: [
      ("{", .object), (" [", .array), ("\"", .string), ("-", .number), ("7", .number), ("t", .bool),
      ("false", .bool), ("\nnull", .null),
    ] as [(String, JSONKind)])
  func kinds(text: String, kind: JSONKind) throws {
    var scanner = scanner(text)
    #expect(try scanner.nextKind() == kind)
    let error = #expect(throws: JSONError.self) {
      var other = self.scanner("x")
      _ = try other.nextKind()
    }
    #expect(error?.reason == .unexpected(expected: "a JSON value", found: 0x78))
  }

  @Test("kinds have names for sentences")
  func kindNames() {
    let kinds: [JSONKind] = [.object, .array, .string, .number, .bool, .null]
    #expect(
      kinds.map(\.description) == [
        "an object", "an array", "a string", "a number", "a truth value", "null",
      ])
  }
}
