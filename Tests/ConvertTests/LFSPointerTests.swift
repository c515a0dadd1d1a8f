import ByteIO
import Convert
import TestSupport
import Testing

@Suite("LFSPointer")
struct LFSPointerTests {
  private static let oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
  private static let version = "version https://git-lfs.github.com/spec/v1\n"

  @Test("a pointer has digest and size")
  func reads() throws {
    let pointer = try #require(LFSPointer(parsing: Fixtures.bytes("broken/lfs-pointer.pth")))
    #expect(pointer.digest == SHA256Digest(hex: Self.oid))
    #expect(pointer.byteCount == 114_374_272)
  }

  @Test("a checkout may have ended its lines by CR LF")
  func lineEnds() {
    let text = Self.version + "oid sha256:\(Self.oid)\nsize 3\n"
    let pointer = LFSPointer(parsing: ByteRegion(copying: text.replacing("\n", with: "\r\n").utf8))
    #expect(pointer?.byteCount == 3)
  }

  @Test(
    "anything else is none",
    arguments: [
      "", version, version + "oid sha256:\(oid)\n", version + "size 3\n",
      version + "oid sha256:\(oid)\nsize -3\n", version + "oid sha256:\(oid)\nsize three\n",
      version + "oid sha1:\(oid)\nsize 3\n", version + "oid sha256:\(oid)0\nsize 3\n",
      "oid sha256:\(oid)\nsize 3\n",
      version + "oid sha256:\(oid)\nsize 3\n" + String(repeating: "x", count: 1024),
    ])
  func refuses(_ text: String) {
    #expect(LFSPointer(parsing: ByteRegion(copying: text.utf8)) == nil)
  }

  @Test("bytes that are no text are none")
  func bytes() {
    let bytes = Array((Self.version + "oid sha256:\(Self.oid)\nsize 3\n").utf8) + [0xFF]
    #expect(LFSPointer(parsing: ByteRegion(copying: bytes)) == nil)
  }
}
