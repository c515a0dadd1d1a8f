import ByteIO
import ConvNeXtSchema
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("Checkpoint: beside tensors")
struct CheckpointBesideTensorsTests {
  /// A model in two shards, each with metadata of its own.
  private func shards(
    _ first: KeyValuePairs<String, String>, _ second: KeyValuePairs<String, String>
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let tensors = try FixtureManifest.file("names/timm.safetensors").checkpoint().tensors
    let middle = tensors.count / 2
    var weightMap = JSONObject()
    for (name, part, texts) in [
      ("a.safetensors", tensors[..<middle], first), ("b.safetensors", tensors[middle...], second),
    ] {
      let metadata = texts.map { SafetensorsMetadataEntry(key: $0.key, value: $0.value) }
      let output = try OutputFile(path: folder.path(name), replacingExisting: false)
      try SafetensorsWriter(tensors: Array(part), metadata: metadata).write(to: output)
      try output.commit()
      for tensor in part { weightMap[tensor.name.string] = .string(name) }
    }
    try folder.write(
      text: JSONValue.object(["weight_map": .object(weightMap)]).serialized(),
      to: "model.safetensors.index.json")
    return folder
  }

  @Test("what shards agree on goes along to safetensors, the rest is told")
  func conversion() throws {
    let folder = try shards(
      ["format": "pt", "epoch": "7", "part": "1"], ["format": "tf", "part": "2"])
    let source = try Checkpoint(path: folder.path)
    #expect(source.namesBesideTensors == ["epoch", "part"])
    let result = try source.converted(to: folder.path("c.safetensors"))
    #expect(
      result.metadata == [
        SafetensorsMetadataEntry(key: "epoch", value: "7"),
        SafetensorsMetadataEntry(key: "format", value: "pt"),
      ])
    let prefix = "left out, for the result has no place for it: metadata "
    #expect(
      try source.plan("d.safetensors").lostDescriptions(inFolder: false)
        == [prefix + "that the shards give differently ('part')"])
    #expect(
      try source.plan("d.pth").lostDescriptions(inFolder: false)
        == [prefix + "of the safetensors files ('epoch', 'part')"])
  }

  @Test("each shard's metadata are shown under its name")
  func extra() throws {
    let folder = try shards(["epoch": "7"], [:])
    #expect(
      try ExtraContent(Checkpoint(path: folder.path)).tree
        == .object(["a.safetensors": .object(["epoch": .string("7")])]))
  }

  @Test("of a training the values are named, the weights and the optimizer are not")
  func training() throws {
    let checkpoint = try FixtureManifest.file("training/facebook.pth").checkpoint()
    #expect(checkpoint.namesBesideTensors == ["epoch", "scaler", "args"])
  }

  @Test("what a converted file has of the program's own is not among the names")
  func ownKeys() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("names/timm.safetensors").checkpoint()
    let file = try source.converted(to: folder.path("a.safetensors"), naming: .canonical)
    #expect(file.metadata.map(\.key).contains("convnext.features"))
    #expect(file.namesBesideTensors == [])
  }
}
