import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel
import TestSupport
import Testing
import TorchFormat

@testable import Convert

@Suite("Manifests and digests")
struct CheckpointMatchingTests {
  @Test("the content digest is the manifest's own", arguments: try FixtureManifest.models())
  func contentDigest(_ fixture: FixtureFile) throws {
    let model = try #require(fixture.model)
    let checkpoint = try fixture.checkpoint()
    let manifest = try checkpoint.manifest()
    #expect(manifest.contentDigest == model.contentDigest)
    #expect(
      manifest.entries.reduce(0) { $0 + $1.info.shape.reduce(1, *) } == model.parameters)
    for alternative in model.alternatives {
      #expect(
        try checkpoint.manifest(key: alternative.key).contentDigest == alternative.contentDigest)
    }
  }

  @Test("canonical tensors have canonical names and shapes, in canonical order")
  func canonicalTensors() throws {
    for file in ["names/torchvision.pth", "v2/huggingface.safetensors"] {
      let checkpoint = try FixtureManifest.file(file).checkpoint()
      let match = try checkpoint.matcher().match()
      let tensors = match.canonicalTensors(of: checkpoint)
      #expect(tensors.map(\.name.string) == match.architecture.parameters.map(\.name))
      #expect(tensors.map(\.shape) == match.architecture.parameters.map(\.shape))
    }
  }

  @Test("one model has one digest, whoever named it", arguments: ["names/", "v2/"])
  func sameModel(_ folder: String) throws {
    let files = try FixtureManifest.files().filter { $0.file.hasPrefix(folder) }
    let digests = try files.map { try $0.checkpoint().manifest().contentDigest }
    #expect(files.count == (folder == "names/" ? 8 : 6))
    #expect(Set(digests).count == 1)
  }

  @Test("source names, and files of other models")
  func sourceNames() throws {
    let timm = try FixtureManifest.file("names/timm.pth").checkpoint()
    #expect(
      try timm.manifest(usesSourceNames: true).entries.map(\.info.name)
        == timm.tensors.map(\.name).sorted())
    let other = try FixtureManifest.file("torch/mlp.pth").checkpoint()
    #expect(try other.completeMatch()?.modelName == nil)
    #expect(
      try other.manifest().entries.map(\.info.name) == other.tensors.map(\.name).sorted())
    #expect(
      failure(SchemaError.self) { try other.manifest(key: "x") }
        == .noModel(tensorCount: other.tensors.count))
  }

  @Test("a model that only lacks something has canonical names, and keeps its digest")
  func missing() throws {
    let file = try FixtureManifest.file("torch/missing-tensor.pth").checkpoint()
    let manifest = try file.manifest()
    #expect(manifest.entries.count == file.tensors.count)
    #expect(manifest.entries.contains { $0.info.name == "head.classifier.bias" })
    #expect(try file.manifest(key: "") == manifest)
    #expect(try file.completeMatch()?.modelName == nil)
    let folder = try TemporaryFolder()
    let converted = try file.converted(to: folder.path("a.convnext")) { $0.allowsMissing = true }
    #expect(try converted.manifest() == manifest)
    #expect(try ModelDiff(file, converted).verdict == "same model, identical")
  }

  @Test("a model with a tensor of another shape goes by the file's names, or is refused by its key")
  func misshapen() throws {
    let file = try FixtureManifest.file("torch/wrong-shape.pth").checkpoint()
    #expect(
      try file.manifest().entries.map(\.info.name) == file.tensors.map(\.name).sorted())
    guard
      case .doesNotFit(_, let problems)? = failure(
        SchemaError.self, { try file.manifest(key: "") })
    else {
      Issue.record("it is not refused")
      return
    }
    #expect(problems.count == 1)
    let extra = try FixtureManifest.file("torch/extra-tensor.pth").checkpoint()
    #expect(try extra.manifest().entries.first?.info.name == "head.classifier.bias")
  }

  @Test("tensors without plain elements have no manifest")
  func unsupported() throws {
    let file = try FixtureManifest.file("torch/quantized.pth").checkpoint()
    let error = try #require(failure(TorchError.self) { try file.manifest() })
    #expect(error == file.unsupportedTensors.first?.error)
    #expect(error.category == .unsupported)
  }

  @Test("a model is called by version and size")
  func name() throws {
    let small = try FixtureManifest.file("v2/timm.pth").checkpoint().matcher().match()
    #expect(small.modelName == "ConvNeXt V2 of a custom size")
    let tiny = try ModelMatcher(
      NameExport(Variant.configuration(named: "tiny").variant.architecture, naming: .timm)
        .entries.map {
          SchemaInput(info: TensorInfo(name: $0.name, elementType: .float32, shape: $0.shape))
        }
    ).match()
    #expect(tiny.modelName == "ConvNeXt V1 tiny")
  }
}
