import ByteIO
import Testing

@testable import NativeFormat

@Suite("NativePreamble")
struct NativePreambleTests {
  private func error(_ bytes: [UInt8], limits: Limits = .standard) -> NativeError? {
    do {
      _ = try NativePreamble(ByteRegion(copying: bytes), limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test("what was written is read back")
  func readsBack() throws {
    let file = NaiveFile(json: "{\"a\":1}", data: [1, 2, 3])
    let preamble = try NativePreamble(file.region, limits: .standard)
    #expect(preamble.json.text == file.json)
    #expect(preamble.dataOffset == 16384)
    #expect(preamble.digest.bytes == Array(file.bytes[40..<72]))
    let head = NativePreamble.head(
      json: Array(file.json.utf8), dataOffset: 16384, fileByteCount: 16387)
    #expect(head == Array(file.bytes[..<16384]))
  }

  @Test("a header that just fills its page, or just does not", arguments: [16256, 16257])
  func fillsPage(_ byteCount: Int) throws {
    let json = "\"" + String(repeating: "a", count: byteCount - 2) + "\""
    let preamble = try NativePreamble(NaiveFile(json: json).region, limits: .standard)
    #expect(preamble.json.byteCount == byteCount)
    #expect(preamble.dataOffset == (byteCount == 16256 ? 16384 : 32768))
  }

  @Test("other files are told by their first bytes, even short ones")
  func refusesOtherMagic() {
    #expect(error(Array("CONVNEXU".utf8)) == .badMagic)
    #expect(error([0]) == .badMagic)
    #expect(error([UInt8](repeating: 0x50, count: 20000)) == .badMagic)
    var file = NaiveFile(json: "{}")
    file.magic = "convnext"
    #expect(error(file.bytes) == .badMagic)
  }

  @Test("a file of less than 128 bytes is cut off", arguments: [0, 1, 7, 8, 9, 127])
  func refusesShortFile(_ byteCount: Int) {
    let bytes = NaiveFile(json: "{}").bytes
    #expect(error(Array(bytes[..<byteCount])) == .tooShort(needed: 128, found: byteCount))
  }

  @Test("another version is refused before anything else is looked at", arguments: [0, 2, .max])
  func refusesOtherVersion(_ version: UInt32) {
    var file = NaiveFile(json: "{}")
    file.version = version
    var bytes = file.bytes
    bytes[12] = 1
    bytes[100] = 1
    #expect(error(bytes) == .unknownVersion(found: version))
    #expect(error(Array(bytes[..<128])) == .unknownVersion(found: version))
  }

  @Test("every reserved byte must be zero", arguments: Array(12..<16) + Array(72..<128))
  func refusesReserved(_ offset: Int) {
    var bytes = NaiveFile(json: "{}").bytes
    bytes[offset] = 0x80
    #expect(error(NaiveFile.sealed(bytes)) == .reservedNotZero(fileOffset: offset))
  }

  @Test("the file has the size that it says", arguments: [0, 16383, 16385, .max])
  func refusesOtherSize(_ declared: UInt64) {
    var file = NaiveFile(json: "{}")
    file.fileByteCount = declared
    #expect(error(file.bytes) == .wrongSize(declared: declared, found: 16384))
  }

  @Test(
    "a header that does not fit in the file is refused, whatever its size",
    arguments: [16257, 16384, UInt64(Int.max), UInt64(Int.max) - 128, UInt64(Int.max) + 1, .max])
  func refusesHeaderPastEnd(_ byteCount: UInt64) {
    var file = NaiveFile(json: "{}")
    file.headerByteCount = byteCount
    #expect(
      error(file.bytes) == .headerPastEnd(headerByteCount: byteCount, fileByteCount: 16384))
  }

  @Test(
    "the data begin where they must", arguments: [0, 128, 16383, 16385, 32768, UInt64.max])
  func refusesOtherDataOffset(_ offset: UInt64) {
    var file = NaiveFile(json: "{}", data: [UInt8](repeating: 0, count: 20000))
    file.dataOffset = offset
    #expect(error(file.bytes) == .badDataOffset(declared: offset, expected: 16384))
  }

  @Test("a header above the limit is refused")
  func refusesLargeHeader() {
    var limits = Limits.standard
    limits.headerByteCount = 7
    #expect(error(NaiveFile(json: "1234567").bytes, limits: limits) == nil)
    #expect(
      error(NaiveFile(json: "12345678").bytes, limits: limits)
        == .headerTooLarge(byteCount: 8, limit: 7))
  }

  @Test("the header has the digest that the preamble says")
  func refusesOtherDigest() throws {
    let bytes = NaiveFile(json: "{}").bytes
    var changed = bytes
    changed[128] = UInt8(ascii: "[")
    let declared = try #require(SHA256Digest(bytes: Array(bytes[40..<72])))
    let computed = NativeLayout.headerDigest(of: ByteRegion(copying: changed))
    #expect(error(changed) == .headerDigest(declared: declared, computed: computed))
  }

  @Test("between header and data there are zeros", arguments: [130, 16383])
  func refusesHeaderPadding(_ offset: Int) {
    var bytes = NaiveFile(json: "{}").bytes
    bytes[offset] = 1
    #expect(error(NaiveFile.sealed(bytes)) == .headerPaddingNotZero(fileOffset: offset))
  }
}
