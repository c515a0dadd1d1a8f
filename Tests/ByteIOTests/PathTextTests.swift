import TestSupport
import Testing

@testable import ByteIO

@Suite("PathText")
struct PathTextTests {
  private func bytes(_ path: String) -> [UInt8] {
    PathText.withBytes(path) { pointer in
      var bytes: [UInt8] = []
      var next = pointer
      while next.pointee != 0 {
        bytes.append(UInt8(bitPattern: next.pointee))
        next += 1
      }
      return bytes
    }
  }

  @Test(
    "any bytes come back as they were",
    arguments: [
      [], Array("a/b.pth".utf8), [0xFF], [0x61, 0xC3, 0x28], [0xC3], [0xE2, 0x82], [0x80, 0x81],
      [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], Array("\u{10FF80}\u{10FFFF}é😀".utf8),
      Array("\u{10FF7F}".utf8), [0xC0, 0xAF], (1...255).map { UInt8($0) },
    ] as [[UInt8]])
  func roundTrip(_ path: [UInt8]) {
    let text = PathText.text(of: path)
    #expect(bytes(text) == path)
    #expect(String(validating: path, as: UTF8.self).map { $0.utf8.count } ?? 0 <= text.utf8.count)
  }

  @Test("random bytes come back, and no byte becomes a separator or ends the path")
  func random() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<20, using: &generator)
      let path = (0..<count).map { _ in UInt8.random(in: 1...255, using: &generator) }
      let text = PathText.text(of: path)
      #expect(bytes(text) == path)
      #expect(text.utf8.count { $0 == 0x2F } == path.count { $0 == 0x2F })
    }
  }

  @Test("a path is never cut at a byte of 0")
  func zeroByte() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "a.pth") + "\0.txt"
    #expect(FileSystem.kind(of: path) == nil)
    #expect(throws: SystemError(.open, path: path, errorNumber: 2)) { try FileMapping(path: path) }
    #expect(throws: SystemError(.create, path: path, errorNumber: 22)) {
      try OutputFile(path: path, replacingExisting: true)
    }
    #expect(try folder.bytes("a.pth") == [1])
  }

  @Test("UTF-8 is itself, and other bytes are shown as escapes")
  func text() {
    #expect(PathText.text(of: "añ😀/b".utf8) == "añ😀/b")
    #expect(escaped(PathText.text(of: [0x61, 0xFF, 0x62])) == "a\\xffb")
  }

  @Test(
    "files of such names are written, found, mapped and told apart",
    .enabled(if: FileNames.mayBeAnyBytes, "this file system takes UTF-8 only"))
  func files() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + PathText.text(of: [0x66, 0xFE, 0x0A])
    let output = try OutputFile(path: path, replacingExisting: false)
    try output.write([1, 2], at: 0)
    try output.commit()
    #expect(FileSystem.kind(of: path) == .file)
    #expect(try FileMapping(path: path).region.array == [1, 2])
    #expect(FileIdentity(path: path) != nil)
    #expect(FileSystem.resolved(path).map { FileSystem.name(of: $0) } == FileSystem.name(of: path))
    #expect(throws: SystemError.self) { try OutputFile(path: path, replacingExisting: false) }
    #expect(FileSystem.kind(of: folder.path + "/f\u{FFFD}\n") == nil)
  }
}
