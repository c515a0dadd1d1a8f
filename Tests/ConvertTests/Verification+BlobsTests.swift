import ByteIO
import TestSupport
import Testing

@testable import Convert

/// Folders as huggingface_hub's cache has them: `snapshots/0123` with links into `blobs`, where
/// weights are called by their SHA-256 and other files by what git calls them.
@Suite("Verification: names in a cache")
struct VerificationBlobsTests {
  private let folder: TemporaryFolder
  private var snapshot: String { folder.path("snapshots/0123") }

  init() throws {
    folder = try TemporaryFolder()
    for name in ["blobs", "snapshots", "snapshots/0123"] {
      try FileSystem.makeFolder(folder.path(name))
    }
  }

  /// Puts the files of a fixture folder into the cache; returns where the weights are.
  private func fill(_ fixture: String) throws -> [String] {
    try namesInFolder(Fixtures.path(fixture)).compactMap { name in
      let isWeights = ["safetensors", "bin"].contains(FileSystem.pathExtension(of: name))
      let source = try FileMapping(path: Fixtures.path("\(fixture)/\(name)")).region
      let digest = SHA256Digest(of: source).hex
      let blob = "blobs/\(isWeights ? digest : String(digest.prefix(40)))"
      try folder.copy("\(fixture)/\(name)", to: blob)
      folder.link("snapshots/0123/\(name)", to: "../../\(blob)")
      return isWeights ? blob : nil
    }
  }

  private func damage(_ name: String) throws {
    var bytes = try folder.bytes(name)
    bytes[bytes.count - 1] ^= 1
    try folder.write(bytes, to: name)
  }

  @Test("a file is held against its name in the cache, through a link and by itself")
  func oneFile() throws {
    let blob = try #require(fill("folders/single").first)
    for path in ["\(snapshot)/model.safetensors", folder.path(blob), snapshot] {
      let verification = try Verification(path: path)
      #expect(verification.isIntact)
      #expect(
        verification.checks.map(\.subject)
          == ["structure", "SHA-256 in the cache's name of the file"])
    }
    try damage(blob)
    for path in ["\(snapshot)/model.safetensors", folder.path(blob), snapshot] {
      let problems = try Verification(path: path).checks.flatMap(\.problems)
      #expect(problems.map(\.rule) == ["checksum-mismatch"])
    }
  }

  @Test("all shards are held against their names, and the one that differs is named")
  func shards() throws {
    let blobs = try fill("folders/sharded")
    let sound = try Verification(path: snapshot)
    #expect(sound.isIntact)
    #expect(
      sound.checks.last?.subject == "SHA-256 in the cache's names of \(blobs.count) files")
    #expect(!sound.checks.contains { $0.omission != nil })
    try damage(blobs[1])
    let problems = try Verification(path: snapshot).checks.flatMap(\.problems)
    #expect(problems.map(\.rule) == ["checksum-mismatch"])
    #expect(problems.first?.place.record?.hasPrefix("model-00002") == true)
  }

  @Test("shards that a cache does not name are said not to be checked")
  func mixed() throws {
    let blobs = try fill("folders/sharded")
    let name = try #require(
      namesInFolder(snapshot).first { $0.hasPrefix("model-00001") })
    // A link cannot be overwritten through; what replaces it is a file.
    try folder.copy("folders/sharded/\(name)", to: "snapshots/0123/\(name)")
    let verification = try Verification(path: snapshot)
    #expect(verification.isIntact)
    #expect(
      verification.checks.map(\.subject).contains(
        "SHA-256 in the cache's names of \(blobs.count - 1) files"))
    #expect(verification.checks.contains { $0.omission != nil })
  }

  @Test(
    "other names in such a folder, and such names in other folders, promise nothing",
    arguments: [
      "blobs/0123456789012345678901234567890123456789", "blobs/model.safetensors",
      "snapshots/\(String(repeating: "0", count: 64))",
    ])
  func others(name: String) throws {
    try folder.copy("folders/single/model.safetensors", to: name)
    let verification = try Verification(path: folder.path(name))
    #expect(verification.isIntact)
    #expect(verification.checks.map(\.subject) == ["structure", "contents"])
  }
}
