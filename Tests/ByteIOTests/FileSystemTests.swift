import ByteIO
import TestSupport
import Testing

@Suite("FileSystem")
struct FileSystemTests {
  @Test("the kind of a path, links followed")
  func kinds() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([1], to: "file")
    folder.link("link", to: file)
    folder.link("dangling", to: folder.path("nothing"))
    folder.makePipe("pipe")
    #expect(FileSystem.kind(of: file) == .file)
    #expect(FileSystem.kind(of: folder.path("link")) == .file)
    #expect(FileSystem.kind(of: folder.path("dangling")) == nil)
    #expect(FileSystem.kind(of: folder.path("pipe")) == .other)
    #expect(FileSystem.kind(of: folder.path) == .folder)
    #expect(FileSystem.kind(of: folder.path("nothing")) == nil)
  }

  @Test("a folder is made once, and never over a file")
  func makeFolder() throws {
    let folder = try TemporaryFolder()
    try FileSystem.makeFolder(folder.path("new"))
    try FileSystem.makeFolder(folder.path("new"))
    #expect(FileSystem.kind(of: folder.path("new")) == .folder)
    let file = try folder.write([1], to: "file")
    let error = #expect(throws: SystemError.self) { try FileSystem.makeFolder(file) }
    #expect(error?.operation == .makeDirectory)
    #expect(error?.category == .cannotCreate)
    // The name is there, though it leads nowhere.
    folder.link("dangling", to: "nothing")
    let dangling = #expect(throws: SystemError.self) {
      try FileSystem.makeFolder(folder.path("dangling"))
    }
    // EEXIST, not what looking for the folder left behind.
    #expect(dangling?.errorNumber == 17)
  }

  @Test(
    "the parts of a path",
    arguments: [
      ("/a/b.pth", "b.pth", "/a", "pth"), ("b.PTH", "b.PTH", ".", "pth"), ("/b", "b", "/", ""),
      ("a/b/c.tar.gz", "c.tar.gz", "a/b", "gz"), (".hidden", ".hidden", ".", ""),
      ("a.b/c", "c", "a.b", ""), ("a/b.", "b.", "a", ""), ("", "", ".", ""), ("/", "", "/", ""),
      ("/a/b/", "b", "/a", ""), ("a/", "a", ".", ""), ("//a", "a", "/", ""), ("a//b", "b", "a", ""),
      ("é/ü.safetensors", "ü.safetensors", "é", "safetensors"),
    ])
  func parts(path: String, name: String, folder: String, pathExtension: String) {
    #expect(FileSystem.name(of: path) == name)
    #expect(FileSystem.folder(of: path) == folder)
    #expect(FileSystem.pathExtension(of: path) == pathExtension)
  }

  @Test("the names in a folder, in the order of their bytes")
  func names() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "a", "\u{e9}x", "e\u{301}y", ".hidden"] { try folder.write([1], to: name) }
    #expect(
      try FileSystem.names(in: folder.path) == [".hidden", "a", "b", "e\u{301}y", "\u{e9}x"])
    let gone = folder.path("gone")
    #expect(throws: SystemError(.list, path: gone, errorNumber: 2)) {
      try FileSystem.names(in: gone)
    }
  }
}
