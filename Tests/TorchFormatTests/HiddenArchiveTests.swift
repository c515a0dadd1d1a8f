import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Archives in files of another kind")
struct HiddenArchiveTests {
  private static let archive = ZipBytes.archive(P.dictionary(["w": P.none])).array

  /// An end record that states a directory.
  private static func end(
    byteCount: UInt32, offset: UInt32, comment: [UInt8] = []
  ) -> [UInt8] {
    var bytes = Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 1, 0, 1, 0]
    bytes.appendLittleEndian(byteCount)
    bytes.appendLittleEndian(offset)
    return bytes + [0, 0] + comment
  }

  private static let entry = Array("PK\u{1}\u{2}".utf8) + [UInt8](repeating: 0, count: 42)

  /// The records of zip64, with the place of the first one as stated, and an end record.
  private static func zip64End(
    byteCount: UInt64, offset: UInt64, recordOffset: UInt64
  ) -> [UInt8] {
    var bytes = Array("PK\u{6}\u{6}".utf8)
    bytes.appendLittleEndian(UInt64(44))
    bytes += [UInt8](repeating: 0, count: 28)
    bytes.appendLittleEndian(byteCount)
    bytes.appendLittleEndian(offset)
    bytes += Array("PK\u{6}\u{7}".utf8) + [0, 0, 0, 0]
    bytes.appendLittleEndian(recordOffset)
    bytes += [1, 0, 0, 0]
    return bytes + end(byteCount: .max, offset: .max)
  }

  private static let head = [UInt8](repeating: 0x20, count: 100)

  @Test(
    "an archive is found wherever readers look for its directory",
    arguments: [
      // The offsets of this one do not count what stands before it, as `zipfile` allows.
      head + archive,
      head + entry + end(byteCount: 46, offset: 100),
      head + entry + head + end(byteCount: 0, offset: 100),
      head + entry + end(byteCount: 46, offset: 0, comment: head),
      head + entry + zip64End(byteCount: 46, offset: 100, recordOffset: 146),
      head + entry + zip64End(byteCount: 46, offset: 0, recordOffset: 0),
      head + entry + head + zip64End(byteCount: 0, offset: 100, recordOffset: 246),
    ] as [[UInt8]])
  func found(_ bytes: [UInt8]) throws {
    let hidden = try #require(HiddenArchive(ByteRegion(copying: bytes)))
    #expect(hidden.error.rule == "zip-hidden")
    #expect(hidden.byteOffset >= 100)
  }

  /// miniz reads blocks of 4096 bytes, each of which begins 4093 before the one behind it, and gives
  /// up behind the first one that reaches beyond the longest comment.
  @Test(
    "an archive is found as far from the end as PyTorch finds one",
    arguments: [(65_557, true), (65_558, true), (69_000, true), (69_584, true), (80_000, false)])
  func farFromEnd(distance: Int, isFound: Bool) {
    let record = Self.end(byteCount: 46, offset: 100)
    let bytes =
      Self.head + Self.entry + record + [UInt8](repeating: 1, count: distance - record.count)
    let hidden = HiddenArchive(ByteRegion(copying: bytes))
    #expect((hidden != nil) == isFound)
  }

  @Test("a file that begins with a member's header is taken for an archive by PyTorch")
  func memberFirst() {
    let bytes = Array("PK\u{3}\u{4}".utf8) + Self.head
    #expect(HiddenArchive(ByteRegion(copying: bytes))?.byteOffset == 0)
  }

  @Test(
    "signatures among elements are no archive",
    arguments: [
      [], head, end(byteCount: 46, offset: 100), head + entry,
      head + end(byteCount: .max, offset: .max),
      head + entry + end(byteCount: 45, offset: 99),
      head + zip64End(byteCount: .max, offset: .max, recordOffset: .max),
    ] as [[UInt8]])
  func notFound(_ bytes: [UInt8]) {
    #expect(HiddenArchive(ByteRegion(copying: bytes)) == nil)
  }
}
