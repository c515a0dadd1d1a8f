import ByteIO
import Testing

@Suite("ByteLines")
struct ByteLinesTests {
  @Test(
    "lines lie between line feeds, empty ones too; ends of Windows and a byte order mark are left out",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("\n\nb\r\nc", ["", "", "b", "c"]),
      ("a\r", ["a"]), ("\r\n\r", ["", ""]), ("a\rb\r\r\n", ["a\rb\r", ""]),
      ("\u{FEFF}", [""]), ("\u{FEFF}a\n\u{FEFF}b", ["a", "\u{FEFF}b"]),
    ])
  func lines(_ text: String, _ expected: [String]) {
    let lines = ByteLines(ByteRegion(copying: text.utf8)).map(\.text)
    #expect(lines == expected)
  }
}
