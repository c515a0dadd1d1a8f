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
