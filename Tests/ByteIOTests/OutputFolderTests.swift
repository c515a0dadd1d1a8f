import ByteIO
import TestSupport
import Testing

@Suite("OutputFolder")
struct OutputFolderTests {
  @Test("a folder that was made goes away unless something lies in it")
  func made() throws {
    let parent = try TemporaryFolder()
    let path = parent.path("new")
    try withExtendedLifetime(OutputFolder(path: path)) {
      #expect(FileSystem.kind(of: path) == .folder)
    }
    #expect(FileSystem.kind(of: path) == nil)
    try withExtendedLifetime(OutputFolder(path: path)) {
      _ = try parent.write([1], to: "new/file")
    }
    #expect(parent.names == ["new"])
    #expect(FileSystem.kind(of: "\(path)/file") == .file)
  }

  @Test("a folder that was there stays, and what is no folder is refused")
  func existing() throws {
    let parent = try TemporaryFolder()
    try FileSystem.makeFolder(parent.path("old"))
    try withExtendedLifetime(OutputFolder(path: parent.path("old"))) {}
    #expect(parent.names == ["old"])
    try parent.write([1], to: "file")
    for name in ["file", "none/new"] {
      let error = #expect(throws: SystemError.self) {
        _ = try OutputFolder(path: parent.path(name))
      }
      #expect(error?.operation == .makeDirectory)
    }
    #expect(parent.names == ["file", "old"])
  }
}
