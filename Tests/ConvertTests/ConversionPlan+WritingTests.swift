import ByteIO
import ConvNeXtSchema
import NativeFormat
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("ConversionPlan: writing")
struct ConversionPlanWritingTests {
  private func source() throws -> Checkpoint {
    try FixtureManifest.file("names/facebook.pth").checkpoint()
  }

  @Test(
    "the size is known before, to the byte",
    arguments: ["a.convnext", "a.safetensors", "a.pth", "a name that is longer.bin"])
  func byteCount(_ name: String) throws {
    let folder = try TemporaryFolder()
    let plan = try source().plan(name)
    let path = folder.path(name)
    let result = try plan.write(to: path, replacingExisting: false)
    #expect(try plan.byteCount(at: path) == folder.bytes(name).count)
    #expect(result.byteCount == (try folder.bytes(name).count))
    #expect(result.paths == [path])
    #expect(folder.names == [name])
  }

  @Test("the content digest comes with .convnext files")
  func contentDigest() throws {
    let folder = try TemporaryFolder()
    let source = try source()
    let native = try source.plan("a.convnext").write(
      to: folder.path("a.convnext"), replacingExisting: false)
    #expect(native.contentDigest == (try source.manifest().contentDigest))
    let other = try source.plan("a.pth").write(to: folder.path("a.pth"), replacingExisting: false)
    #expect(other.contentDigest == nil)
  }

  @Test("an existing output stays, unless it may be replaced", arguments: ["a.convnext", "a.pth"])
  func existing(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text: "precious", to: name)
    let plan = try source().plan(name)
    #expect(
      failure(SystemError.self) { try plan.write(to: path, replacingExisting: false) }?.rule
        == "output-exists")
    #expect(try folder.bytes(name) == Array("precious".utf8))
    _ = try plan.write(to: path, replacingExisting: true)
    #expect(try folder.bytes(name).count == plan.byteCount(at: path))
    #expect(folder.names == [name])
  }

  @Test(
    "a folder for Hugging Face holds weights and config.json",
    arguments: [
      (OutputContainer.safetensors, "model.safetensors"), (.pytorch, "pytorch_model.bin"),
    ])
  func folder(_ container: OutputContainer, _ weights: String) throws {
    let folder = try TemporaryFolder()
    let plan = try source().plan("", naming: .huggingface) { $0.container = container }
    let result = try plan.write(to: folder.path("model/"), replacingExisting: false)
    #expect(
      result.paths == [folder.path("model/\(weights)"), folder.path("model/config.json")])
    #expect(namesInFolder(folder.path("model")) == ["config.json", weights].sorted())
    let back = try Checkpoint(path: folder.path("model"))
    #expect(try back.manifest().contentDigest == source().manifest().contentDigest)
    #expect(back.folder?.config == plan.huggingFaceConfig)
    #expect(
      back.folder?.disagreements(
        with: Architecture(depths: [1, 1, 2, 1], widths: [4, 8, 12, 16], classes: 10)) == [])
    // Once more into the folder that is there now.
    #expect(
      failure(SystemError.self) {
        try plan.write(to: folder.path("model"), replacingExisting: false)
      }?.rule == "output-exists")
    _ = try plan.write(to: folder.path("model"), replacingExisting: true)
    #expect(namesInFolder(folder.path("model")) == ["config.json", weights].sorted())
  }

  @Test("a folder gets the preprocessing of the folder that it came from")
  func preprocessing() throws {
    let folder = try TemporaryFolder()
    let source = try Checkpoint(path: Fixtures.path("folders/sharded"))
    let plan = try source.plan("", naming: .huggingface)
    let result = try plan.write(to: folder.path("model/"), replacingExisting: false)
    #expect(result.paths.count == 3)
    let back = try Checkpoint(path: folder.path("model"))
    #expect(back.folder?.preprocessing == source.folder?.preprocessing)
    #expect(try back.contents() == source.contents())
  }

  @Test("other namings are not written to folders")
  func otherNamings() throws {
    let folder = try TemporaryFolder()
    #expect(
      failure(FileError.self) {
        try source().plan("").write(to: folder.path("model/"), replacingExisting: false)
      }?.error as? ConversionError == .folderNeedsHuggingFace)
    #expect(folder.names == [])
  }

  @Test("a .convnext file has no publisher's names, and is no file of a folder for transformers")
  func nativeNames() throws {
    for naming in Naming.allCases where naming != .canonical {
      #expect(
        throws: ConversionError.nativeNamesAreCanonical(naming: naming.rawValue)
      ) {
        try source().plan("a.convnext", naming: naming)
      }
    }
  }

  @Test("safetensors files say their format, and canonical ones their features")
  func metadata() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("families/timm-norm-first.safetensors").checkpoint()
    let canonical = try source.converted(to: folder.path("a.safetensors"), naming: .canonical)
    #expect(canonical.metadata.first { $0.key == "format" }?.value == "pt")
    #expect(
      canonical.metadata.first { $0.key == "convnext.features" }?.value
        == "layer_scale,conv_mlp,head_norm_first")
    let timm = try canonical.converted(to: folder.path("b.safetensors"), naming: .timm)
    #expect(timm.metadata.filter { $0.key == "format" }.count == 1)
    // What canonical names do not show is said beside them alone, where nothing else says it.
    #expect(!timm.metadata.contains { $0.key.hasPrefix("convnext.") })
    #expect(try timm.contents() == source.contents())
  }

  /// A model as a publisher has it, in a safetensors file.
  private func written(_ tensors: [Tensor], _ path: String) throws -> Checkpoint {
    let output = try OutputFile(path: path, replacingExisting: false)
    try SafetensorsWriter(tensors: tensors, metadata: []).write(to: output)
    try output.commit()
    return try Checkpoint(path: path)
  }

  /// OpenMMLab's with `linear_pw_conv=False`.
  private static func withPointwiseConvolutions(_ tensors: [Tensor]) -> [Tensor] {
    tensors.map {
      $0.name.string.contains("pointwise_conv") && $0.shape.count == 2
        ? $0.renamed($0.name, shape: $0.shape + [1, 1]) : $0
    }
  }

  @Test(
    "by way of canonical safetensors a publisher's names come out as they do directly",
    arguments: [
      (Naming.facebook, Naming.timm), (.openmmlab, .timm), (.openmmlab, .openmmlab),
      (.timm, .timm), (.timm, .openmmlab),
    ])
  func byWayOfCanonical(_ origin: Naming, _ naming: Naming) throws {
    let folder = try TemporaryFolder()
    // Of this size timm has convolutions in the place of linear layers.
    let atto = try Variant.configuration(named: "v2-atto").variant.architecture
    let tensors = try SyntheticModel(atto, naming: origin, seed: 1).tensors
    let source = try written(
      origin == .openmmlab ? Self.withPointwiseConvolutions(tensors) : tensors,
      folder.path("source.safetensors"))
    let direct = try source.converted(to: folder.path("a.safetensors"), naming: naming)
    let canonical = try source.converted(to: folder.path("b.safetensors"), naming: .canonical)
    let again = try canonical.converted(to: folder.path("c.safetensors"), naming: .canonical)
    #expect(again.metadata == canonical.metadata)
    let result = try again.converted(to: folder.path("d.safetensors"), naming: naming)
    #expect(result.tensors.map(\.info) == direct.tensors.map(\.info))
    #expect(result.metadata == direct.metadata)
    #expect(
      try result.manifest(usesSourceNames: true).contentDigest
        == direct.manifest(usesSourceNames: true).contentDigest)
    let shape = try #require(
      result.tensors.first {
        $0.name.string.hasSuffix(naming == .timm ? "fc1.weight" : "conv1.weight")
      }
    ).shape
    #expect(shape.count == (naming == .timm || origin == .openmmlab ? 4 : 2))
  }

  @Test("what the index of shards says of the model counts as what a single file says")
  func indexMetadata() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("families/timm-norm-first.safetensors").checkpoint()
    let canonical = try source.converted(to: folder.path("a.safetensors"), naming: .canonical)
    let half = canonical.tensors.count / 2
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    for (name, tensors) in zip(
      names, [canonical.tensors[..<half], canonical.tensors[half...]])
    {
      _ = try written(Array(tensors), folder.path(name))
    }
    var map = JSONObject()
    for (index, tensor) in canonical.tensors.enumerated() {
      map[tensor.name.string] = .string(names[index < half ? 0 : 1])
    }
    func index(_ metadata: [SafetensorsMetadataEntry]) throws -> Checkpoint {
      var texts = JSONObject()
      for entry in metadata { texts[entry.key] = .string(entry.value) }
      let json = JSONValue.object(["metadata": .object(texts), "weight_map": .object(map)])
      try folder.write(json.serialized().utf8, to: "model.safetensors.index.json")
      return try Checkpoint(path: folder.path("model.safetensors.index.json"))
    }
    let sharded = try index(canonical.metadata)
    #expect(try sharded.match().architecture == canonical.match().architecture)
    #expect(sharded.metadata == canonical.metadata)
    #expect(try sharded.match().architecture.head.norm == .beforePooling)
    #expect(try index([]).match().architecture.head.norm == .afterPooling)
  }

  @Test("metadata of the source is kept")
  func sourceMetadata() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("names/timm.safetensors").checkpoint()
    let copy = try source.converted(to: folder.path("a.safetensors"))
    #expect(
      copy.metadata.filter { $0.key != "format" } == source.metadata.filter { $0.key != "format" })
  }

  @Test("a file that was converted twice names its first source")
  func provenance() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("training/facebook.pth")
    let first = try fixture.checkpoint().converted(to: folder.path("a.convnext"))
    let header = try #require(first.native?.header)
    #expect(header.source.fileName == "facebook.pth")
    #expect(header.source.sha256 == fixture.sha256)
    #expect(header.source.container == "pytorch-zip")
    #expect(header.source.naming == "facebook")
    #expect(header.source.wrapper == "model_ema")
    #expect(header.source.tool == "tests")
    let second = try first.converted(to: folder.path("b.convnext"))
    #expect(second.native?.header == header)
    #expect(try folder.bytes("b.convnext") == folder.bytes("a.convnext"))
    let sharded = try Checkpoint(path: Fixtures.path("folders/sharded")).converted(
      to: folder.path("c.convnext"))
    #expect(sharded.native?.header.source.sha256 == nil)
    #expect(sharded.native?.header.source.fileName == "model.safetensors.index.json")
    // However the folder is named.
    let single = try Checkpoint(path: Fixtures.path("folders/single") + "/.").converted(
      to: folder.path("d.convnext"))
    #expect(single.native?.header.source.fileName == "model.safetensors")
  }
}
