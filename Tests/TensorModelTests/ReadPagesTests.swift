import ByteIO
import TestSupport
import Testing

@testable import TensorModel

#if os(Linux)
  @Suite("ReadPages")
  struct ReadPagesTests {
    private static let side = 2048
    /// Blocks of 4096 elements.
    private static let blockCount = side * side / 4096
    private static let byteCount = side * side * 4

    /// How many kibibytes of a mapped tensor of 16 MiB are in memory once `read` has seen it.
    private func kibibytes(
      _ layout: Tensor.Layout, after read: (Tensor) throws -> Void
    ) throws -> Int {
      let folder = try TemporaryFolder()
      let path = try folder.write([UInt8](repeating: 1, count: Self.byteCount), to: "a.bin")
      let mapping = try FileMapping(path: path)
      let tensor = try Tensor(
        name: "a", elementType: .float32, shape: [Self.side, Self.side],
        storage: RegionStorage(mapping.region), layout: layout)
      try read(tensor)
      return try #require(try residentKibibytes(ofMappingOf: path))
    }

    /// The same, after some blocks were read.
    private func kibibytes(
      _ layout: Tensor.Layout, blockCount: Int = Self.blockCount + 1, isReadAgain: Bool = false
    ) throws -> Int {
      try kibibytes(layout) { tensor in
        var reader = try ElementReader(
          tensor, elementsPerBlock: 4096, isReadAgain: isReadAgain)
        var sum = 0
        for _ in 0..<blockCount {
          guard let block = reader.next() else { break }
          sum += block.array.count { $0 == 1 }
        }
        #expect(sum == min(Self.byteCount, blockCount * 16384))
      }
    }

    private static let rows = Tensor.Layout(strides: [side, 1], elementOffset: 0)
    private static let columns = Tensor.Layout(strides: [1, side], elementOffset: 0)
    private static let bigEndian = Tensor.Layout(
      strides: [side, 1], elementOffset: 0, isBigEndian: true)

    @Test(
      "what was read is let go of at the end, in whatever order",
      arguments: [rows, columns, bigEndian])
    func end(_ layout: Tensor.Layout) throws {
      #expect(try kibibytes(layout) <= 64)
    }

    @Test("a reader that stops early lets go, too", arguments: [rows, columns, bigEndian])
    func early(_ layout: Tensor.Layout) throws {
      #expect(try kibibytes(layout, blockCount: 100) <= 64)
    }

    @Test(
      "what a large block holds is let go of as soon as it is copied",
      arguments: [columns, bigEndian])
    func largeBlock(_ layout: Tensor.Layout) throws {
      let kibibytes = try kibibytes(layout) { tensor in
        let elements = try tensor.contiguousBytes()
        #expect(elements.byteCount == Self.byteCount)
      }
      #expect(kibibytes <= 64)
    }

    @Test("what lies in front of a tensor's elements stays", arguments: [[side, 1], [1, side]])
    func neighbor(_ strides: [Int]) throws {
      let folder = try TemporaryFolder()
      let half = Self.side * Self.side * 2
      let path = try folder.write([UInt8](repeating: 1, count: 2 * half), to: "a.bin")
      let mapping = try FileMapping(path: path)
      let tensor = try Tensor(
        name: "a", elementType: .float32, shape: [Self.side / 2, Self.side / 2],
        storage: RegionStorage(mapping.region),
        layout: Tensor.Layout(strides: strides, elementOffset: half / 4, isBigEndian: true))
      #expect(mapping.region.array.allSatisfy { $0 == 1 })
      _ = try tensor.floats()
      let kibibytes = try #require(try residentKibibytes(ofMappingOf: path))
      #expect(kibibytes >= half / 1024 - 64)
    }

    @Test("what is read again is kept, but not more than a batch of it where it lies in order")
    func again() throws {
      let kept = try kibibytes(Self.rows, blockCount: 900, isReadAgain: true)
      #expect(kept > 64 && kept <= 9 * ByteRegion.pieceByteCount / 1024)
      #expect(try kibibytes(Self.columns, isReadAgain: true) == Self.byteCount / 1024)
    }
  }
#endif
