import ByteIO
import TestSupport
import Testing

@Suite("JSONValue, written")
struct JSONValueWritingTests {
  @Test(
    "values are written on one line",
    arguments: [
      (.null, "null"), (.bool(true), "true"), (.integer(-3), "-3"), (.number(1.5), "1.5"),
      (.number(1), "1.0"), (.number(1e300), "1e+300"), (.number(.nan), "null"),
      (.number(-.infinity), "null"), (.string(""), #""""#),
      (.bigInteger("-12345678901234567890"), "-12345678901234567890"),
      (
        .string("\"\\/\n\r\t\u{0}\u{1F}\u{7F}\u{9B}é😀"), #""\"\\/\n\r\t\u0000\u001f\u007f\u009bé😀""#
      ),
      (.array([]), "[]"), (.object([:]), "{}"), (.array([.integer(1), .null]), "[1,null]"),
      (.object(["b": .integer(1), "a": .array([.object([:])])]), #"{"b":1,"a":[{}]}"#),
    ] as [(JSONValue, String)])
  func compact(value: JSONValue, expected: String) {
    #expect(value.serialized() == expected)
  }

  @Test("pretty text has a line an entry, and plain arrays stay on one line")
  func pretty() {
    let value = JSONValue.object([
      "a": .integer(1), "b": .array([.integer(1), .integer(2)]),
      "c": .array([.object(["d": .null]), .array([])]), "e": .object([:]), "f": .array([]),
    ])
    #expect(
      value.serialized(isPretty: true) == """
        {
          "a": 1,
          "b": [1,2],
          "c": [
            {
              "d": null
            },
            []
          ],
          "e": {},
          "f": []
        }
        """)
  }

  @Test("what moves or reorders text is escaped, in pairs above U+FFFF; other text is not")
  func steering() throws {
    let text = "a\u{202E}\u{2028}\u{200B}\u{9B}\u{E0001}é😀\u{10FF80}"
    let written = JSONValue.string(text).serialized()
    #expect(
      written == "\"a\\u202e\\u2028\\u200b\\u009b\\udb40\\udc01é😀\u{10FF80}\"")
    #expect(try JSONValue(parsing: ByteRegion(copying: written.utf8)) == .string(text))
  }

  @Test("what is written is read back", arguments: 1...30 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let value = randomValue(depth: 4, using: &generator)
    for isPretty in [false, true] {
      let text = value.serialized(isPretty: isPretty)
      #expect(try JSONValue(parsing: ByteRegion(copying: text.utf8)) == value)
    }
  }

  private func randomValue(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(.random(in: .min ... .max, using: &generator))
    case 3: return .number(.random(in: -1e9...1e9, using: &generator) + 0.5)
    case 4: return .string(randomText(using: &generator))
    case 5:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          randomValue(depth: depth - 1, using: &generator)
        })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        object[randomText(using: &generator)] = randomValue(depth: depth - 1, using: &generator)
      }
      return .object(object)
    }
  }

  private func randomText(using generator: inout SeededGenerator) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &generator))
      text.unicodeScalars.append(scalar ?? "\u{FFFD}")
    }
    return text
  }
}
