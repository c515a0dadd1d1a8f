import ByteIO
import ConvNeXtSchema
import Inspect
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
        "the file speaks of images of \(size) pixels, which the model cannot take"))
  }
}
