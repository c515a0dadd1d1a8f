import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("Checkpoint: shards")
struct LoadedFilesTests {
  @Test(
    "an index, its folder, and the folder with a slash are the same checkpoint",
    arguments: [
      ("folders/sharded", "model.safetensors.index.json", Checkpoint.Container.safetensors),
      ("folders/sharded-bin", "pytorch_model.bin.index.json", .pytorchZip),
    ])
  func shards(_ folder: String, _ index: String, _ container: Checkpoint.Container) throws {
    let fixture = try FixtureManifest.file("\(folder)/\(index)")
    let single = try FixtureManifest.file("folders/single/model.safetensors").checkpoint()
    let contents = try single.contents()
    for path in ["\(folder)/\(index)", folder, "\(folder)/"] {
      let checkpoint = try Checkpoint(path: Fixtures.path(path))
      #expect(checkpoint.container == container)
      #expect(checkpoint.files.count == 3)
      #expect(try checkpoint.fileDigest() == nil)
      #expect(checkpoint.files.allSatisfy { ($0.torch == nil) == (container == .safetensors) })
      #expect(checkpoint.unindexedTensors == [])
      #expect(try checkpoint.contents() == contents)
      #expect(try checkpoint.manifest().contentDigest == fixture.model?.contentDigest)
    }
  }

  private static let misfits: [(String, ShardError)] = [
    ("index-no-tensor", .tensorNotInShard(tensor: "z", shard: "a.safetensors")),
    ("index-empty", .emptyIndex),
    ("index-twice", .tensorInTwoShards(tensor: "x", shards: ["a.safetensors", "b.safetensors"])),
  ]

  @Test("an index that does not fit its shards is refused", arguments: misfits)
  func faults(_ folder: String, _ error: ShardError) throws {
    let path = Fixtures.path("broken/\(folder)/model.safetensors.index.json")
    #expect(failure(ShardError.self) { try Checkpoint(path: path) } == error)
  }

  @Test("a missing shard cannot be opened, and is named")
  func missingShard() throws {
    let path = Fixtures.path("broken/index-no-shard/model.safetensors.index.json")
    let error = try #require(failure(ShardError.self) { try Checkpoint(path: path) })
    #expect(error == .missingShard(shard: "c.safetensors"))
    #expect(error.category == .cannotOpen)
    let folder = try TemporaryFolder()
    try folder.write(
      text: "{\"weight_map\": {\"x\": \"a.safetensors\"}}", to: "model.safetensors.index.json")
    folder.link("a.safetensors", to: "../blobs/gone")
    let link = try #require(failure(SystemError.self) { try Checkpoint(path: folder.path) })
    #expect(link.hint?.contains("a link to what is not there") == true)
  }

  @Test("a shard of a safetensors index is a safetensors file, one of a .bin index may be both")
  func shardKinds() throws {
    let folder = try TemporaryFolder()
    try folder.copy("torch/by-hand.pth", to: "a.safetensors")
    let name = try #require(Checkpoint(path: folder.path("a.safetensors")).tensors.first?.name)
    try folder.write(
      text: "{\"weight_map\": {\"\(name)\": \"a.safetensors\"}}",
      to: "model.safetensors.index.json")
    #expect(
      failure(ShardError.self) {
        try Checkpoint(path: folder.path("model.safetensors.index.json"))
      } == .shardOfOtherKind(shard: "a.safetensors"))

    try folder.writeZeros(["x": [2]], to: "b.bin")
    try folder.write(
      text: "{\"weight_map\": {\"x\": \"b.bin\"}}", to: "pytorch_model.bin.index.json")
    let checkpoint = try Checkpoint(path: folder.path("pytorch_model.bin.index.json"))
    #expect(checkpoint.container == .safetensors)
    #expect(checkpoint.tensors.map(\.name) == ["x"])

    // Its digests would be taken for those of all shards.
    let source = try Checkpoint(path: Fixtures.path("torch/protocol-2.pth"))
    let plan = try ConversionPlan(source, ConversionRequest(container: .convnext, tool: "tests"))
    _ = try plan.write(to: folder.path("c.convnext"), replacingExisting: false)
    try folder.write(folder.bytes("c.convnext"), to: "c.bin")
    let entries = source.tensors.map { "\"\($0.name)\": \"c.bin\"" }.joined(separator: ", ")
    try folder.write(text: "{\"weight_map\": {\(entries)}}", to: "c.bin.index.json")
    #expect(
      failure(ShardError.self) { try Checkpoint(path: folder.path("c.bin.index.json")) }
        == .shardOfOtherKind(shard: "c.bin"))
  }

  @Test("tensors that the index does not name are kept and reported")
  func unindexed() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [2], "y": [3]], to: "a.safetensors")
    let index = try folder.write(
      text: "{\"weight_map\": {\"x\": \"a.safetensors\"}}", to: "model.safetensors.index.json")
    let checkpoint = try Checkpoint(path: index)
    #expect(checkpoint.tensors.count == 2)
    #expect(checkpoint.unindexedTensors == ["y"])
    let inspection = try Inspection(checkpoint)
    #expect(
      inspection.doubts == ["the shards hold 1 tensor that the index does not name"])
  }

  @Test("JSON of another name is no index")
  func otherJSON() throws {
    let path = Fixtures.path("folders/single/config.json")
    #expect(failure(InputError.self) { try Checkpoint(path: path) } == .unexpectedJSON)
  }

  @Test("the first reader that refuses a shard is heard, and the shard named")
  func brokenShard() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "a.safetensors")
    let index = try folder.write(
      text: "{\"weight_map\": {\"x\": \"a.safetensors\"}}", to: "model.safetensors.index.json")
    let error = failure(FileError.self) { try Checkpoint(path: index) }
    #expect(error?.error as? InputError == .emptyFile)
    #expect(error?.path == folder.path("a.safetensors"))
  }
}
