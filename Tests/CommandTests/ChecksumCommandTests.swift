import ByteIO
import TestSupport
import Testing

@Suite("checksum")
struct ChecksumCommandTests {
  static func models() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.model != nil }
  }

  @Test("--digest is the SHA-256 of what is printed without it", arguments: try models())
  func digest(_ fixture: FixtureFile) throws {
    let manifest = try Command.run("checksum", fixture.path)
    let digest = try Command.run("checksum", "--digest", fixture.path)
    #expect(digest.output == (fixture.model?.contentDigest.hex ?? "") + "\n")
    #expect(
      SHA256Digest(of: ByteRegion(copying: manifest.outputBytes)).hex + "\n" == digest.output)
    let note = fixture.model?.alternatives.isEmpty == false ? "note: " : ""
    #expect(manifest.error.hasPrefix(note) && digest.error.hasPrefix(note))
    #expect(try Command.run("checksum", "--digest", "--quiet", fixture.path).error == "")
  }

  @Test("sha256sum agrees")
  func sha256sum() throws {
    let path = Fixtures.path("names/timm.pth")
    let result = try Command.shell(
      "convnext checksum '\(path)' | (sha256sum || shasum -a 256) 2>/dev/null")
    let digest = try Command.run("checksum", "--digest", path).output
    #expect(result.output.hasPrefix(digest.dropLast()))
  }

  @Test("--names source lists the names in the file, sorted by their bytes")
  func sourceNames() throws {
    let fixture = try FixtureManifest.file("safetensors/odd-names.safetensors")
    let result = try Command.run("checksum", "--names", "source", fixture.path)
    let lines = fixture.tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      .map { tensor in
        "\(tensor.sha256.hex)  \(tensor.dtype)"
          + "[\(tensor.shape.map(String.init).joined(separator: ","))]  \(tensor.name)\n"
      }
    #expect(result.outputBytes == Array(lines.joined().utf8))
  }

  @Test("--key takes other weights")
  func key() throws {
    let fixture = try FixtureManifest.file("torch/ema.pth")
    let alternative = try #require(fixture.model?.alternatives.first)
    let result = try Command.run("checksum", "--digest", fixture.path, "--key", alternative.key)
    #expect(result.output == alternative.contentDigest.hex + "\n")
  }
}
