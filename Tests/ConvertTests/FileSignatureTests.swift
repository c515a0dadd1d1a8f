import ByteIO
import Convert
import TestSupport
import Testing

@Suite("FileSignature")
struct FileSignatureTests {
  static func signature(ofContainer name: String) -> FileSignature? {
    switch name {
    case "pytorch-zip", "pytorch-legacy", "pytorch-tar", "torchscript", "pytorch-2018": .torch
    case "safetensors": .safetensors
    case "safetensors-index", "pytorch-index", "json": .json
    default: nil
    }
  }

  @Test("readable fixtures are told by their bytes", arguments: try FixtureManifest.checkpoints())
  func fixtures(_ fixture: FixtureFile) throws {
    let expected = try #require(Self.signature(ofContainer: fixture.container))
    #expect(try FileSignature(of: fixture.bytes()) == expected)
  }

  @Test(
    "few bytes are told apart",
    arguments: [
      ([], .empty),
      (Array("CONVNEXT".utf8), .native),
      (Array("CONVNEX".utf8), .unknown),
      (Array(" \n\t\r{}".utf8), .json),
      (Array("[]".utf8), .unknown),
      ([UInt8](repeating: 0x20, count: 64) + Array("{}".utf8), .unknown),
      ([0x80], .unknown),
      ([0x80, 2], .torch),
      (Array("PK\u{3}\u{4}".utf8), .torch),
      ([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), .safetensors),
      // A header that is cut, and one whose length is beyond belief.
      ([99, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a".utf8), .safetensors),
      ([99, 0, 0, 0, 1, 0, 0, 0] + Array("{\"a".utf8), .unknown),
      ([0, 1, 2, 3], .unknown),
    ] as [([UInt8], FileSignature)])
  func bytes(_ bytes: [UInt8], _ signature: FileSignature) {
    #expect(FileSignature(of: ByteRegion(copying: bytes)) == signature)
  }

  /// joblib unpacks what begins like gzip before it loads the pickle in it.
  @Test("a safetensors file that begins like gzip is one")
  func gzip() {
    let byteCount = 0x08_8B1F
    let bytes: [UInt8] =
      [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0] + Array("{}".utf8)
      + [UInt8](repeating: 0x20, count: byteCount - 2)
    guard case .foreign(let kind) = FileSignature(of: ByteRegion(copying: bytes)) else {
      Issue.record("not told")
      return
    }
    #expect(kind.name == "a gzip file")
  }

  /// Other programs' files are told by bytes that may be a length as well.
  @Test("a safetensors file is one whatever the length of its header")
  func headerLengths() {
    for byteCount in stride(from: 8, through: 1 << 16, by: 8) {
      var bytes: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: byteCount >> (8 * $0)) }
      bytes += Array("{}".utf8) + [UInt8](repeating: 0x20, count: byteCount - 2)
      if FileSignature(of: ByteRegion(copying: bytes)) != .safetensors {
        Issue.record("\(byteCount) bytes")
      }
    }
  }
}
