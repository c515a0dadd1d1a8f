import ByteIO
import Convert
import TestSupport
import Testing

@Suite("ChecksumList")
struct ChecksumListTests {
  private static let hex = String(repeating: "0a", count: 32)

  private func list(_ text: String, folder: String = "/f") throws -> ChecksumList? {
    try ChecksumList.parse(ByteRegion(copying: text.utf8), folder: folder)
  }

  @Test("lines of sha256sum, as text and binary, below the list's folder")
  func parses() throws {
    let sums = try #require(
      try list("\(Self.hex)  a.pth\n\(Self.hex.uppercased()) *b c.pth\n\(Self.hex)  /abs/d.pth"))
    #expect(sums.entries.map(\.path) == ["/f/a.pth", "/f/b c.pth", "/abs/d.pth"])
    #expect(sums.entries.allSatisfy { $0.digest.hex == Self.hex })
  }

  @Test(
    "anything else is no list",
    arguments: [
      "", "\(hex)  ", "\(hex)", "\(hex) a.pth\n", "\(hex.dropLast())  a.pth\n",
      "\(hex)0  a.pth\n",
      "MD5 (a.pth) = \(hex.prefix(32))\n0123456789012345678901234567890123456789",
      "\(hex)\t a.pth\n", "# \(hex)  a.pth\n", "{\"a\": \"\(hex)  \"}",
      String(repeating: "x", count: 70) + "  a",
    ])
  func refuses(_ text: String) throws {
    #expect(try list(text)?.entries.count == nil)
  }

  @Test(
    "a line that is none among those of a list is named, not passed over",
    arguments: [
      "hello, this is a line of text", "\(hex)0  b.pth", "MD5 (b.pth) = \(hex.prefix(32))",
      "SHA256 () = \(hex)", "\(hex)  b.pth\0.evil",
    ])
  func otherLine(_ line: String) {
    #expect(throws: InputError.invalidChecksumLine(line: 2, text: line)) {
      try list("\(Self.hex)  a.pth\n\(line)\n")
    }
  }

  @Test("lines with their algorithm, as sha256sum --tag and BSD write them; comments; empty lines")
  func tagged() throws {
    let sums = try #require(
      try list(
        """
        # made yesterday

        SHA256 (a (1).pth) = \(Self.hex)
        \\SHA256 (b\\nc) = \(Self.hex)
        \(Self.hex)  d.pth
        """))
    #expect(sums.entries.map(\.path) == ["/f/a (1).pth", "/f/b\nc", "/f/d.pth"])
    #expect(sums.entries.allSatisfy { $0.digest.hex == Self.hex })
  }

  @Test("no checkpoint is a list", arguments: ["names/timm.pth", "names/timm.safetensors"])
  func checkpoints(_ file: String) throws {
    #expect(try ChecksumList.parse(Fixtures.bytes(file), folder: "")?.entries.count == nil)
  }

  @Test("a long text is not even looked at")
  func long() throws {
    let line = "\(Self.hex)  a.pth\n"
    let text = String(repeating: line, count: (1 << 20) / line.utf8.count + 1)
    #expect(try list(text)?.entries.count == nil)
    #expect(try list(String(text.dropLast(line.utf8.count)))?.entries.count != nil)
  }

  @Test("a path with escapes, as GNU's sha256sum writes line feeds and backslashes")
  func escapes() throws {
    let sums = try #require(
      try list("\\\(Self.hex)  a\\nb\\\\c\\rd.pth\n\(Self.hex)  e\\nf.pth"))
    #expect(sums.entries.map(\.path) == ["/f/a\nb\\c\rd.pth", "/f/e\\nf.pth"])
  }

  @Test("lines may end as Windows ends them")
  func carriageReturns() throws {
    #expect(
      try list("\(Self.hex)  a.pth\r\n\(Self.hex) *b.pth\r\n")?.entries.map(\.path)
        == ["/f/a.pth", "/f/b.pth"])
    #expect(try list("\(Self.hex)  \r\n")?.entries.count == nil)
  }
}
