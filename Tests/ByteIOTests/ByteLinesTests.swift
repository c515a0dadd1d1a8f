import ByteIO
import Testing

@Suite("ByteLines")
struct ByteLinesTests {
  @Test(
    "lines lie between line feeds, empty ones too",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("\n\nb\r\nc", ["", "", "b\r", "c"]),
    ])
  func lines(_ text: String, _ expected: [String]) {
    let lines = ByteLines(ByteRegion(copying: text.utf8)).map(\.text)
    #expect(lines == expected)
  }
}
