import ByteIO
import Convert
import TestSupport
import Testing

@Suite("ChecksumList")
struct ChecksumListTests {
  private static let hex = String(repeating: "0a", count: 32)

  private func list(_ text: String, folder: String = "/f") -> ChecksumList? {
    ChecksumList(parsing: ByteRegion(copying: text.utf8), folder: folder)
  }

  @Test("lines of sha256sum, as text and binary, below the list's folder")
  func parses() throws {
    let sums = try #require(
      list("\(Self.hex)  a.pth\n\(Self.hex.uppercased()) *b c.pth\n\(Self.hex)  /abs/d.pth"))
    #expect(sums.entries.map(\.path) == ["/f/a.pth", "/f/b c.pth", "/abs/d.pth"])
    #expect(sums.entries.allSatisfy { $0.digest.hex == Self.hex })
  }

  @Test(
    "anything else is no list",
    arguments: [
      "", "\(hex)  ", "\(hex)", "\(hex) a.pth\n", "\(hex.dropLast())  a.pth\n",
      "\(hex)0  a.pth\n",
      "\(hex)  a.pth\nhello, this is a line of text that is long enough to be one",
      "\(hex)\t a.pth\n", "{\"a\": \"\(hex)  \"}", String(repeating: "x", count: 70) + "  a",
    ])
  func refuses(_ text: String) {
    #expect(list(text)?.entries.count == nil)
  }

  @Test("no checkpoint is a list", arguments: ["names/timm.pth", "names/timm.safetensors"])
  func checkpoints(_ file: String) throws {
    #expect(try ChecksumList(parsing: Fixtures.bytes(file), folder: "")?.entries.count == nil)
  }

  @Test("a long text is not even looked at")
  func long() {
    let line = "\(Self.hex)  a.pth\n"
    let text = String(repeating: line, count: (1 << 20) / line.utf8.count + 1)
    #expect(list(text)?.entries.count == nil)
    #expect(list(String(text.dropLast(line.utf8.count)))?.entries.count != nil)
  }

  @Test("a path with escapes, as GNU's sha256sum writes line feeds and backslashes")
  func escapes() throws {
    let sums = try #require(
      list("\\\(Self.hex)  a\\nb\\\\c\\rd.pth\n\(Self.hex)  e\\nf.pth"))
    #expect(sums.entries.map(\.path) == ["/f/a\nb\\c\rd.pth", "/f/e\\nf.pth"])
  }

  @Test("lines may end as Windows ends them")
  func carriageReturns() {
    #expect(
      list("\(Self.hex)  a.pth\r\n\(Self.hex) *b.pth\r\n")?.entries.map(\.path)
        == ["/f/a.pth", "/f/b.pth"])
    #expect(list("\(Self.hex)  \r\n")?.entries.count == nil)
  }
}
