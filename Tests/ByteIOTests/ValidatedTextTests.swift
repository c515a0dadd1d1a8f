import Testing

@testable import ByteIO

@Suite("Validated text")
struct ValidatedTextTests {
  @Test(
    "it is what the standard library makes of the bytes",
    arguments: [
      [], [0x61], Array("stages.0.blocks.1.gamma".utf8), Array("é\u{301}\r\n\0".utf8), [0x80],
      [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF],
      Array(repeating: 0x7F, count: 100) + [0xFF],
    ])
  func twin(bytes: [UInt8]) {
    let text = bytes.withUnsafeBytes { String(validatingUTF8: $0) }
    let expected = String(validating: bytes, as: UTF8.self)
    #expect(text.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    #expect(bytes.withUnsafeBytes { isASCII($0) } == bytes.allSatisfy { $0 < 0x80 })
  }

  @Test(
    "texts with more combining marks in a row than 128 are told",
    arguments: [
      ("", 0, false), ("\u{301}", 128, false), ("\u{301}", 129, true), ("\u{301}\u{323}", 65, true),
      // Decomposes into marks that are put in order, though it has no order itself.
      ("\u{F73}", 129, true), ("\u{903}", 129, true),
      ("e\u{301}", 1000, false), ("a", 1000, false), ("\u{4E2D}", 1000, false),
    ])
  func marks(unit: String, count: Int, isTold: Bool) {
    let text = "x" + String(repeating: unit, count: count) + "y"
    #expect(text.hasTooManyMarks == isTold)
  }
}
