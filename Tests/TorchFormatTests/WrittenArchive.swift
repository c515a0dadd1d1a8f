import ByteIO
import Testing

/// A naive reader of the archives that the writer makes: every structure at its place, every field
/// looked at, nothing searched for.
struct WrittenArchive {
  struct Record {
    var name: String
    var flags: UInt16
    var version: UInt16
    var checksum: UInt32
    var byteCount: Int
    var headerOffset: Int
    var dataOffset: Int
  }

  private(set) var records: [Record] = []
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let end = bytes.count - 22
    #expect(text(at: end) == "PK\u{5}\u{6}")
    let locator = end - 20
    #expect(text(at: locator) == "PK\u{6}\u{7}")
    let zip64End = Int(number(at: locator + 8, UInt64.self))
    #expect(zip64End == locator - 56)
    #expect(text(at: zip64End) == "PK\u{6}\u{6}")
    #expect(number(at: zip64End + 4, UInt64.self) == 44)
    let count = Int(number(at: zip64End + 24, UInt64.self))
    let directoryByteCount = Int(number(at: zip64End + 40, UInt64.self))
    let directory = Int(number(at: zip64End + 48, UInt64.self))
    #expect(directory + directoryByteCount == zip64End)
    #expect(number(at: end + 8, UInt16.self) == UInt16(clamping: count))
    #expect(number(at: end + 10, UInt16.self) == UInt16(clamping: count))
    #expect(number(at: end + 12, UInt32.self) == UInt32(clamping: directoryByteCount))
    #expect(number(at: end + 16, UInt32.self) == UInt32(clamping: directory))

    var offset = directory
    var expectedHeader = 0
    for _ in 0..<count {
      let record = readEntry(at: &offset)
      #expect(record.headerOffset == expectedHeader)
      expectedHeader = checkLocal(record)
      records.append(record)
    }
    #expect(offset == zip64End)
    #expect(expectedHeader == directory)
  }

  /// The data of a record.
  func data(_ record: Record) -> ArraySlice<UInt8> {
    bytes[record.dataOffset..<(record.dataOffset + record.byteCount)]
  }

  private func readEntry(at offset: inout Int) -> Record {
    #expect(text(at: offset) == "PK\u{1}\u{2}")
    let nameCount = Int(number(at: offset + 28, UInt16.self))
    #expect(number(at: offset + 10, UInt16.self) == 0, "stored")
    #expect(number(at: offset + 20, UInt32.self) == number(at: offset + 24, UInt32.self))
    #expect(number(at: offset + 30, UInt16.self) == 0, "small records need no extra field")
    let headerOffset = Int(number(at: offset + 42, UInt32.self))
    let record = Record(
      name: String(decoding: bytes[(offset + 46)..<(offset + 46 + nameCount)], as: UTF8.self),
      flags: number(at: offset + 8, UInt16.self), version: number(at: offset + 6, UInt16.self),
      checksum: number(at: offset + 16, UInt32.self),
      byteCount: Int(number(at: offset + 20, UInt32.self)), headerOffset: headerOffset,
      dataOffset: headerOffset + 30 + nameCount + Int(number(at: headerOffset + 28, UInt16.self)))
    offset += 46 + nameCount
    return record
  }

  /// Holds a local header and a descriptor against the directory; where the record ends.
  private func checkLocal(_ record: Record) -> Int {
    let start = record.headerOffset
    #expect(text(at: start) == "PK\u{3}\u{4}")
    #expect(number(at: start + 6, UInt16.self) == record.flags)
    #expect(bytes[(start + 8)..<(start + 26)].allSatisfy { $0 == 0 })
    let nameEnd = start + 30 + record.name.utf8.count
    #expect(Array(bytes[(start + 30)..<nameEnd]) == Array(record.name.utf8))
    #expect(Array(bytes[nameEnd..<(nameEnd + 2)]) == Array("FB".utf8))
    #expect(record.dataOffset == nameEnd + 4 + Int(number(at: nameEnd + 2, UInt16.self)))
    #expect(bytes[(nameEnd + 4)..<record.dataOffset].allSatisfy { $0 == UInt8(ascii: "Z") })
    let end = record.dataOffset + record.byteCount
    if record.byteCount == 0 { return end }
    #expect(text(at: end) == "PK\u{7}\u{8}")
    #expect(number(at: end + 4, UInt32.self) == record.checksum)
    #expect(Int(number(at: end + 8, UInt32.self)) == record.byteCount)
    #expect(Int(number(at: end + 12, UInt32.self)) == record.byteCount)
    return end + 16
  }

  private func text(at offset: Int) -> String {
    String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
  }

  private func number<Value: FixedWidthInteger>(at offset: Int, _ type: Value.Type) -> Value {
    var value: Value = 0
    for index in (0..<MemoryLayout<Value>.size).reversed() {
      value = value << 8 | Value(bytes[offset + index])
    }
    return value
  }
}

/// CRC-32 bit by bit.
func naiveChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var checksum = UInt32.max
  for byte in bytes {
    checksum ^= UInt32(byte)
    for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  return ~checksum
}
