import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("ConversionPlan")
struct ConversionPlanTests {
  static func problems() throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.problem != nil }
  }

  @Test("a near miss is refused, and the tensor named", arguments: try problems())
  func nearMisses(_ fixture: FixtureFile) throws {
    let checkpoint = try fixture.checkpoint()
    let error = try #require(failure(SchemaError.self) { try checkpoint.plan("a.convnext") })
    guard case .doesNotFit(let model, let problems) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(model == "ConvNeXt V1 of a custom size")
    #expect(problems.count == 1)
    switch (problems.first, fixture.problem) {
    case (.missing(let name, _, _, _), .missing(let tensor)): #expect(name.string == tensor)
    case (.extra(let name, _, let nearest), .unexpected(let tensor)):
      #expect(name.string == tensor)
      #expect(nearest != nil)
    case (
      .wrongShape(let name, _, let expected, let found), .shape(let tensor, let should, let actual)
    ):
      #expect(name.string == tensor)
      #expect(expected == should)
      #expect(found == actual)
    default: Issue.record("\(problems)")
    }
    #expect(error.place.tensor == problems.first?.tensorName)
    #expect(error.hint != nil)
  }

  @Test("what is missing or too much can be allowed, a wrong shape cannot")
  func allowances() throws {
    let missing = try FixtureManifest.file("torch/missing-tensor.pth").checkpoint()
    let plan = try missing.plan("a.convnext") { $0.allowsMissing = true }
    #expect(plan.steps.count == missing.tensors.count)
    #expect(throws: SchemaError.self) { try missing.plan("a.convnext") { $0.allowsExtra = true } }
    let extra = try FixtureManifest.file("torch/extra-tensor.pth").checkpoint()
    #expect(
      try extra.plan("a.convnext") { $0.allowsExtra = true }.steps.count
        == extra.tensors.count - 1)
    #expect(throws: SchemaError.self) { try extra.plan("a.convnext") { $0.allowsMissing = true } }
    let shape = try FixtureManifest.file("torch/wrong-shape.pth").checkpoint()
    #expect(throws: SchemaError.self) {
      try shape.plan("a.convnext") {
        $0.allowsExtra = true
        $0.allowsMissing = true
      }
    }
  }

  @Test("a file without a model has no plan")
  func noModel() throws {
    let other = try FixtureManifest.file("torch/mlp.pth").checkpoint()
    #expect(failure(SchemaError.self) { try other.plan("a.convnext") } == .noModel(tensorCount: 9))
    let empty = try FixtureManifest.file("safetensors/no-tensors.safetensors").checkpoint()
    #expect(failure(SchemaError.self) { try empty.plan("a.convnext") } == .noModel(tensorCount: 0))
  }

  @Test("steps tell the way of each tensor")
  func steps() throws {
    let checkpoint = try FixtureManifest.file("names/torchvision.pth").checkpoint()
    let plan = try checkpoint.plan("a.safetensors", naming: .timm)
    #expect(plan.naming == .timm)
    let step = try #require(
      plan.steps.first { $0.parameter.name == "stages.2.blocks.1.layer_scale" })
    #expect(step.sourceName == "features.5.1.layer_scale")
    #expect(step.sourceShape == [12, 1, 1])
    #expect(step.rule == "features.{2i+1}.{j}.layer_scale")
    #expect(step.output.name == "stages.2.blocks.1.gamma")
    #expect(step.output.shape == [12])
    #expect(plan.steps.map(\.parameter.name) == plan.match.architecture.parameters.map(\.name))
  }

  @Test("without a naming, .convnext is canonical and the rest stays as it was")
  func defaultNaming() throws {
    let checkpoint = try FixtureManifest.file("names/huggingface.pth").checkpoint()
    #expect(try checkpoint.plan("a.convnext").naming == .canonical)
    #expect(try checkpoint.plan("a.safetensors").naming == .huggingface)
    #expect(try checkpoint.plan("a.pth").naming == .huggingface)
  }

  @Test("a key takes other weights of the same file")
  func key() throws {
    for file in ["torch/ema.pth", "training/facebook.pth", "training/timm.pth.tar"] {
      let fixture = try FixtureManifest.file(file)
      let alternative = try #require(fixture.model?.alternatives.first)
      let folder = try TemporaryFolder()
      let checkpoint = try fixture.checkpoint()
      let raw = try checkpoint.converted(to: folder.path("raw.convnext")) {
        $0.key = alternative.key
      }
      #expect(try raw.manifest().contentDigest == alternative.contentDigest)
      let averaged = try checkpoint.converted(to: folder.path("averaged.convnext"))
      #expect(try averaged.manifest().contentDigest == fixture.model?.contentDigest)
    }
  }

  @Test(
    "the backbone of a larger network converts alone",
    arguments: try FixtureManifest.models().filter(\.isLargerNetwork))
  func backbones(_ fixture: FixtureFile) throws {
    let checkpoint = try fixture.checkpoint()
    guard
      case .doesNotFit(_, let problems)? = failure(
        SchemaError.self, { try checkpoint.plan("a.convnext") })
    else {
      Issue.record("the whole network is taken for a ConvNeXt")
      return
    }
    let plan = try checkpoint.plan("a.convnext") { $0.isBackboneOnly = true }
    #expect(plan.match.leftOut.count >= problems.count)
    #expect(plan.match.leftOut.count + plan.steps.count == checkpoint.tensors.count)
    let folder = try TemporaryFolder()
    let native = try checkpoint.converted(to: folder.path("a.convnext")) {
      $0.isBackboneOnly = true
    }
    #expect(try native.manifest().contentDigest == fixture.model?.contentDigest)
  }

  @Test("the backbone of a classifier is the classifier without its last layer")
  func backboneOfClassifier() throws {
    let checkpoint = try FixtureManifest.file("names/timm.pth").checkpoint()
    let plan = try checkpoint.plan("a.convnext") { $0.isBackboneOnly = true }
    #expect(plan.steps.count == checkpoint.tensors.count - 2)
    #expect(plan.match.architecture.head.classes == nil)
    #expect(!plan.steps.contains { $0.parameter.name.hasPrefix("head.classifier") })
  }

  @Test("what only metadata can tell is not written where there is none")
  func untoldFeatures() throws {
    for (file, feature) in [
      ("families/timm-norm-first.safetensors", "head_norm_first"),
      ("families/timm-unpooled.safetensors", "unpooled_head"),
      ("families/timm-overlap-rms.safetensors", "overlap_stem_act"),
    ] {
      let checkpoint = try FixtureManifest.file(file).checkpoint()
      #expect(
        failure(ConversionError.self) { try checkpoint.plan("a.pth", naming: .canonical) }
          == .featureNotKept(feature: feature))
      #expect(try checkpoint.plan("a.pth").naming == .timm)
    }
  }

  @Test("a pool that is none is told by the classifier's shape, and said to be lost without one")
  func unpooledBackbone() throws {
    let checkpoint = try FixtureManifest.file("families/timm-unpooled.safetensors").checkpoint()
    let sentence = "the names do not show 'unpooled_head'; the model has to be built with it"
    let whole = try checkpoint.plan("a.safetensors", naming: .timm)
    #expect(!whole.lostDescriptions(inFolder: false).contains(sentence))
    let backbone = try checkpoint.plan("a.safetensors", naming: .timm) { $0.isBackboneOnly = true }
    #expect(backbone.lostDescriptions(inFolder: false).contains(sentence))
  }

  @Test(
    "the container follows the extension",
    arguments: [
      ("a.convnext", .convnext), ("a.b/c.SafeTensors", .safetensors), ("a.pth", .pytorch),
      ("a.pt", .pytorch), ("a.bin", .pytorch), ("a.ckpt", .pytorch), ("a.pkl", .pytorch),
      ("a.onnx", nil), ("pth", nil), (".pth", nil), ("a.pth/b", nil), ("", nil),
    ] as [(String, OutputContainer?)])
  func containers(_ path: String, _ container: OutputContainer?) {
    #expect(OutputContainer(path: path) == container)
  }
}
