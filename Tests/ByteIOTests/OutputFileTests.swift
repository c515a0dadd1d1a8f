import TestSupport
import Testing

@testable import ByteIO

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("OutputFile")
struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func output(_ name: String = "out", replacing: Bool = false) throws -> OutputFile {
    try OutputFile(path: folder.path(name), replacingExisting: replacing)
  }

  @Test("nothing is at the path before the commit, and nothing is left beside it after")
  func allOrNothing() throws {
    let output = try output()
    try output.write([1, 2, 3], at: 0)
    #expect(FileSystem.kind(of: output.path) == nil)
    #expect(folder.names.count == 1)
    try output.commit()
    #expect(folder.names == ["out"])
    #expect(try folder.bytes("out") == [1, 2, 3])
    output.discard()
    #expect(folder.names == ["out"])
  }

  @Test("what is written after the commit is refused, and nothing of it arrives")
  func afterCommit() throws {
    let output = try output()
    try output.write([1], at: 0)
    try output.commit()
    let refused = SystemError(.write, path: output.path, errorNumber: EBADF)
    #expect(throws: refused) { try output.write([2], at: 0) }
    #expect(throws: refused) { try output.write(ByteRegion(copying: [2]).bytes, at: 0) }
    #expect(throws: refused) { try output.synchronize() }
    #expect(try folder.bytes("out") == [1])
  }

  @Test("without a commit nothing is left")
  func abandoned() throws {
    do {
      let output = try output()
      try output.write([UInt8](repeating: 1, count: 200_000), at: 0)
    }
    #expect(folder.names == [])
    let other = try output()
    other.discard()
    other.discard()
    #expect(folder.names == [])
  }

  @Test("a file that is replaced keeps its permissions", arguments: [0o600, 0o640, 0o444])
  func permissions(mode: Int) throws {
    let path = try folder.write([1], to: "out")
    #expect(chmod(path, mode_t(mode)) == 0)
    let output = try output(replacing: true)
    try output.write([2], at: 0)
    try output.commit()
    #expect(try folder.bytes("out") == [2])
    #expect(FileSystem.permissions(of: path) == mode_t(mode))
  }

  @Test("a link is replaced by a file, and what it leads to stays as it was")
  func link() throws {
    let target = try folder.write([1], to: "target")
    #expect(chmod(target, 0o600) == 0)
    #expect(symlink(target, folder.path("out")) == 0)
    let output = try output(replacing: true)
    try output.write([2], at: 0)
    try output.commit()
    #expect(!FileSystem.isLink(output.path))
    #expect(try folder.bytes("out") == [2])
    #expect(try folder.bytes("target") == [1])
  }

  @Test("a name that the system does not take is refused before anything is written")
  func tooLongName() throws {
    for name in [String(repeating: "a", count: 256), String(repeating: "é", count: 128)] {
      #expect(
        throws: SystemError(.create, path: folder.path(name), errorNumber: ENAMETOOLONG)
      ) { try output(name) }
    }
    #expect(folder.names == [])
  }

  @Test("an existing file is refused, and stays as it was")
  func existing() throws {
    try folder.write([9], to: "out")
    let path = folder.path("out")
    #expect(throws: SystemError(.create, path: path, errorNumber: EEXIST)) { try output() }
    #expect(try folder.bytes("out") == [9])
    #expect(folder.names == ["out"])
  }

  @Test("a file that appears meanwhile is not replaced")
  func appearsMeanwhile() throws {
    let late = try output()
    try late.write([1], at: 0)
    try folder.write([9], to: "out")
    #expect(throws: SystemError(.create, path: late.path, errorNumber: EEXIST)) {
      try late.commit()
    }
    late.discard()
    #expect(try folder.bytes("out") == [9])
    #expect(folder.names == ["out"])
  }

  @Test("an existing file is replaced when asked, and only by the commit")
  func replacing() throws {
    try folder.write([9], to: "out")
    let output = try output(replacing: true)
    try output.write([1, 2], at: 0)
    #expect(try folder.bytes("out") == [9])
    try output.commit()
    #expect(try folder.bytes("out") == [1, 2])
    #expect(folder.names == ["out"])
  }

  @Test("what is no regular file is refused even for replacing")
  func otherKinds() throws {
    folder.makePipe("pipe")
    try FileSystem.makeFolder(folder.path("folder"))
    #expect(throws: SystemError(.create, path: folder.path("pipe"), errorNumber: EINVAL)) {
      try output("pipe", replacing: true)
    }
    #expect(throws: SystemError(.create, path: folder.path("folder"), errorNumber: EISDIR)) {
      try output("folder", replacing: true)
    }
    #expect(throws: SystemError(.create, path: folder.path("no/out"), errorNumber: ENOENT)) {
      try output("no/out")
    }
    #expect(folder.names == ["folder", "pipe"])
  }

  @Test("two files for one path do not share bytes; the later commit wins")
  func twoAtOnce() throws {
    let first = try output(replacing: true)
    let second = try output(replacing: true)
    try first.write([1, 1, 1], at: 0)
    try second.write([2], at: 0)
    try first.commit()
    #expect(try folder.bytes("out") == [1, 1, 1])
    try second.commit()
    #expect(try folder.bytes("out") == [2])
    #expect(folder.names == ["out"])
  }

  @Test("a name as long as the file system allows can be written")
  func longName() throws {
    let name = String(repeating: "n", count: 255)
    try folder.write([1], to: name)
    #expect(folder.names == [name])
  }

  @Test("bytes written at places of their own, from many threads, lie there")
  func positioned() throws {
    let output = try output()
    try output.write([0xAA, 0xBB], at: 0)
    try concurrentForEach(count: 100) { index in
      let bytes = [UInt8](repeating: UInt8(index), count: 1000)
      if index % 2 == 0 {
        try output.write(bytes, at: 2 + index * 1000)
      } else {
        try output.write(ByteRegion(copying: bytes).bytes, at: 2 + index * 1000)
      }
    }
    try output.commit()
    var expected: [UInt8] = [0xAA, 0xBB]
    for index in 0..<100 { expected += [UInt8](repeating: UInt8(index), count: 1000) }
    #expect(try folder.bytes("out") == expected)
  }

  /// The descriptor's number may be another file's by then.
  @Test("a file that is in its place, or was given up, takes no more bytes")
  func ended() throws {
    let committed = try output()
    try committed.commit()
    #expect(throws: SystemError.self) { try committed.write([1], at: 0) }
    #expect(try folder.bytes("out") == [])
    let discarded = try OutputFile(path: folder.path("other"), replacingExisting: false)
    discarded.discard()
    #expect(throws: SystemError.self) { try discarded.write([1], at: 0) }
  }
}
