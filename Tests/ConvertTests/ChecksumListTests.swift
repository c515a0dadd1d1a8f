import ByteIO
import TestSupport
import Testing

@testable import Convert

@Suite("ChecksumList")
struct ChecksumListTests {
  private static let hex = String(repeating: "0a", count: 32)

  private func list(
    _ text: String, folder: String = "/f", name: String = "SHA256SUMS"
  ) throws -> ChecksumList? {
    try ChecksumList.parse(ByteRegion(copying: text.utf8), path: "\(folder)/\(name)")
  }

  @Test("lines of sha256sum, as text and binary, below the list's folder")
  func parses() throws {
    let sums = try #require(
      try list("\(Self.hex)  a.pth\n\(Self.hex.uppercased()) *b c.pth\n\(Self.hex)  /abs/d.pth"))
    #expect(sums.entries.map(\.path) == ["a.pth", "b c.pth", "/abs/d.pth"])
    #expect(sums.entries.map(\.line) == [1, 2, 3])
    #expect(sums.entries.map(sums.path) == ["/f/a.pth", "/f/b c.pth", "/abs/d.pth"])
    #expect(sums.entries.allSatisfy { $0.digest.hex == Self.hex })
  }

  @Test("a file is looked for beside the list, then in the current folder")
  func places() throws {
    let folder = try TemporaryFolder()
    let here = try #require(FileSystem.names(in: ".").first { FileSystem.kind(of: $0) != nil })
    let text = "\(Self.hex)  \(here)\n\(Self.hex)  gone.pth\n\(Self.hex)  -\n"
    let sums = try #require(try list(text, folder: folder.path))
    #expect(
      sums.entries.map(sums.path) == [here, folder.path("gone.pth"), folder.path("-")])
    try folder.write([], to: here)
    #expect(sums.path(of: sums.entries[0]) == folder.path(here))
    let sumsHere = try #require(try list(text, folder: "."))
    #expect(sumsHere.entries.map(sumsHere.path) == [here, "gone.pth", "./-"])
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
    #expect(throws: VerificationError.invalidChecksumLine(line: 2, text: line)) {
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
    #expect(sums.entries.map(\.path) == ["a (1).pth", "b\nc", "d.pth"])
    #expect(sums.entries.map(\.line) == [3, 4, 5])
    #expect(sums.entries.allSatisfy { $0.digest.hex == Self.hex })
  }

  @Test(
    "lines as openssl writes them",
    arguments: ["SHA256(a (1).pth)= \(hex)", "SHA2-256(a (1).pth)= \(hex)"])
  func openSSL(_ line: String) throws {
    let sums = try #require(try list(line + "\n"))
    #expect(sums.entries.map(\.path) == ["a (1).pth"])
    #expect(sums.entries[0].digest.hex == Self.hex)
  }

  @Test("digits alone are those of the file that the list is named after")
  func loneDigits() throws {
    for (text, line) in [(Self.hex, 1), ("\n\(Self.hex)\r\n", 2)] {
      let sums = try #require(try list(text, name: "a.pth.sha256"))
      #expect(
        sums.entries == [
          .init(path: "a.pth", digest: try #require(SHA256Digest(hex: Self.hex)), line: line)
        ])
      #expect(sums.path(of: sums.entries[0]) == "/f/a.pth")
    }
    for name in ["SHA256SUMS", ".sha256", "a.pth"] {
      #expect(try list(Self.hex, name: name)?.entries.count == nil)
    }
    #expect(try list("\(Self.hex)\n\(Self.hex)\n", name: "a.sha256")?.entries.count == nil)
    #expect(try list("\(Self.hex.dropLast())g", name: "a.sha256")?.entries.count == nil)
  }

  @Test("no checkpoint is a list", arguments: ["names/timm.pth", "names/timm.safetensors"])
  func checkpoints(_ file: String) throws {
    #expect(try ChecksumList.parse(Fixtures.bytes(file), path: "SHA256SUMS")?.entries.count == nil)
  }

  @Test("a long text is a list where it begins with a line of one")
  func long() throws {
    let line = "\(Self.hex)  a.pth\n"
    let count = ChecksumList.plainByteCount / line.utf8.count + 1
    let text = String(repeating: line, count: count)
    #expect(try list("# names\n" + text)?.entries.count == count)
    #expect(try list("other\n" + text)?.entries.count == nil)
    let tagged = String(repeating: "SHA256 (a.pth) = \(Self.hex)\r\n", count: count)
    #expect(try list("\r\n# names\r\n" + tagged)?.entries.count == count)
    let zeros = [UInt8](repeating: 0, count: ChecksumList.byteCountLimit)
    let bytes = ByteRegion(copying: Array(line.utf8) + zeros)
    #expect(try ChecksumList.parse(bytes, path: "SHA256SUMS")?.entries.count == nil)
  }

  @Test("a path with escapes, as GNU's sha256sum writes line feeds and backslashes")
  func escapes() throws {
    let sums = try #require(
      try list("\\\(Self.hex)  a\\nb\\\\c\\rd.pth\n\(Self.hex)  e\\nf.pth"))
    #expect(sums.entries.map(\.path) == ["a\nb\\c\rd.pth", "e\\nf.pth"])
  }

  @Test("lines may end as Windows ends them")
  func carriageReturns() throws {
    #expect(
      try list("\(Self.hex)  a.pth\r\n\(Self.hex) *b.pth\r\n")?.entries.map(\.path)
        == ["a.pth", "b.pth"])
    #expect(try list("\(Self.hex)  \r\n")?.entries.count == nil)
  }

  @Test("a list may begin with the mark of UTF-8, as programs on Windows write it")
  func byteOrderMark() throws {
    #expect(try list("\u{FEFF}\(Self.hex)  a.pth\r\n")?.entries.map(\.path) == ["a.pth"])
    let long = String(repeating: "# a comment of some length\n", count: 50_000)
    #expect(try list("\u{FEFF}\(Self.hex)  a.pth\n\(long)")?.entries.map(\.path) == ["a.pth"])
  }

  @Test("a manifest of tensors is no list of files")
  func manifest() throws {
    let digest = String(repeating: "0", count: 64)
    for lines in [["F32[96]  stem.norm.bias"], ["I4[]  a", "C128[1,2]  b c"]] {
      let text = lines.map { "\(digest)  \($0)\n" }.joined()
      #expect(throws: VerificationError.tensorManifest) {
        try ChecksumList.parse(ByteRegion(copying: text.utf8), path: "SHA256SUMS")
      }
    }
    for path in ["F32[96] stem.pth", "X32[96]  stem.pth", "model.pth"] {
      let list = try ChecksumList.parse(
        ByteRegion(copying: "\(digest)  \(path)\n".utf8), path: "SHA256SUMS")
      #expect(list?.entries.map(\.path) == [path])
    }
  }
}
