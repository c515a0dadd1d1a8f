import ByteIO
import TensorModel
import TestSupport
import Testing

@Suite("Tensor, its elements")
struct TensorElementsTests {
  /// A storage that breaks its promise.
  private final class ShortStorage: TensorStorage {
    let byteCount = 64
    func bytes() -> ByteRegion { ByteRegion(copying: [1, 2, 3]) }
  }

  private func chunks(of tensor: Tensor) throws -> [[UInt8]] {
    var chunks: [[UInt8]] = []
    try tensor.forEachChunk { chunk in
      chunks.append(chunk.withUnsafeBytes { Array($0) })
    }
    return chunks
  }

  @Test("plainly stored elements are lent, not copied")
  func plainBytes() throws {
    let region = ByteRegion(copying: [9, 9, 1, 2, 3, 4, 9])
    let tensor = try Tensor(
      name: "w", elementType: .int16, shape: [2], storage: RegionStorage(region),
      layout: Tensor.Layout(strides: [1], elementOffset: 1))
    let bytes = try #require(try tensor.plainBytes())
    #expect(bytes.array == [1, 2, 3, 4])
    let isSameMemory = region.withUnsafeBytes { whole in
      bytes.withUnsafeBytes { $0.baseAddress == whole.baseAddress.map { $0 + 2 } }
    }
    #expect(isSameMemory)
    #expect(try chunks(of: tensor) == [[1, 2, 3, 4]])
    #expect(try tensor.contiguousBytes().array == [1, 2, 3, 4])
  }

  @Test("numbers come as F32, in their order, whatever the type; others do not")
  func floats() throws {
    func tensor(_ type: ElementType, _ bytes: [UInt8], shape: [Int], strides: [Int]) throws
      -> Tensor
    {
      try Tensor(
        name: "w", elementType: type, shape: shape,
        storage: RegionStorage(ByteRegion(copying: bytes)),
        layout: Tensor.Layout(strides: strides, elementOffset: 0))
    }
    let halves: [UInt8] = [0, 0x3C, 0, 0xC0, 0, 0x38, 0, 0]
    #expect(
      try tensor(.float16, halves, shape: [2, 2], strides: [1, 2]).floats() == [1, 0.5, -2, 0])
    #expect(try tensor(.int8, [1, 0xFF], shape: [2], strides: [1]).floats() == [1, -1])
    #expect(try tensor(.float4, [1], shape: [2], strides: [1]).floats() == nil)
    #expect(
      try tensor(.complex64, [UInt8](repeating: 0, count: 8), shape: [1], strides: [1]).floats()
        == nil)
  }

  @Test("other elements have no plain bytes")
  func noPlainBytes() throws {
    let storage = RegionStorage(ByteRegion(copying: [1, 2, 3, 4]))
    let strided = try Tensor(
      name: "w", elementType: .uint8, shape: [2], storage: storage,
      layout: Tensor.Layout(strides: [2], elementOffset: 1))
    #expect(try strided.plainBytes() == nil)
    #expect(try chunks(of: strided) == [[2, 4]])
    let bigEndian = try Tensor(
      name: "w", elementType: .uint16, shape: [2], storage: storage,
      layout: Tensor.Layout(strides: [1], elementOffset: 0, isBigEndian: true))
    #expect(try bigEndian.plainBytes() == nil)
    #expect(try chunks(of: bigEndian) == [[2, 1, 4, 3]])
  }

  @Test("packed elements are handed over as they are")
  func packed() throws {
    let storage = RegionStorage(ByteRegion(copying: [0x12, 0x34, 0x56]))
    let tensor = try Tensor(name: "w", elementType: .float4, shape: [2, 2], storage: storage)
    #expect(try chunks(of: tensor) == [[0x12, 0x34]])
  }

  @Test("a tensor without elements gives no bytes, whatever its layout")
  func noElements() throws {
    let huge = 1 << 62
    let cases: [(shape: [Int], strides: [Int], isBigEndian: Bool)] = [
      ([2, 0], [5, 5], false), ([2, 0], [5, 5], true), ([0, huge, huge], [1, 0, 0], true),
      ([huge, 0, huge], [0, 0, 0], true), ([0, huge, huge], [.max, .max, .max], true),
    ]
    for (shape, strides, isBigEndian) in cases {
      let tensor = try Tensor(
        name: "w", elementType: .float32, shape: shape, storage: RegionStorage(.empty),
        layout: Tensor.Layout(strides: strides, elementOffset: 1000, isBigEndian: isBigEndian))
      #expect(try tensor.floats() == [])
      #expect(try chunks(of: tensor).flatMap { $0 } == [])
      #expect(try tensor.contiguousBytes().array == [])
      #expect(try tensor.digest() == SHA256Digest(of: ""))
    }
  }

  @Test("elements that have to be gathered come a megabyte at a time, in order")
  func largeChunks() throws {
    let rows = 1100
    let columns = 1000
    var bytes = [UInt8](repeating: 0, count: rows * columns)
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
    let tensor = try Tensor(
      name: "w", elementType: .uint8, shape: [columns, rows],
      storage: RegionStorage(ByteRegion(copying: bytes)),
      layout: Tensor.Layout(strides: [1, columns], elementOffset: 0))
    let chunks = try chunks(of: tensor)
    #expect(chunks.map(\.count) == [Tensor.chunkByteCount, rows * columns - Tensor.chunkByteCount])
    var expected: [UInt8] = []
    for column in 0..<columns {
      for row in 0..<rows { expected.append(bytes[row * columns + column]) }
    }
    #expect(chunks.flatMap { $0 } == expected)
    #expect(try tensor.contiguousBytes().array == expected)
  }

  @Test("the digest does not depend on how elements lie", arguments: 1...20 as ClosedRange<UInt64>)
  func digest(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (tensor, bytes) = try randomTensor(.float32, isBigEndian: true, using: &generator)
    let elements = ByteRegion(copying: naiveElements(of: tensor, in: bytes))
    #expect(try tensor.digest() == SHA256Digest(of: elements))
    let plain = try Tensor(
      name: "w", elementType: .float32, shape: tensor.shape, storage: RegionStorage(elements))
    #expect(try plain.digest() == tensor.digest())
  }

  @Test("a storage that gives fewer bytes than it has is found out, and nothing is read")
  func shortStorage() throws {
    let error = StorageSizeError(expectedByteCount: 64, foundByteCount: 3)
    for strides in [[1], [2]] {
      let tensor = try Tensor(
        name: "w", elementType: .float32, shape: [8], storage: ShortStorage(),
        layout: Tensor.Layout(strides: strides, elementOffset: 0))
      #expect(throws: error) { try tensor.contiguousBytes() }
      #expect(throws: error) { try tensor.digest() }
    }
  }

  @Test("what the body throws ends the walk")
  func bodyThrows() throws {
    struct Stop: Error {}
    let tensor = try Tensor(
      name: "w", elementType: .uint8, shape: [1], storage: RegionStorage(ByteRegion(copying: [1])))
    #expect(throws: Stop.self) { try tensor.forEachChunk { _ in throw Stop() } }
  }
}
