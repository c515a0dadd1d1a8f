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
      }?.error as? InputError == .folderNeedsHuggingFace)
    #expect(folder.names == [])
  }

  @Test("a .convnext file has no publisher's names, and is no file of a folder for transformers")
  func nativeNames() throws {
    for naming in Naming.allCases where naming != .canonical {
      #expect(
        throws: InputError.nativeNamesAreCanonical(naming: naming.rawValue)
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
    #expect(try timm.contents() == source.contents())
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
