import Testing

@testable import ByteIO

@Suite("ByteCursor")
struct ByteCursorTests {
  private func cursor(_ bytes: [UInt8]) -> ByteCursor { ByteCursor(ByteRegion(copying: bytes)) }

  @Test("little-endian integers are read at any address")
  func integers() throws {
    var cursor = cursor([0xAA, 1, 2, 3, 4, 5, 6, 7, 0x88, 1, 2, 0xFF])
    #expect(try cursor.readByte() == 0xAA)
    #expect(try cursor.readLittleEndian(UInt64.self) == 0x8807_0605_0403_0201)
    #expect(try cursor.readLittleEndian(UInt16.self) == 0x0201)
    #expect(try cursor.readLittleEndian(Int8.self) == -1)
    #expect(cursor.available == 0)
    #expect(cursor.offset == 12)
  }

  @Test("a read that fails says what was missing and leaves the position")
  func truncation() throws {
    var cursor = cursor([1, 2, 3])
    _ = try cursor.readByte()
    #expect(throws: TruncatedRead(offset: 1, needed: 4, available: 2)) {
      try cursor.readLittleEndian(UInt32.self)
    }
    #expect(throws: TruncatedRead(offset: 1, needed: 8, available: 2)) {
      try cursor.readLittleEndian(UInt64.self)
    }
    #expect(throws: TruncatedRead(offset: 1, needed: 3, available: 2)) {
      try cursor.read(byteCount: 3)
    }
    #expect(throws: TruncatedRead(offset: 1, needed: -1, available: 2)) {
      try cursor.read(byteCount: -1)
    }
    #expect(throws: TruncatedRead(offset: 1, needed: .max, available: 2)) {
      try cursor.read(byteCount: .max)
    }
    #expect(cursor.offset == 1)
    #expect(try cursor.read(byteCount: 2).array == [2, 3])
    #expect(throws: TruncatedRead(offset: 3, needed: 1, available: 0)) { try cursor.readByte() }
  }

  @Test(
    "a line ends at its line feed, which must come within the limit",
    arguments: [
      ("ab\ncd", 2, "ab", 3), ("ab\ncd", 1, nil, 0), ("ab\ncd", .max, "ab", 3), ("abc", 10, nil, 0),
      ("abc", .max, nil, 0), ("\n", 0, "", 1), ("a\n", 0, nil, 0), ("", 5, nil, 0),
      ("a\r\nb", 9, "a\r", 3),
    ] as [(String, Int, String?, Int)])
  func lines(text: String, limit: Int, expected: String?, offset: Int) {
    var cursor = cursor(Array(text.utf8))
    #expect(cursor.readLine(limit: limit).map(\.array) == expected.map { Array($0.utf8) })
    #expect(cursor.offset == offset)
  }

  @Test("a line is looked for behind what was read already")
  func secondLine() throws {
    var cursor = cursor(Array("a\nbc\n".utf8))
    _ = cursor.readLine(limit: 5)
    #expect(cursor.readLine(limit: 2)?.text == "bc")
    #expect(cursor.readLine(limit: 2) == nil)
  }

  @Test("integers and texts are appended as bytes")
  func appending() {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt16(0x0102))
    bytes.appendLittleEndian(Int32(-2))
    bytes.append(utf8: "é")
    #expect(bytes == [2, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0xC3, 0xA9])
  }
}
