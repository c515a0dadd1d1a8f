import Foundation
import TestSupport
import Testing

@testable import ByteIO

@Suite("Leftovers")
struct LeftoversTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String) throws {
    try Data([1]).write(to: URL(fileURLWithPath: folder.path(name)))
  }

  @Test("what a killed process left is removed by the next one that writes into the folder")
  func removed() async throws {
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let output = try OutputFile(path: "\(path)/never", replacingExisting: false)
      try output.write([UInt8](repeating: 1, count: 100_000), at: 0)
      kill(getpid(), SIGKILL)
      sleep(10)
    }
    #expect(folder.names.count == 1)
    #expect(folder.names.allSatisfy { Leftovers.isTemporaryName($0) })
    try folder.write([1], to: "next")
    #expect(folder.names == ["next"])
  }

  @Test("what another writer holds is left alone, in this process and in others")
  func held() throws {
    let first = try OutputFile(path: folder.path("first"), replacingExisting: false)
    try first.write([1], at: 0)
    try folder.write([2], to: "second")
    #expect(folder.names.count == 2)
    try first.commit()
    #expect(folder.names == ["first", "second"])
    #expect(try folder.bytes("first") == [1])
  }

  @Test("other names, links, folders and pipes are left alone")
  func others() throws {
    let kept = [
      ".convnext-1-2.partial.txt", ".convnext-1.partial", ".convnext-a-1.partial",
      "convnext-1-1.partial", ".convnext--1.partial", ".convnext-1-2-3.partial", ".partial",
    ]
    for name in kept { try write(name) }
    try write("target")
    folder.link(".convnext-1-1.partial", to: folder.path("target"))
    try FileSystem.makeFolder(folder.path(".convnext-1-2.partial"))
    folder.makePipe(".convnext-1-3.partial")
    let before = Set(folder.names)
    try folder.write([1], to: "new")
    #expect(Set(folder.names) == before.union(["new"]))
    #expect(FileSystem.kind(of: folder.path("target")) == .file)
  }

  @Test("names are those that are made")
  func names() {
    let path = Leftovers.path(in: "/x", number: 3)
    #expect(Leftovers.isTemporaryName(FileSystem.name(of: path)))
    #expect(FileSystem.folder(of: path) == "/x")
  }
}
