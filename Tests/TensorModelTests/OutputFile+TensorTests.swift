import ByteIO
import TensorModel
import TestSupport
import Testing

@Suite("OutputFile, tensors")
struct OutputFileTensorTests {
  @Test("a tensor's elements are written at their place, and seen on the way")
  func writing() throws {
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("out"), replacingExisting: false)
    let storage = RegionStorage(ByteRegion(copying: [1, 2, 3, 4, 5, 6]))
    let tensor = try Tensor(
      name: "w", elementType: .uint16, shape: [3], storage: storage,
      layout: Tensor.Layout(strides: [1], elementOffset: 0, isBigEndian: true))
    var seen: [UInt8] = []
    try output.write(tensor, at: 2) { piece in seen += piece.withUnsafeBytes { Array($0) } }
    try output.commit()
    #expect(seen == [2, 1, 4, 3, 6, 5])
    #expect(try folder.bytes("out") == [0, 0, 2, 1, 4, 3, 6, 5])
  }

  @Test("long tensors are written in pieces, in order, without gaps")
  func pieces() throws {
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("out"), replacingExisting: false)
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let tensor = try Tensor(
      name: "w", elementType: .uint8, shape: [600, 1000],
      storage: RegionStorage(ByteRegion(copying: bytes)))
    var counts: [Int] = []
    try output.write(tensor, at: 0) { counts.append($0.byteCount) }
    try output.commit()
    #expect(counts == [1 << 18, 1 << 18, 600_000 - 2 << 18])
    #expect(try folder.bytes("out") == bytes)
  }

  @Test("no piece crosses a multiple of its size in the file")
  func alignment() throws {
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("out"), replacingExisting: false)
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 11) }
    let tensor = try Tensor(
      name: "w", elementType: .uint8, shape: [3_000_000],
      storage: RegionStorage(ByteRegion(copying: bytes)))
    var pieces: [Range<Int>] = []
    try output.write(tensor, at: 1000) { piece in
      let start = pieces.last?.upperBound ?? 1000
      pieces.append(start..<(start + piece.byteCount))
    }
    try output.commit()
    #expect(pieces.last?.upperBound == 3_001_000)
    #expect(pieces.allSatisfy { $0.lowerBound >> 18 == ($0.upperBound - 1) >> 18 })
    #expect(try folder.bytes("out") == [UInt8](repeating: 0, count: 1000) + bytes)
  }
}
