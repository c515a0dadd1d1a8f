import ByteIO
import TestSupport
import Testing

@Suite("verify")
struct VerifyCommandTests {
  @Test("each check is a line, and --quiet leaves the good ones out")
  func lines() throws {
    let path = Fixtures.path("names/timm.pth")
    let result = try Command.run("verify", path)
    #expect(result.output.hasPrefix("\(path): OK\n  structure: ok\n  CRC-32 of "))
    #expect(try Command.run("verify", path, "--quiet").output == "\(path): OK\n")
  }

  @Test("what is wrong is said with its place and a next step")
  func damage() throws {
    let path = Fixtures.path("broken/zip-data-changed.pth")
    let result = try Command.run("verify", path)
    #expect(result.status == 1)
    #expect(result.error == "")
    #expect(result.output.hasPrefix("\(path): FAILED\n"))
    #expect(result.output.contains("data/0, tensor '"))
    #expect(result.output.contains("hint: "))
  }

  @Test("a digest in the file's name")
  func hashInName() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/torchvision.pth")
    let right = try folder.copy(
      fixture.file, to: "convnext_tiny-\(fixture.sha256.hex.prefix(8)).pth")
    #expect(try Command.run("verify", right).status == 0)
    let wrong = try folder.copy(fixture.file, to: "convnext_tiny-983f1562.pth")
    let result = try Command.run("verify", wrong)
    #expect(result.status == 1)
    #expect(result.output.contains("983f1562 by the file's name"))
  }

  @Test("--sha256, in digits of either case")
  func givenDigest() throws {
    let fixture = try FixtureManifest.file("names/timm.safetensors")
    for hex in [fixture.sha256.hex, fixture.sha256.hex.uppercased()] {
      #expect(try Command.run("verify", fixture.path, "--sha256", hex).status == 0)
    }
    let other = SHA256Digest(of: "other").hex
    let result = try Command.run("verify", fixture.path, "--sha256", other)
    #expect(result.status == 1)
    #expect(result.output.contains("should be \(other) as given"))
  }

  /// The first byte of such a file, the lowest of its header's length, begins a comment, and its
  /// elements are the lines of a list.
  @Test("a checkpoint that could be read as a list is verified itself")
  func listInCheckpoint() throws {
    let folder = try TemporaryFolder()
    let other = try FixtureManifest.file("names/timm.safetensors")
    try folder.copy(other.file, to: "other.safetensors")
    let lines = Array("\n\(other.sha256.hex)  other.safetensors\n#".utf8)
    let header =
      #"{"w":{"dtype":"U8","shape":[\#(lines.count)],"data_offsets":[0,\#(lines.count)]}}"#
    let byteCount = 256 + Int(UInt8(ascii: "#"))
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(byteCount))
    bytes += header.utf8
    bytes += [UInt8](repeating: 0x20, count: 8 + byteCount - bytes.count) + lines
    let path = try folder.write(bytes, to: "model.safetensors")
    let result = try Command.run("verify", path)
    #expect(result.output.hasPrefix("\(path): OK\n"))
    #expect(!result.output.contains("other.safetensors"))
  }

  @Test("a SHA256SUMS list stands for its files")
  func list() throws {
    let folder = try TemporaryFolder()
    let first = try FixtureManifest.file("names/timm.pth")
    let second = try FixtureManifest.file("names/timm.safetensors")
    try folder.copy(first.file, to: "a.pth")
    try folder.copy(second.file, to: "b.safetensors")
    let list = try folder.write(
      "\(first.sha256.hex)  a.pth\n\(second.sha256.hex) *b.safetensors\n".utf8, to: "SHA256SUMS")
    let result = try Command.run("verify", list)
    #expect(result.status == 0)
    #expect(result.output.contains("a.pth: OK") && result.output.contains("b.safetensors: OK"))
    try folder.copy(second.file, to: "a.pth")
    let changed = try Command.run("verify", list, "--json")
    #expect(changed.status == 1)
    #expect(
      try changed.json()["files"]?.arrayValue?.compactMap { $0["intact"]?.boolValue }
        == [false, true])
    try folder.write("\(first.sha256.hex)  gone.pth\n".utf8, to: "SHA256SUMS")
    #expect(try Command.run("verify", list).status == 66)
  }

  @Test("a git-lfs pointer and the file that it stands for")
  func pointer() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/timm.pth")
    let pointer = try folder.write(
      """
      version https://git-lfs.github.com/spec/v1
      oid sha256:\(fixture.sha256.hex)
      size \(fixture.byteCount)

      """.utf8, to: "pointer.pth")
    #expect(try Command.run("verify", pointer, fixture.path).status == 0)
    let other = Fixtures.path("names/facebook.pth")
    let result = try Command.run("verify", pointer, other)
    #expect(result.status == 1)
    #expect(
      result.output.contains("it should have \(fixture.byteCount) bytes as in the pointer"))
    let alone = try Command.run("verify", pointer)
    #expect(alone.status == 65)
    #expect(alone.error.contains("verify POINTER FILE"))
  }

  @Test("one file that cannot be opened does not hide the others")
  func several() throws {
    let path = Fixtures.path("names/timm.pth")
    let result = try Command.run("verify", "/nowhere/a.pth", path)
    #expect(result.status == 66)
    #expect(result.output.hasPrefix("\(path): OK"))
    let json = try Command.run("verify", "/nowhere/a.pth", path, "--json")
    #expect(try json.json()["intact"] == .bool(false))
    #expect(try json.json()["files"]?.arrayValue?.count == 1)
  }

  @Test("--sha256 of what is several files is refused")
  func digestOfSeveral() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/timm.pth")
    try folder.copy(fixture.file, to: "a.pth")
    let list = try folder.write("\(fixture.sha256.hex)  a.pth\n".utf8, to: "SHA256SUMS")
    for path in [list, Fixtures.path("folders/single")] {
      let result = try Command.run("verify", path, "--sha256", fixture.sha256.hex)
      #expect(result.status == 64)
      #expect(result.output == "")
    }
  }

  @Test("names in a list begin beside it, else here, and are shown as they are")
  func placesOfList() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/timm.pth")
    try folder.copy(fixture.file, to: "a.pth")
    try FileSystem.makeFolder(folder.path("lists"))
    try folder.write("\(fixture.sha256.hex)  a.pth\n".utf8, to: "SUMS")
    try folder.write(
      "# two\n\(fixture.sha256.hex)  a.pth\n\(fixture.sha256.hex)  gone.pth\n".utf8,
      to: "lists/SUMS")
    for list in ["SUMS", "./SUMS", "lists/SUMS"] {
      let result = try Command.run(["verify", list], in: folder.path)
      #expect(result.output.hasPrefix("a.pth: OK\n"), "\(list): \(result.output)")
    }
    let missing = try Command.run(["verify", "lists/SUMS"], in: folder.path)
    #expect(missing.status == 66)
    #expect(missing.output.contains("SHA-256 as in line 2 of 'SUMS': ok"))
    #expect(
      missing.error.contains("lists/gone.pth: cannot be opened: No such file or directory; line 3"))
    #expect(missing.error.contains("hint: a relative path begins in the list's folder"))
    try folder.copy("names/facebook.pth", to: "lists/a.pth")
    let beside = try Command.run(["verify", "lists/SUMS"], in: folder.path)
    #expect(beside.output.hasPrefix("lists/a.pth: FAILED\n"))
    #expect(beside.output.contains("as in line 2 of 'SUMS', and is "))
  }

  @Test("a list goes on behind a file that is missing")
  func missingInList() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/timm.pth")
    try folder.copy(fixture.file, to: "a.pth")
    let list = try folder.write(
      "\(fixture.sha256.hex)  gone.pth\n\(fixture.sha256.hex)  a.pth\n".utf8, to: "SHA256SUMS")
    let result = try Command.run("verify", list)
    #expect(result.status == 66)
    #expect(result.error.contains("gone.pth: cannot be opened"))
    #expect(result.output.contains("a.pth: OK"))
    #expect(result.output.hasSuffix("1 of 2 files are intact\n"))
  }
}
