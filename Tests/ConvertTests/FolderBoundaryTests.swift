import ByteIO
import Foundation
import TestSupport
import Testing

@testable import Convert

@Suite("Links in folders")
struct FolderBoundaryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Copies the files of a fixture folder, each to a path below this one's.
  private func copy(_ fixture: String, to place: (String) -> String) throws -> [String] {
    let names = namesInFolder(Fixtures.path(fixture))
    for name in names { try folder.copy("\(fixture)/\(name)", to: place(name)) }
    return names
  }

  private func makeFolders(_ paths: String...) throws {
    for path in paths { try FileSystem.makeFolder(folder.path(path)) }
  }

  /// The rule that opening breaks, if any.
  private func failure(_ path: String) -> String? {
    do {
      _ = try Checkpoint(path: folder.path(path))
      return nil
    } catch { return (error as? any CheckpointError)?.rule ?? "\(error)" }
  }

  @Test(
    "Hugging Face's cache, whose files are links to blobs, is read",
    arguments: ["folders/single", "folders/sharded", "folders/sharded-bin"])
  func cache(fixture: String) throws {
    try makeFolders("models--a--b", "models--a--b/blobs", "models--a--b/snapshots")
    try makeFolders("models--a--b/snapshots/0123")
    let names = try copy(fixture) { "models--a--b/blobs/blob-\($0)" }
    for name in names {
      folder.link("models--a--b/snapshots/0123/\(name)", to: "../../blobs/blob-\(name)")
    }
    #expect(failure("models--a--b/snapshots/0123") == nil)
    if let index = names.first(where: { $0.hasSuffix(".index.json") }) {
      #expect(failure("models--a--b/snapshots/0123/\(index)") == nil)
    }
    // The folder itself may be a link, wherever it leads.
    folder.link("elsewhere", to: "models--a--b/snapshots/0123")
    #expect(failure("elsewhere") == nil)
  }

  @Test(
    "a file that is a link out of the folder is refused, whatever it leads to",
    arguments: ["folders/single", "folders/sharded", "folders/sharded-bin"])
  func outside(fixture: String) throws {
    try makeFolders("model", "other", "blobs")
    let names = try copy(fixture) { "model/\($0)" }
    #expect(failure("model") == nil)
    for name in names where !name.hasSuffix(".index.json") && name != "README.md" {
      try makeFolders("linked")
      for other in names where other != name {
        try folder.copy("\(fixture)/\(other)", to: "linked/\(other)")
      }
      try folder.copy("\(fixture)/\(name)", to: "blobs/\(name)")
      folder.link("linked/\(name)", to: "../blobs/\(name)")
      #expect(failure("linked") == "link-outside-folder", "\(name)")
      for other in names { remove(folder.path("linked/\(other)")) }
    }
  }

  @Test("a link within the folder, or to one below it, is read")
  func inside() throws {
    try makeFolders("model", "model/store")
    for name in namesInFolder(Fixtures.path("folders/single")) {
      try folder.copy("folders/single/\(name)", to: "model/store/\(name)")
      folder.link("model/\(name)", to: "store/\(name)")
    }
    #expect(failure("model") == nil)
  }

  @Test("a device behind a link is refused, and a link to nothing cannot be opened")
  func special() throws {
    try makeFolders("model")
    _ = try copy("folders/single") { "model/\($0)" }
    remove(folder.path("model/config.json"))
    folder.link("model/config.json", to: "/dev/zero")
    #expect(failure("model") == "link-outside-folder")
  }
}
