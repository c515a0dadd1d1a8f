import ByteIO
import Synchronization
import TestSupport
import Testing

@testable import TorchFormat

@Suite("RecordStorage")
struct RecordStorageTests {
  /// A deflated record of `raw`, which inflates to `data`.
  private func storage(_ raw: ByteRegion, of data: [UInt8]) -> RecordStorage {
    let entry = ZipEntry(
      name: "a/data/0", method: .deflated, checksum: checksum(of: ByteRegion(copying: data)),
      compressedByteCount: raw.byteCount, byteCount: data.count, headerOffset: 0, dataOffset: 0)
    return RecordStorage(entry, raw: raw)
  }

  @Test("inflating more than a window, and again after the bytes were let go")
  func largeStream() throws {
    let data = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let raw = ByteRegion(copying: ZipBytes.deflateStream(data))
    #expect(try inflate(raw, byteCount: 60_000).array == data)
    let storage = storage(raw, of: data)
    for _ in 0..<3 { #expect(try storage.bytes().array == data) }
  }

  @Test("only what several tensors share is kept inflated", arguments: [1, 2])
  func keptBytes(tensorCount: Int) throws {
    let data = [UInt8](repeating: 7, count: 1000)
    let storage = storage(ByteRegion(copying: ZipBytes.deflateStream(data)), of: data)
    for _ in 0..<tensorCount { storage.noteTensor() }
    for _ in 0..<3 { #expect(try storage.bytes().array == data) }
    #expect(storage.state.withLock { $0.kept != nil } == (tensorCount > 1))
  }

  #if os(Linux)
    @Test("the deflated bytes of a mapped file are let go of once they are inflated")
    func mappedPages() throws {
      let data = [UInt8](repeating: 7, count: 1 << 20)
      let folder = try TemporaryFolder()
      let path = try folder.write(ZipBytes.deflateStream(data), to: "stream.bin")
      let mapping = try FileMapping(path: path)
      let storage = storage(mapping.region, of: data)
      #expect(try storage.bytes().array == data)
      #expect(try #require(try residentKibibytes(ofMappingOf: path)) <= 64)
      #expect(try storage.status() == .matches)
      #expect(try #require(try residentKibibytes(ofMappingOf: path)) <= 64)
    }
  #endif
}
