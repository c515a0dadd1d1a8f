import ByteIO
import TensorModel
import TestSupport
import Testing

@Suite("Element reader")
struct ElementReaderTests {
  @Test(
    "blocks make up the elements, however they lie", arguments: 1...40 as ClosedRange<UInt64>)
  func blocks(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (tensor, bytes) = try randomTensor(
      .int16, isBigEndian: seed % 2 == 0, using: &generator)
    var reader = try ElementReader(tensor, elementsPerBlock: 8)
    var blocks: [[UInt8]] = []
    while let block = reader.next() { blocks.append(block.array) }
    #expect(blocks.flatMap { $0 } == naiveElements(of: tensor, in: bytes))
    #expect(blocks.dropLast().allSatisfy { $0.count == 16 })
    #expect(reader.next() == nil)
  }

  @Test("a block may be longer than any tensor", arguments: [false, true])
  func longBlock(isStrided: Bool) throws {
    let tensor = try Tensor(
      name: "w", elementType: .float16, shape: [2, 2],
      storage: RegionStorage(ByteRegion(copying: 0..<8)),
      layout: Tensor.Layout(strides: isStrided ? [1, 2] : [2, 1], elementOffset: 0))
    var reader = try ElementReader(tensor, elementsPerBlock: .max)
    #expect(
      reader.next()?.array == (isStrided ? [0, 1, 4, 5, 2, 3, 6, 7] : [0, 1, 2, 3, 4, 5, 6, 7]))
    #expect(reader.next() == nil)
    var floats = try #require(try FloatReader(tensor, elementsPerBlock: .max))
    #expect(floats.next()?.byteCount == 16)
    #expect(floats.next() == nil)
  }

  @Test("packed elements come in whole bytes")
  func packed() throws {
    let tensor = try Tensor(
      name: "w", elementType: .float6E2M3, shape: [12],
      storage: RegionStorage(ByteRegion(copying: 0..<9)))
    var reader = try ElementReader(tensor, elementsPerBlock: 8)
    #expect(reader.next()?.array == [0, 1, 2, 3, 4, 5])
    #expect(reader.next()?.array == [6, 7, 8])
    #expect(reader.next() == nil)
  }
}
