import ByteIO
import TestSupport
import Testing

@testable import TensorModel

@Suite("ElementGather")
struct ElementGatherTests {
  private static let types = ElementType.allCases.filter { $0.byteWidth != nil }
  private static let operations: [Tensor.Operation] = [
    .none, .conjugate, .negate, .conjugateAndNegate,
  ]

  @Test("gathering is what the naive loop gives, for random layouts", arguments: types)
  func againstTwin(type: ElementType) throws {
    var generator = SeededGenerator(seed: UInt64(type.bitWidth))
    for round in 0..<40 {
      for operation in Self.operations {
        for isBigEndian in [false, true] {
          let (tensor, bytes) = try randomTensor(
            type, operation: operation, isBigEndian: isBigEndian, using: &generator)
          let expected = naiveElements(of: tensor, in: bytes)
          let found = try tensor.contiguousBytes().array
          #expect(found == expected, "round \(round), \(tensor.shape), \(tensor.layout)")
        }
      }
    }
  }

  @Test(
    "dimensions are merged where their steps go on, and left out where there are none",
    arguments: [
      ([2, 3, 4], [12, 4, 1], [24], [1]), ([2, 3, 4], [0, 0, 0], [24], [0]),
      ([2, 1, 4, 1], [8, 77, 1, .max], [2, 4], [8, 1]), ([3, 2], [1, 3], [3, 2], [1, 3]),
      ([2, 3, 4], [24, 8, 2], [24], [2]), ([2, 3, 4], [5, 4, 1], [2, 12], [5, 1]),
      ([1, 1], [3, 4], [], []), ([], [], [], []), ([2, 2], [0, .max], [2, 2], [0, .max]),
      ([2, 0], [0, 1], [0], [1]),
    ] as [([Int], [Int], [Int], [Int])])
  func merged(_ shape: [Int], _ strides: [Int], _ newShape: [Int], _ newStrides: [Int]) {
    let merged = ElementGather.merged(shape, strides)
    #expect(merged.shape == newShape)
    #expect(merged.strides == newStrides)
  }

  @Test("a buffer may end anywhere in a row", arguments: [1, 2, 3, 5, 7, 64])
  func smallBuffers(elementCount: Int) throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let (tensor, bytes) = try randomTensor(.int32, isBigEndian: true, using: &generator)
      var gather = ElementGather(tensor, source: try tensor.storage.bytes())
      // Three bytes too many, which no element fits in.
      let block = try MemoryBlock(byteCount: elementCount * 4 + 3)
      var found: [UInt8] = []
      while let count = gather.fill(block.bytes) {
        #expect(count > 0 && count <= elementCount * 4)
        found += block.bytes.prefix(count)
      }
      #expect(gather.fill(block.bytes) == nil)
      #expect(found == naiveElements(of: tensor, in: bytes))
    }
  }

  @Test("the most negative integer, zeros and NaNs survive negation as PyTorch has it")
  func negation() throws {
    func negated(_ type: ElementType, _ bytes: [UInt8]) throws -> [UInt8] {
      let tensor = try Tensor(
        name: "w", elementType: type, shape: [1],
        storage: RegionStorage(ByteRegion(copying: bytes)),
        layout: Tensor.Layout(strides: [1], elementOffset: 0, operation: .negate))
      return try tensor.contiguousBytes().array
    }
    #expect(try negated(.int16, [0x00, 0x80]) == [0x00, 0x80])
    #expect(try negated(.int16, [0x01, 0x00]) == [0xFF, 0xFF])
    #expect(try negated(.int8, [0]) == [0])
    #expect(try negated(.float32, [0, 0, 0, 0]) == [0, 0, 0, 0x80])
    #expect(try negated(.float32, [1, 2, 0xC0, 0x7F]) == [1, 2, 0xC0, 0xFF])
    #expect(
      try negated(.complex64, [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]) == [
        0, 0, 0x80, 0xBF, 0, 0, 0, 0xC0,
      ])
  }

  @Test(
    "the stride of a dimension with one index is never taken, whatever a file says",
    arguments: [
      ([2, 1], [2, Int.max], 0, [0, 2]), ([1, 2], [Int.max, 2], 1, [1, 3]),
      ([2, 1, 2], [2, Int.max, 1], 0, [0, 1, 2, 3]),
      ([1, 2, 1], [Int.max, 3, Int.max], 0, [0, 3]),
    ] as [([Int], [Int], Int, [UInt8])])
  func unitDimensions(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ expected: [UInt8]
  ) throws {
    let tensor = try Tensor(
      name: "w", elementType: .uint8, shape: shape,
      storage: RegionStorage(ByteRegion(copying: [0, 1, 2, 3])),
      layout: Tensor.Layout(strides: strides, elementOffset: offset))
    #expect(try tensor.contiguousBytes().array == expected)
    #expect(try tensor.digest() == SHA256Digest(of: ByteRegion(copying: expected)))
  }
}
