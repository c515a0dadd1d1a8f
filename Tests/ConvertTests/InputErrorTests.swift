import Convert
import TestSupport
import Testing

@Suite("InputError")
struct InputErrorTests {
  @Test(
    "a short text that is nothing else is shown, as far as its first line",
    arguments: [
      ("Entry not found", .unknownText(firstLine: "Entry not found")),
      ("Not Found\r\nTry again\r\n", .unknownText(firstLine: "Not Found")),
      ("404: Not Found\n", .unknownText(firstLine: "404: Not Found")),
      ("Access denied.\nLog in.\n", .unknownText(firstLine: "Access denied.")),
      ("\u{1B}[31m", .unknownFile(firstBytes: Array("\u{1B}[31m".utf8))),
      ("\n", .unknownFile(firstBytes: [0x0A])),
      (String(repeating: "x", count: 513), .unknownFile(firstBytes: Array("xxxxxxxx".utf8))),
    ] as [(String, InputError)])
  func unknownTexts(_ text: String, _ error: InputError) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text: text, to: "x.pth")
    #expect(failure(InputError.self) { try Checkpoint(path: path) } == error)
  }
}
