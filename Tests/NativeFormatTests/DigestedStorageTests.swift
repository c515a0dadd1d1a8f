import ByteIO
import TensorModel
import Testing

@testable import NativeFormat

@Suite("Checked tensors")
struct DigestedStorageTests {
  private func tensors(changing offset: Int? = nil) throws -> (checked: [Tensor], plain: [Tensor]) {
    var bytes = try Sample.written()
    if let offset { bytes[offset] ^= 1 }
    let file = try NativeFile(ByteRegion(copying: bytes))
    return (file.checkedTensors, file.tensors)
  }

  private static let reads: [(name: String, read: @Sendable (Tensor) throws -> [UInt8])] = [
    ("bytes", { try $0.contiguousBytes().array }),
    (
      "chunks",
      { tensor in
        var bytes: [UInt8] = []
        try tensor.forEachChunk { chunk in chunk.withUnsafeBytes { bytes += $0 } }
        return bytes
      }
    ),
    ("digest", { try $0.digest().bytes }),
  ]

  @Test("sound tensors are read as they are, once and again", arguments: reads.indices)
  func sound(_ index: Int) throws {
    let (checked, plain) = try tensors()
    #expect(checked.map(\.info) == plain.map(\.info))
    for (left, right) in zip(checked, plain) {
      for _ in 0..<2 {
        #expect(try Self.reads[index].read(left) == Self.reads[index].read(right))
      }
    }
  }

  @Test("a changed tensor is an error however it is read, every time", arguments: reads.indices)
  func changed(_ index: Int) throws {
    let (checked, plain) = try tensors(changing: 16388)
    let error = NativeError.tensorDigest(
      tensor: "stem.norm.weight", fileOffset: 16384,
      declared: SHA256Digest(of: ByteRegion(copying: Sample.floats([1, -0.5]))),
      computed: try plain[0].digest())
    for _ in 0..<2 {
      #expect(throws: error) { try Self.reads[index].read(checked[0]) }
    }
    #expect(try Self.reads[index].read(checked[1]) == Self.reads[index].read(plain[1]))
  }
}
