import ByteIO
import ConvNeXtSchema
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing
import TorchFormat

@testable import Convert

@Suite("ModelEvidence")
struct ModelEvidenceTests {
  private func evidence(_ path: String) throws -> ModelEvidence {
    let checkpoint = try Checkpoint(path: path)
    let match = try? checkpoint.matcher().match()
    return ModelEvidence(
      checkpoint, match: match, variant: match.flatMap { Variant(of: $0.architecture) })
  }

  @Test("evidence for a whole model, without doubts")
  func evidence() throws {
    let findings = try evidence(Fixtures.path("names/timm.pth"))
    #expect(
      findings.evidence == [
        "5 depthwise convolutions under timm names",
        "all 65 tensors of the model are there, each in its shape",
      ])
    #expect(findings.doubts == [])
  }

  @Test("elements that are deflated are others to who maps the file")
  func deflated() throws {
    let doubts = try evidence(Fixtures.path("torch/deflated.pth")).doubts
    #expect(doubts.first?.contains("mmap=True") == true)
  }

  @Test("evidence for a near miss says how near")
  func nearMiss() throws {
    let findings = try evidence(Fixtures.path("torch/wrong-shape.pth"))
    #expect(
      findings.evidence.last == "55 of 56 tensors of the model are there, each in its shape")
  }

  @Test(
    "layer scales that an old transformers renamed",
    arguments: ["families/renamed-timm.safetensors", "families/renamed-facebook.safetensors"])
  func renamedLayerScales(_ file: String) throws {
    #expect(
      try evidence(Fixtures.path(file)).doubts == [
        "layer scales are named 'weight': an old transformers renamed 'gamma' when it saved the file"
      ])
  }

  @Test("norms without biases may be of two kinds")
  func norms() throws {
    let assumed =
      "the norms have no biases; RMS norms are assumed, and timm's SimpleNorm has the same tensors"
    #expect(try evidence(Fixtures.path("families/timm-rms.safetensors")).doubts == [assumed])
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    try folder.write(
      text: #"{"architecture": "my_convnext", "model_args": {"norm_layer": "rmsnorm"}}"#,
      to: "config.json")
    #expect(
      try evidence(folder.path).doubts == [
        "the file says that the norms have no biases, but they do"
      ])
  }

  @Test(
    "a size tells what names do not, unless the file says something else",
    arguments: [
      ("zepto_rms", [], []),
      (
        "zepto_rms", ["rms_norm"],
        ["the file says rmsnorm, and convnext_zepto_rms has simplenorm"]
      ),
      (
        "test_convnext3", [],
        [
          "the names do not show 'activation_silu', 'norm_eps_1e-05'; that is what timm has for "
            + "test_convnext3"
        ]
      ),
    ] as [(String, [String], [String])])
  func sizes(_ name: String, _ said: [String], _ doubts: [String]) throws {
    var architecture = try Variant.configuration(named: name).variant.architecture
    architecture.block.activation = Architecture.Block.usualActivation
    architecture.settings = []
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: true)
    try SafetensorsWriter(
      tensors: SyntheticModel(architecture, naming: .timm, seed: 1).tensors,
      metadata: said.isEmpty
        ? [] : [SafetensorsMetadataEntry(key: OwnMetadata.featuresKey, value: said[0])]
    ).write(to: output)
    try output.commit()
    let found = try evidence(folder.path("a.safetensors"))
    #expect(found.doubts == doubts)
    #expect(
      found.evidence.contains("the norms have no biases, and convnext_zepto_rms has simplenorm")
        == (name == "zepto_rms" && said.isEmpty))
    let inspection = try Inspection(Checkpoint(path: folder.path("a.safetensors")))
    #expect(inspection.normEpsilon == (name == "test_convnext3" ? 1e-5 : 1e-6))
  }

  /// A file of a small model.
  private func checkpoint(_ tensors: [Tensor], in folder: TemporaryFolder) throws -> Checkpoint {
    let output = try OutputFile(path: folder.path("b.safetensors"), replacingExisting: true)
    try SafetensorsWriter(tensors: tensors, metadata: []).write(to: output)
    try output.commit()
    return try Checkpoint(path: folder.path("b.safetensors"))
  }

  @Test("a model of changed code keeps its names, and its stride is a doubt")
  func changedCode() throws {
    var architecture = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    architecture.stem = .patch(kernelSize: 3)
    let folder = try TemporaryFolder()
    let model = try SyntheticModel(architecture, naming: .facebook, seed: 1, isOwnCode: true)
    let checkpoint = try checkpoint(model.tensors, in: folder)
    let match = try checkpoint.match()
    let sentence = ArchitectureAssumption.stemStride(kernelSize: 3, usual: 4).sentence
    #expect(checkpoint.assumptions(of: match) == [sentence])
    #expect(try Inspection(checkpoint).doubts == [sentence])
    var request = ConversionRequest(container: .safetensors, tool: "test")
    #expect(try ConversionPlan(checkpoint, request).naming == .facebook)
    request.naming = .torchvision
    #expect(throws: SchemaError.self) { try ConversionPlan(checkpoint, request) }
    // A native file knows whose names the weights had.
    let native = folder.path("a.convnext")
    request = ConversionRequest(container: .convnext, tool: "test")
    _ = try ConversionPlan(checkpoint, request).write(to: native, replacingExisting: false)
    let back = try Checkpoint(path: native)
    #expect(try back.assumptions(of: back.match()) == [sentence])
    request = ConversionRequest(container: .safetensors, tool: "test")
    request.naming = .facebook
    #expect(
      try ConversionPlan(back, request).outputs.map(\.name) == model.tensors.map(\.name))
  }

  @Test("weights that are whole numbers without scales are a doubt")
  func integerWeights() throws {
    let folder = try TemporaryFolder()
    let model = try SyntheticModel(
      Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3), naming: .timm, seed: 1)
    let tensors = try model.tensors.map { tensor in
      guard tensor.name.string.hasSuffix("fc1.weight") else { return tensor }
      let codes = ByteRegion(copying: [UInt8](repeating: 1, count: tensor.elementCount))
      return try Tensor(
        name: tensor.name, elementType: .int8, shape: tensor.shape, storage: RegionStorage(codes))
    }
    let checkpoint = try checkpoint(tensors, in: folder)
    let sentence =
      "weights that are not floating-point numbers: 'stages.0.blocks.0.mlp.fc1.weight' is I8, and "
      + "there are 3 more"
    #expect(try checkpoint.integerWeights(of: checkpoint.match()) == sentence)
    #expect(try Inspection(checkpoint).doubts == [sentence])
  }

  @Test("batch norms have the names of layer norms, and are a doubt", arguments: [1, 2])
  func batchNorms(count: Int) throws {
    let folder = try TemporaryFolder()
    let model = try SyntheticModel(
      Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3), naming: .timm, seed: 1)
    func statistics(_ norm: String) throws -> Tensor {
      try Tensor(
        name: TensorName("\(norm).running_mean"), elementType: .uint8, shape: [2],
        storage: RegionStorage(ByteRegion(copying: [0, 0])))
    }
    let names = ["stages.0.blocks.0.norm", "stages.1.blocks.0.norm"].prefix(count)
    let checkpoint = try checkpoint(
      model.tensors + names.map(statistics) + [statistics("neck")], in: folder)
    let sentence =
      "batch norms, which no ConvNeXt has: 'stages.0.blocks.0.norm' has running statistics"
      + (count == 2 ? ", and 1 more have" : "") + "; they are treated as layer norms"
    #expect(try checkpoint.doubts(of: checkpoint.match()) == [sentence])
    #expect(try Inspection(checkpoint).doubts == [sentence])
  }

  @Test("the epsilon that a file does not say, and that a folder does")
  func epsilon() throws {
    let file = try evidence(Fixtures.path("names/huggingface.safetensors"))
    #expect(file.doubts.count == 1)
    #expect(file.doubts.first?.contains("1e-12") == true)
    #expect(try evidence(Fixtures.path("folders/single")).doubts == [])
  }

  @Test("of models that nothing tells apart, the first is taken, and that is said")
  func equals() throws {
    let folder = try TemporaryFolder()
    let names = ["a", "b"].map { "\($0).stages.0.blocks.0.conv_dw.weight" }
    try folder.writeZeros(
      [names[0]: [8, 1, 7, 7], names[1]: [8, 1, 7, 7]], to: "two.safetensors")
    let checkpoint = try Checkpoint(path: folder.path("two.safetensors"))
    let sentence = "'a' is the first in the file; nothing else distinguishes it from 'b'"
    #expect(try Inspection(checkpoint).doubts.contains(sentence))
    #expect(try !Inspection(checkpoint, key: "a").doubts.contains(sentence))
  }

  @Test("a configuration that says something else")
  func disagreement() throws {
    let folder = try TemporaryFolder()
    try folder.copy("folders/single/model.safetensors", to: "model.safetensors")
    try folder.write(text: "{\"depths\": [3, 3, 9, 3]}", to: "config.json")
    #expect(
      try evidence(folder.path).doubts.contains(
        "config.json says depths 3,3,9,3, the weights have 1,1,1,1"))
  }

  @Test("without a model there is nothing to say")
  func noModel() throws {
    let findings = try evidence(Fixtures.path("torch/mlp.pth"))
    #expect(findings.evidence == [] && findings.doubts == [])
  }

  @Test("tensors that are the same memory are named")
  func sharedMemory() throws {
    let checkpoint = try FixtureManifest.file("torch/one-storage.pth").checkpoint()
    #expect(try SharedStorages(checkpoint.matcher().match(), checkpoint).names == [])
    // The same file with a norm whose bias is its weight.
    let folder = try TemporaryFolder()
    let weight = try #require(checkpoint.tensors.first { $0.name == "stem.1.weight" })
    let tensors = checkpoint.tensors.map { tensor in
      tensor.name == "stem.1.bias" ? weight.renamed("stem.1.bias") : tensor
    }
    let output = try OutputFile(path: folder.path("a.pth"), replacingExisting: false)
    try TorchWriter(tensors: tensors, archiveName: "a").write(to: output)
    try output.commit()
    let tied = try Checkpoint(path: folder.path("a.pth"))
    #expect(try SharedStorages(tied.matcher().match(), tied).names == ["stem.1.bias"])
    #expect(
      try Inspection(tied).doubts == [
        "these tensors share memory and are written once each, or tied where the container can: "
          + "'stem.1.bias'"
      ])
    // They stay tied in a PyTorch file, which holds the memory once.
    let again = try tied.converted(to: folder.path("b.pth"))
    #expect(try SharedStorages(again.matcher().match(), again).names == ["stem.1.bias"])
    #expect(try again.contents() == tied.contents())
  }

  @Test("second names of the model's tensors, in the same memory, are no other tensors")
  func aliases() throws {
    let folder = try TemporaryFolder()
    let tensors = try FixtureManifest.file("names/timm.pth").checkpoint().tensors
    let head = tensors.filter { $0.name.string.hasPrefix("head.") }
    let output = try OutputFile(path: folder.path("a.pth"), replacingExisting: false)
    try TorchWriter(
      tensors: tensors.map { $0.renamed(TensorName("backbone.\($0.name)")) } + head
        + [head[0].renamed("other.copy")], archiveName: "a"
    ).write(to: output)
    try output.commit()
    let tied = try Checkpoint(path: folder.path("a.pth"))
    let match = try tied.match()
    #expect(match.isComplete && match.aliases == head.map(\.name) + ["other.copy"])
    #expect(tied.parts(beside: match) == [])
    let copy = try tied.converted(to: folder.path("b.safetensors"), naming: .timm)
    #expect(try copy.match().isComplete)
    // The same elements in memory of their own are tensors like any other.
    let apart = try OutputFile(path: folder.path("c.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tied.tensors).write(to: apart)
    try apart.commit()
    #expect(try Checkpoint(path: apart.path).match().extraNames.count == head.count + 1)
  }

  @Test("a part of a model opened alone is told by its name")
  func shard() throws {
    let folder = try TemporaryFolder()
    let index = try Checkpoint(path: Fixtures.path("folders/sharded"))
    let name = "model-00001-of-00003.safetensors"
    #expect(index.files.count == 3 && index.shardCount == nil)
    let path = try folder.copy("folders/sharded/\(name)", to: name)
    let doubts = try evidence(path).doubts
    #expect(doubts.contains { $0.contains("one of 3 parts of a model") })
    let error = try #require(
      failure(ShardError.self) { try Checkpoint(path: path).plan("a.convnext") })
    #expect(error.rule == "single-shard")
    #expect(error.hint?.contains("index") == true)
  }
}
