import ByteIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("FileMapping")
struct FileMappingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a file's bytes are mapped")
  func content() throws {
    let path = try folder.write([1, 2, 3], to: "a.bin")
    let mapping = try FileMapping(path: path)
    #expect(mapping.path == path)
    #expect(mapping.byteCount == 3)
    #expect(mapping.region.array == [1, 2, 3])
  }

  @Test("a region keeps the mapping alive")
  func lifetime() throws {
    let path = try folder.write([UInt8](repeating: 7, count: 10_000), to: "a.bin")
    let region = try FileMapping(path: path).region
    #expect(region.array == [UInt8](repeating: 7, count: 10_000))
  }

  @Test("bytes that were let go of are the same when they are read again")
  func lettingGo() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
    let region = try FileMapping(path: folder.write(bytes, to: "a.bin")).region
    let part = try #require(region.slice(offset: 12_345, byteCount: 2_500_000))
    for _ in 0..<2 {
      var seen: [UInt8] = []
      var pieceCounts: [Int] = []
      part.forEachPiece { piece in
        piece.withUnsafeBytes { seen.append(contentsOf: $0) }
        pieceCounts.append(piece.byteCount)
      }
      #expect(seen == Array(bytes[12_345..<2_512_345]))
      #expect(pieceCounts == [1 << 20, 1 << 20, 2_500_000 - 2 << 20])
    }
    region.letGo()
    #expect(region.array == bytes)
  }

  #if os(Linux)
    @Test("reading piece by piece keeps at most a few pieces in memory")
    func residentPages() throws {
      let byteCount = 40 << 20
      let path = try folder.write([UInt8](repeating: 3, count: byteCount), to: "a.bin")
      let mapping = try FileMapping(path: path)
      var sum = 0
      mapping.region.forEachPiece { piece in
        for index in stride(from: 0, to: piece.byteCount, by: 4096) {
          sum += Int(piece.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
      }
      #expect(sum == 3 * byteCount / 4096)
      let kibibytes = try #require(try residentKibibytes(ofMappingOf: mapping.path))
      // A batch of eight pieces, and what lies around it.
      #expect(kibibytes <= 9 * ByteRegion.pieceByteCount / 1024)
    }
  #endif

  @Test("an empty file is an empty region")
  func emptyFile() throws {
    let mapping = try FileMapping(path: folder.write([], to: "empty"))
    #expect(mapping.byteCount == 0)
    #expect(mapping.region.array == [])
  }

  @Test("what is no regular file is refused, and a pipe does not hang")
  func otherKinds() throws {
    folder.makePipe("pipe")
    let pipe = folder.path("pipe")
    #expect(throws: SystemError(.open, path: pipe, errorNumber: EINVAL)) {
      try FileMapping(path: pipe)
    }
    #expect(throws: SystemError(.open, path: folder.path, errorNumber: EISDIR)) {
      try FileMapping(path: folder.path)
    }
    #expect(throws: SystemError(.open, path: "/dev/null", errorNumber: EINVAL)) {
      try FileMapping(path: "/dev/null")
    }
    #if os(Linux)
      // Its size is 0, and it has bytes.
      #expect(throws: SystemError(.open, path: "/proc/self/status", errorNumber: EINVAL)) {
        try FileMapping(path: "/proc/self/status")
      }
    #endif
    let missing = folder.path("missing")
    #expect(throws: SystemError(.open, path: missing, errorNumber: ENOENT)) {
      try FileMapping(path: missing)
    }
  }

  @Test("two paths of one file have one identity")
  func identity() throws {
    let path = try folder.write([1], to: "a")
    let other = try folder.write([1], to: "b")
    folder.link("link", to: path)
    let identity = try FileMapping(path: path).identity
    #expect(FileIdentity(path: folder.path("link")) == identity)
    #expect(FileIdentity(path: other) != identity)
    #expect(FileIdentity(path: folder.path("missing")) == nil)
  }
}
