import ByteIO
import Testing

@Suite("Little-endian integers")
struct LittleEndianTests {
  @Test("integers are read at any address")
  func integers() {
    let region = ByteRegion(copying: [0xAA, 1, 2, 3, 4, 5, 6, 7, 0x88, 1, 2, 0xFF])
    #expect(region.littleEndian(UInt64.self, at: 1) == 0x8807_0605_0403_0201)
    #expect(region.littleEndian(UInt16.self, at: 9) == 0x0201)
    #expect(region.littleEndian(Int8.self, at: 11) == -1)
  }

  @Test(
    "an integer that does not lie within the region is not there",
    arguments: [-1, 1, 4, 5, .max, .min])
  func outside(offset: Int) {
    let region = ByteRegion(copying: [1, 2, 3, 4])
    #expect(region.littleEndian(UInt32.self, at: 0) == 0x0403_0201)
    #expect(region.littleEndian(UInt32.self, at: offset) == nil)
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
