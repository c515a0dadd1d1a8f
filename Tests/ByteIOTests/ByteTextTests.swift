import Testing

@testable import ByteIO

@Suite("ByteText")
struct ByteTextTests {
  /// Texts that `String` treats as equal where their bytes differ.
  static let pairs: [(left: String, right: String, areEqual: Bool)] = [
    ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false),
    ("\u{E9}", "\u{E9}", true), ("\u{E9}", "e\u{301}", false), ("K", "\u{212A}", false),
    ("stages.0.1", "stages.0.2", false), ("stages.0.10", "stages.0.1", false),
    ("12345678", "12345678", true), ("12345678", "12345679", false),
    ("x2345678", "12345678", false), ("1234567890", "1234567899", false),
  ]

  @Test("texts are equal if their bytes are", arguments: pairs)
  func equality(_ pair: (left: String, right: String, areEqual: Bool)) {
    #expect(pair.left.hasBytes(of: pair.right) == pair.areEqual)
    #expect((ByteText(pair.left) == ByteText(pair.right)) == pair.areEqual)
    // A text that shares no memory with the other.
    let copy = String(decoding: Array(pair.right.utf8), as: UTF8.self)
    #expect((ByteText(pair.left) == ByteText(copy)) == pair.areEqual)
    #expect(Set([ByteText(pair.left), ByteText(copy)]).count == (pair.areEqual ? 1 : 2))
  }

  @Test("the text comes back as it was")
  func string() {
    #expect(Array(ByteText("e\u{301}").string.utf8) == [0x65, 0xCC, 0x81])
  }
}
