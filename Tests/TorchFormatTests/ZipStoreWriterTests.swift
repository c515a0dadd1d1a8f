import ByteIO
import Testing

@testable import TorchFormat

@Suite("ZipStoreWriter")
struct ZipStoreWriterTests {
  private func layout(_ byteCounts: [Int]) -> ZipStoreWriter {
    var writer = ZipStoreWriter()
    for (index, byteCount) in byteCounts.enumerated() {
      writer.add(name: "a/\(index)", byteCount: byteCount)
    }
    return writer
  }

  private func bytes(_ numbers: [any FixedWidthInteger]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { bytes.appendLittleEndian(number) }
    return bytes
  }

  /// The layout of records, with one of 5 GB in the middle.
  private static let fiveGB = 5_000_000_000

  @Test("data begins at multiples of 64, and records lie side by side", arguments: 0...70)
  func alignment(byteCount: Int) {
    let writer = layout([byteCount, byteCount / 2, 1])
    var end = 0
    for record in writer.records {
      #expect(record.headerOffset == end)
      #expect(record.dataOffset % 64 == 0)
      #expect(record.dataOffset - record.headerOffset == writer.localHeader(of: record).count)
      #expect(record.dataOffset - record.headerOffset < 30 + 3 + 4 + 64)
      let descriptor = writer.descriptor(of: record, checksum: 1)
      end = record.dataOffset + record.byteCount + descriptor.count
      #expect(record.end == end)
    }
    #expect(writer.directoryOffset == end)
    #expect(writer.byteCount == end + writer.directory(checksums: [1, 2, 3]).count)
  }

  @Test("an archive without records is its end records")
  func empty() {
    #expect(layout([]).byteCount == 98)
    #expect(layout([]).directory(checksums: []).count == 98)
  }

  @Test("a local header says nothing of what follows, and is padded with an extra field")
  func localHeader() {
    let writer = layout([3])
    let expected =
      bytes([
        UInt32(0x0403_4B50), UInt16(0), UInt16(0x0808), UInt16(0), UInt32(0), UInt32(0), UInt32(0),
        UInt32(0), UInt16(3), UInt16(31),
      ]) + Array("a/0FB".utf8) + [27, 0] + [UInt8](repeating: UInt8(ascii: "Z"), count: 27)
    #expect(writer.localHeader(of: writer.records[0]) == expected)
  }

  @Test("an empty record has no descriptor, and no flag for one")
  func emptyRecord() {
    let writer = layout([0])
    #expect(writer.descriptor(of: writer.records[0], checksum: 0) == [])
    #expect(Array(writer.localHeader(of: writer.records[0])[6..<8]) == [0x00, 0x08])
    #expect(Array(writer.directory(checksums: [0])[8..<10]) == [0x00, 0x08])
  }

  @Test("a record of 4 GiB has its sizes in zip64 fields of 64 bits")
  func largeRecord() {
    let size = Self.fiveGB
    let writer = layout([size])
    let record = writer.records[0]
    #expect(record.dataOffset % 64 == 0)
    let header = writer.localHeader(of: record)
    #expect(Array(header[4..<6]) == [45, 0])
    #expect(Array(header[18..<26]) == [UInt8](repeating: 0xFF, count: 8))
    #expect(
      Array(header[33..<53]) == bytes([UInt16(1), UInt16(16), UInt64(size), UInt64(size)]))
    #expect(Array(header[53..<55]) == Array("FB".utf8))
    #expect(header.count == record.dataOffset)
    #expect(
      writer.descriptor(of: record, checksum: 0x0102_0304)
        == bytes([UInt32(0x0807_4B50), UInt32(0x0102_0304), UInt64(size), UInt64(size)]))
    let entry = writer.directory(checksums: [9])
    #expect(Array(entry[6..<8]) == [45, 0])
    #expect(Array(entry[20..<28]) == [UInt8](repeating: 0xFF, count: 8))
    #expect(Array(entry[30..<32]) == [20, 0])
    #expect(
      Array(entry[49..<69]) == bytes([UInt16(1), UInt16(16), UInt64(size), UInt64(size)]))
    #expect(writer.byteCount == record.end + entry.count)
  }

  @Test("one byte less than a 32-bit field can hold needs no zip64", arguments: [0, 1])
  func saturation(more: Int) {
    let writer = layout([0xFFFF_FFFE + more])
    let descriptor = writer.descriptor(of: writer.records[0], checksum: 0)
    #expect(descriptor.count == (more == 0 ? 16 : 24))
    #expect(writer.directory(checksums: [0]).count == 98 + 49 + (more == 0 ? 0 : 20))
  }

  @Test("a record behind 4 GiB has its offset in a zip64 field, and a short descriptor")
  func farRecord() {
    let writer = layout([Self.fiveGB, 7])
    let record = writer.records[1]
    #expect(record.headerOffset > Self.fiveGB)
    #expect(record.dataOffset % 64 == 0)
    #expect(writer.descriptor(of: record, checksum: 0).count == 16)
    #expect(Array(writer.localHeader(of: record)[4..<6]) == [0, 0])
    let entry = Array(writer.directory(checksums: [1, 2]).dropFirst(69))
    #expect(Array(entry[20..<28]) == bytes([UInt32(7), UInt32(7)]))
    #expect(Array(entry[42..<46]) == [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      Array(entry[49..<61]) == bytes([UInt16(1), UInt16(8), UInt64(record.headerOffset)]))
    let end = Array(entry.dropFirst(61))
    #expect(Array(end[48..<56]) == bytes([UInt64(writer.directoryOffset)]))
    #expect(Array(end.suffix(6)) == [0xFF, 0xFF, 0xFF, 0xFF, 0, 0])
  }

  @Test("a record that is large and far has all three numbers")
  func largeAndFar() {
    let writer = layout([Self.fiveGB, Self.fiveGB])
    let entry = Array(writer.directory(checksums: [1, 2]).dropFirst(69))
    #expect(Array(entry[30..<32]) == [28, 0])
    let numbers = [Self.fiveGB, Self.fiveGB, writer.records[1].headerOffset].map { UInt64($0) }
    #expect(Array(entry[49..<77]) == bytes([UInt16(1), UInt16(24)]) + bytes(numbers))
  }

  @Test("more records than 16 bits can count are counted in 64")
  func manyRecords() {
    let writer = layout([Int](repeating: 0, count: 70_000))
    let end = writer.directory(checksums: [UInt32](repeating: 0, count: 70_000)).suffix(98)
    #expect(Array(end.dropFirst(24).prefix(16)) == bytes([UInt64(70_000), UInt64(70_000)]))
    #expect(Array(end.suffix(14).prefix(4)) == [0xFF, 0xFF, 0xFF, 0xFF])
  }
}
