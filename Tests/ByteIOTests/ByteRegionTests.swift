import ByteIO
import Testing

@Suite("ByteRegion")
struct ByteRegionTests {
  private let region = ByteRegion(copying: [10, 11, 12, 13, 14])

  @Test(
    "a slice lies within the region, or is nil, whatever the numbers",
    arguments: [
      (0, 5, [10, 11, 12, 13, 14]), (1, 3, [11, 12, 13]), (5, 0, []), (0, 0, []), (4, 1, [14]),
      (5, 1, nil), (6, 0, nil), (-1, 1, nil), (0, -1, nil), (0, 6, nil), (1, .max, nil),
      (.max, 1, nil), (.max, .max, nil), (.min, .min, nil), (.min, .max, nil),
    ] as [(Int, Int, [UInt8]?)])
  func slices(offset: Int, byteCount: Int, expected: [UInt8]?) {
    #expect(region.slice(offset: offset, byteCount: byteCount)?.array == expected)
  }

  @Test("a slice of a slice counts from the slice")
  func nestedSlices() throws {
    let part = try #require(region.slice(offset: 1, byteCount: 3))
    #expect(part.slice(offset: 1, byteCount: 2)?.array == [12, 13])
    #expect(part.slice(offset: 1, byteCount: 3) == nil)
    #expect(part[2] == 13)
  }

  @Test("a byte out of range is a programming error")
  func subscriptOutOfRange() async {
    await #expect(processExitsWith: .failure) {
      _ = ByteRegion(copying: [1])[1]
    }
  }

  @Test("the owner lives as long as any slice")
  func ownership() throws {
    weak var owner: MemoryBlock?
    var part: ByteRegion?
    do {
      let block = try MemoryBlock(byteCount: 4)
      block.bytes.copyBytes(from: [1, 2, 3, 4])
      owner = block
      part = ByteRegion(block).slice(offset: 2, byteCount: 1)
    }
    #expect(owner != nil)
    #expect(part?.array == [3])
    part = nil
    #expect(owner == nil)
  }

  @Test("memory blocks are aligned to 64 bytes")
  func alignment() throws {
    for byteCount in [0, 1, 63, 1000] {
      let block = try MemoryBlock(byteCount: byteCount)
      #expect(block.bytes.count == byteCount)
      #expect(UInt(bitPattern: block.bytes.baseAddress) % 64 == 0)
    }
  }

  @Test("a block that no system has the memory for is an error")
  func noMemory() {
    #expect(throws: MemoryError(byteCount: .max / 2)) { try MemoryBlock(byteCount: .max / 2) }
    #expect(throws: MemoryError(byteCount: -1)) { try MemoryBlock(byteCount: -1) }
    #expect(MemoryError(byteCount: 1 << 36).message == "there is no memory for 64.0 GiB")
  }

  @Test("spans see the same bytes")
  func spans() {
    let span = region.bytes
    #expect(span.byteCount == 5)
    let last = unsafe span.unsafeLoad(fromByteOffset: 4, as: UInt8.self)
    #expect(last == 14)
    #expect(ByteRegion.empty.bytes.byteCount == 0)
  }

  @Test(
    "a pattern matches where it lies",
    arguments: [
      ([10, 11], 0, true), ([13, 14], 3, true), ([], 5, true), ([], 6, false),
      ([14, 15], 4, false),
      ([11], 0, false), ([10], -1, false), ([10], .max, false),
    ] as [([UInt8], Int, Bool)])
  func patterns(pattern: [UInt8], offset: Int, expected: Bool) {
    #expect(region.matches(pattern, at: offset) == expected)
  }

  @Test("no bytes are a region too")
  func emptyRegion() {
    #expect(ByteRegion.empty.byteCount == 0)
    #expect(ByteRegion.empty.array == [])
    #expect(ByteRegion.empty.text == "")
    #expect(ByteRegion(copying: []).slice(offset: 0, byteCount: 0)?.byteCount == 0)
  }

  @Test(
    "text is given for valid UTF-8 only, and the first fault is found",
    arguments: [
      ([0x61, 0xC3, 0xA9], nil), ([], nil), ([0xF0, 0x9F, 0x98, 0x80], nil), ([0], nil),
      ([0xEF, 0xBB, 0xBF, 0x61], nil), ([0xFF], 0), ([0x61, 0x80], 1), ([0x61, 0xC3], 1),
      ([0xC3, 0xA9, 0xC0, 0xAF], 2), ([0x61, 0x62, 0xED, 0xA0, 0x80], 2),
      ([0xF4, 0x90, 0x80, 0x80], 0), ([0x61, 0xE2, 0x82, 0x61], 1), ([0xF0, 0x80, 0x80, 0x80], 0),
    ] as [([UInt8], Int?)])
  func utf8(bytes: [UInt8], fault: Int?) {
    let region = ByteRegion(copying: bytes)
    #expect(region.invalidUTF8Offset == fault)
    #expect((region.text == nil) == (fault != nil))
    if let text = region.text { #expect(Array(text.utf8) == bytes) }
  }

  @Test("regions are compared byte by byte")
  func sameBytes() {
    let region = ByteRegion(copying: [1, 2, 3, 1, 2])
    let head = region.slice(offset: 0, byteCount: 2) ?? .empty
    #expect(region.slice(offset: 3, byteCount: 2)?.hasSameBytes(as: head) == true)
    #expect(region.slice(offset: 1, byteCount: 2)?.hasSameBytes(as: head) == false)
    #expect(!region.hasSameBytes(as: head))
    #expect(ByteRegion.empty.hasSameBytes(as: .empty))
  }
}
