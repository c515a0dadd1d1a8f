import ByteIO
import ConvNeXtSchema
import Inspect
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("Inspection")
struct InspectionTests {
  @Test("every model is recognized for what it is", arguments: try FixtureManifest.models())
  func models(_ fixture: FixtureFile) throws {
    let model = try #require(fixture.model)
    let inspection = try Inspection(fixture.checkpoint())
    let match = try #require(inspection.match)
    #expect(match.candidate.naming.rawValue == model.naming)
    #expect(match.candidate.wrapper == model.wrapper)
    #expect(match.candidate.prefix == model.prefix ?? "")
    #expect(match.architecture.version == model.version)
    #expect(match.architecture.depths == model.depths)
    #expect(match.architecture.widths == model.widths)
    #expect(match.architecture.head.classes ?? 0 == model.classes)
    #expect(inspection.summary?.parameterCount == model.parameters)
    #expect(inspection.summary?.imageSize == inspection.imageSize ?? 224)
    #expect(match.isComplete != fixture.isLargerNetwork)
    #expect(inspection.candidates.first == match.candidate)
    let keys = inspection.candidates.map(\.key)
    for alternative in model.alternatives { #expect(keys.contains(alternative.key)) }
    #expect(!inspection.evidence.isEmpty)
    #expect(inspection.fileDigest == nil && inspection.contentDigest == nil)
  }

  @Test(
    "epsilons are the file's, else the publisher's, and those of a feature go before",
    arguments: [
      ("names/timm.safetensors", 1e-6, 1e-6), ("names/huggingface.safetensors", 1e-6, 1e-12),
      ("torch/mlp.pth", nil, nil),
    ] as [(String, Double?, Double?)])
  func epsilons(file: String, norms: Double?, finalNorm: Double?) throws {
    let inspection = try Inspection(Checkpoint(path: Fixtures.path(file)))
    #expect(inspection.normEpsilon == norms && inspection.finalNormEpsilon == finalNorm)
  }

  @Test("an epsilon that metadata has as a feature is that of every norm")
  func epsilonOfFeature() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    try folder.write(
      text: #"{"architecture": "convnext_tiny", "model_args": {"norm_eps": 0.01}}"#,
      to: "config.json")
    let converted = try Checkpoint(path: folder.path).converted(
      to: folder.path("a.safetensors"), naming: .canonical)
    let inspection = try Inspection(converted)
    #expect(inspection.normEpsilon == 0.01 && inspection.finalNormEpsilon == 0.01)
  }

  @Test("another place is taken by its key, and stands first")
  func key() throws {
    let checkpoint = try FixtureManifest.file("torch/ema.pth").checkpoint()
    #expect(try Inspection(checkpoint).candidates.map(\.key) == ["model_ema", "model"])
    #expect(
      try Inspection(checkpoint, key: "model").candidates.map(\.key) == ["model", "model_ema"])
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, key: "optimizer") }
        == .noModelAtKey("optimizer", available: ["model_ema", "model"]))
  }

  @Test("digests are computed when asked for")
  func digests() throws {
    let fixture = try FixtureManifest.file("names/timm.pth")
    let inspection = try Inspection(fixture.checkpoint(), computesDigests: true)
    #expect(inspection.fileDigest == fixture.sha256)
    #expect(inspection.contentDigest == fixture.model?.contentDigest)
  }

  @Test("a .convnext file has its digest in the header, a folder its labels and preprocessing")
  func headers() throws {
    let folder = try TemporaryFolder()
    let source = try Checkpoint(path: Fixtures.path("folders/single"))
    let inspection = try Inspection(source)
    #expect(inspection.labels?.count == 3)
    #expect(inspection.preprocessing == source.folder?.preprocessing)
    #expect(inspection.imageSize == source.folder?.imageSize)
    let native = try Inspection(source.converted(to: folder.path("a.convnext")))
    #expect(native.labels == inspection.labels)
    #expect(native.preprocessing == inspection.preprocessing)
    #expect(native.imageSize == inspection.imageSize)
    #expect(native.fileDigest == nil)
    #expect(native.contentDigest == (try source.manifest().contentDigest))
  }

  @Test("an image size that is asked for goes before the file's own, unless it is too small")
  func imageSize() throws {
    let checkpoint = try FixtureManifest.file("names/timm.pth").checkpoint()
    let inspection = try Inspection(checkpoint, imageSize: 64)
    #expect(inspection.imageSize == 64)
    #expect(inspection.summary?.imageSize == 64)
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, imageSize: 31) }
        == .imageTooSmall(imageSize: 31, minimum: 32))
  }

  @Test(
    "a file without a ConvNeXt is no error, unless a place is named",
    arguments: ["torch/mlp.pth", "safetensors/no-tensors.safetensors", "torch/quantized.pth"])
  func otherModels(_ file: String) throws {
    let checkpoint = try FixtureManifest.file(file).checkpoint()
    let inspection = try Inspection(checkpoint)
    #expect(inspection.candidates.isEmpty)
    #expect(inspection.match?.modelName == nil && inspection.summary?.macs == nil)
    #expect(inspection.evidence.isEmpty && inspection.doubts.isEmpty)
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, key: "model") }
        == .noModel(tensorCount: checkpoint.tensors.count))
  }

  @Test(
    "an image size that the model cannot take is a doubt, not an error",
    arguments: [16, 0, -5, 1 << 40])
  func impossibleImageSize(_ size: Int) throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/huggingface.safetensors", to: "model.safetensors")
    try folder.write(text: "{\"image_size\": \(size)}", to: "config.json")
    let inspection = try Inspection(Checkpoint(path: folder.path))
    #expect(inspection.imageSize == nil)
    #expect(inspection.summary?.imageSize == 224)
    #expect(
      inspection.doubts.contains(
        "the file says that images have \(size) pixels, for which costs are not counted"))
  }

  /// A model of stages that halve their input again and again.
  private func checkpoint(stageCount: Int, in folder: TemporaryFolder) throws -> Checkpoint {
    let ones = [Int](repeating: 1, count: stageCount)
    let model = try SyntheticModel(
      Architecture(depths: ones, widths: ones, classes: 2), naming: .huggingface, seed: 1)
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: true)
    try SafetensorsWriter(tensors: model.tensors).write(to: output)
    try output.commit()
    return try Checkpoint(path: folder.path("a.safetensors"))
  }

  @Test("a model that takes no image of 224 pixels has the costs of the smallest that it takes")
  func largeStride() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try checkpoint(stageCount: 7, in: folder)
    let inspection = try Inspection(checkpoint)
    #expect(inspection.summary?.imageSize == 256)
    #expect(inspection.imageSize == nil)
    #expect(
      inspection.doubts.last
        == "images of 224 pixels are too small for the model; costs are given for 256, the smallest "
        + "that it takes")
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, imageSize: 224) }
        == .imageTooSmall(imageSize: 224, minimum: 256))
    let asked = try Inspection(checkpoint, imageSize: 512)
    #expect(asked.summary?.imageSize == 512)
    #expect(asked.doubts.count == inspection.doubts.count - 1)
  }

  @Test(
    "a model that takes no image of any size that is counted for has no costs, and all else",
    arguments: [
      (13, 16_384, "this model needs 16384 at least"),
      (64, .max, "this model's strides leave nothing of any image"),
    ])
  func largestStrides(stageCount: Int, minimum: Int, reason: String) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try checkpoint(stageCount: stageCount, in: folder)
    let inspection = try Inspection(checkpoint)
    #expect(inspection.summary?.imageSize == nil)
    #expect(inspection.match?.isComplete == true)
    #expect(
      inspection.doubts.last
        == "no costs are given: an image of 8192 pixels is too small; \(reason)")
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, imageSize: 8192) }
        == .imageTooSmall(imageSize: 8192, minimum: minimum))
  }

  @Test("where a layer's cost is too large to be counted, no costs are given unless asked for")
  func largeCosts() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(
      ["stages.0.0.dwconv.weight": [1 << 15, 1, 2, 2]], to: "a.safetensors")
    let checkpoint = try Checkpoint(path: folder.path("a.safetensors"))
    let inspection = try Inspection(checkpoint)
    #expect(inspection.match?.architecture.widths == [1 << 15])
    #expect(inspection.summary?.imageSize == nil)
    #expect(
      inspection.doubts.last
        == "no costs are given: the cost of 'stages.0.blocks.0.expand' is too large to be counted")
    #expect(
      failure(SchemaError.self) { try Inspection(checkpoint, imageSize: 224) }
        == .tooLarge(layer: "stages.0.blocks.0.expand"))
  }
}
