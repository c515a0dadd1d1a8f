import Testing

@testable import TorchFormat

@Suite("ZipRecord")
struct ZipRecordTests {
  /// APPNOTE.TXT, 4.3.7 to 4.3.16: the signature's bytes, and those of the fixed part.
  @Test(
    "every record begins with PK and its two numbers",
    arguments: [
      (ZipRecord.local, [3, 4], 30), (.descriptor, [7, 8], 16), (.central, [1, 2], 46),
      (.end, [5, 6], 22), (.zip64Locator, [6, 7], 20), (.zip64End, [6, 6], 56),
    ] as [(ZipRecord, [UInt8], Int)])
  func signatures(_ record: ZipRecord, _ numbers: [UInt8], _ byteCount: Int) {
    #expect(record.signatureBytes == Array("PK".utf8) + numbers)
    #expect(record.byteCount == byteCount)
  }
}
