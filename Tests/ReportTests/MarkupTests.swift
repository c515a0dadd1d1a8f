import ByteIO
import Testing

@testable import Report

@Suite("Markup")
struct MarkupTests {
  @Test("interpolated text is escaped, in text and in attributes")
  func escaping() {
    let text = "<b a=\"1\" c='2'>&amp;\u{202E}\n"
    let markup: Markup = "<p title=\"\(text)\">\(text)</p>"
    let safe = #"&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;\u{202e}\n"#
    #expect(markup.html == "<p title=\"\(safe)\">\(safe)</p>")
  }

  @Test("markup in markup stays as it is, a line each")
  func nesting() {
    let items = ["a", "<"].map { "<li>\($0)</li>" as Markup }
    let nothing: Markup? = nil
    let list: Markup = "<ul>\(items)</ul>\(nothing)"
    #expect(list.html == "<ul><li>a</li>\n<li>&lt;</li></ul>")
  }

  @Test("numbers are short", arguments: [(0.0, "0"), (1.5, "1.5"), (-0.126, "-0.13"), (10, "10")])
  func numbers(value: Double, text: String) {
    #expect(("\(value)" as Markup).html == text)
  }

  @Test("a text that is too long to read is cut")
  func cutting() {
    let markup: Markup = "\(String(repeating: "<", count: 5000))"
    #expect(markup.html == String(repeating: "&lt;", count: 1000) + "…")
  }

  @Test(
    "base64 is that of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64Vectors(text: String, expected: String) {
    #expect(base64(Array(text.utf8)) == expected)
  }

  @Test("base64 has all 64 digits")
  func base64Digits() {
    #expect(base64([0xFB, 0xFF, 0xFE]) == "+//+")
    #expect(base64([0x00, 0x10, 0x83]) == "ABCD")
  }
}
