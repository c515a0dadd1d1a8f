import ByteIO
import ConvNeXtSchema
import NativeFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

/// Nothing is lost or changed on the way from one naming and container to another and back.
@Suite("Conversions there and back")
struct IdentityTests {
  /// Namings that cannot express a fixture's model.
  private static func refusals(_ file: String) -> Set<Naming> {
    switch file {
    case _ where file.hasPrefix("v2/"), "families/timm-v2-conv-mlp.safetensors",
      "families/facebook-fcmae.pth", "families/openmmlab-v2.pth":
      [.torchvision]
    case "families/timm-overlap.safetensors", "families/timm-overlap-rms.safetensors",
      "families/timm-mlp-head.safetensors", "families/timm-rms.safetensors",
      "families/timm-norm-first.safetensors", "families/timm-unpooled.safetensors":
      [.facebook, .huggingface, .torchvision, .openmmlab]
    case "families/facebook-isotropic.pth", "families/facebook-isotropic-plain.pth":
      [.timm, .huggingface, .torchvision, .openmmlab]
    case "families/huggingface-backbone.safetensors", "families/huggingface-upernet.safetensors",
      "families/facebook-detection.pth", "families/openmmlab-dense.pth":
      [.timm, .torchvision]
    case "families/huggingface-backbone-last.safetensors": [.timm, .torchvision, .openmmlab]
    default: []
    }
  }

  /// One fixture of each model: containers and wrappers do not matter here, and `families` holds
  /// models whose weights are equal and whose features are not.
  private static func distinctModels() throws -> [FixtureFile] {
    var digests: Set<SHA256Digest> = []
    return try FixtureManifest.models().filter { fixture in
      let isNew = fixture.model.map { digests.insert($0.contentDigest).inserted } ?? false
      return isNew || fixture.file.hasPrefix("families/")
    }
  }

  @Test(
    "canonical, any naming, canonical: the same tensors, bit for bit",
    arguments: try distinctModels())
  func identity(_ fixture: FixtureFile) throws {
    let folder = try TemporaryFolder()
    let canonical = try fixture.checkpoint().converted(
      to: folder.path("start.safetensors"), naming: .canonical
    ) { $0.isBackboneOnly = fixture.isLargerNetwork }
    let contents = try canonical.contents()
    let features = try canonical.matcher().match().architecture.features
    #expect(try canonical.manifest().contentDigest == fixture.model?.contentDigest)
    var refusals: Set<Naming> = []
    for naming in Naming.allCases {
      // Containers know nothing of namings: one of them is tried with both.
      for suffix in naming == .timm ? ["safetensors", "pth"] : ["safetensors"] {
        let name = "\(naming.rawValue).\(suffix)"
        do {
          let named = try canonical.converted(to: folder.path(name), naming: naming)
          let match = try named.matcher().match()
          #expect(match.problems == [], "\(name)")
          #expect(match.candidate.naming == naming, "\(name)")
          let back = try named.converted(
            to: folder.path("\(name).safetensors"), naming: .canonical)
          #expect(try back.contents() == contents, "\(name)")
          // How pointwise layers are stored is timm's own affair, a second name is Meta's.
          let stored = ["conv_mlp", "repeated_norm"]
          #expect(
            try back.matcher().match().architecture.features.filter { !stored.contains($0) }
              == features.filter { !stored.contains($0) }, "\(name)")
        } catch let error as SchemaError where error.category == .unsupported {
          refusals.insert(naming)
        }
      }
    }
    #expect(refusals == Self.refusals(fixture.file))
  }

  @Test("a norm that is registered twice keeps both names where they are the publisher's")
  func repeatedNorm() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("families/facebook-dinov3.pth").checkpoint()
    #expect(try source.plan("a.convnext").match.repeated.count == 2)
    #expect(
      try source.plan("a.convnext").unrepeatedNames == ["norms.3.weight", "norms.3.bias"])
    let native = try source.converted(to: folder.path("a.convnext"))
    #expect(native.tensors.count == source.tensors.count - 2)
    for suffix in ["pth", "safetensors"] {
      let back = try native.converted(to: folder.path("b.\(suffix)"), naming: .facebook)
      #expect(try back.contents() == source.contents())
    }
    let timm = try native.converted(to: folder.path("timm.pth"), naming: .timm)
    #expect(timm.tensors.count == native.tensors.count)
    #expect(try timm.manifest().contentDigest == source.manifest().contentDigest)
  }

  @Test("a second name of other elements is no second name")
  func differingRepeatedNorm() throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("families/facebook-dinov3.pth").checkpoint()
    _ = try source.converted(to: folder.path("a.safetensors"))
    var bytes = try folder.bytes("a.safetensors")
    let norm = try #require(source.tensors.first { $0.name == "norm.weight" })
    let needle = try norm.contiguousBytes().array
    let offset = try #require(
      (0...bytes.count - needle.count).first { bytes[$0..<$0 + needle.count].elementsEqual(needle) }
    )
    bytes[offset] ^= 1
    let changed = try Checkpoint(path: folder.write(bytes, to: "b.safetensors"))
    let plan = try changed.plan("c.convnext") { $0.allowsExtra = true }
    #expect(
      plan.match.problems == [.extra(name: "norms.3.weight", shape: norm.shape, nearest: nil)])
    #expect(!plan.match.architecture.features.contains("repeated_norm"))
    #expect(throws: SchemaError.self) { try changed.plan("c.convnext") }
  }

  static func combinations(_ folder: String) throws -> [FixtureFile] {
    try FixtureManifest.files().filter { $0.file.hasPrefix(folder) }
  }

  @Test(
    "everything exported from a .convnext file has its digest and its bits",
    arguments: try combinations("names/") + combinations("v2/"))
  func exports(_ fixture: FixtureFile) throws {
    let folder = try TemporaryFolder()
    let model = try #require(fixture.model)
    let source = try fixture.checkpoint()
    let native = try source.converted(to: folder.path("a.convnext"))
    #expect(native.container == .convnext)
    #expect(try native.manifest().contentDigest == model.contentDigest)
    let contents = try native.contents()
    var exportCount = 0
    for naming in Naming.allCases where !(naming == .torchvision && model.version == 2) {
      for suffix in ["safetensors", "pth"] {
        let name = "\(naming.rawValue).\(suffix)"
        let export = try native.converted(to: folder.path(name), naming: naming)
        #expect(try export.manifest().contentDigest == model.contentDigest, "\(name)")
        let match = try export.matcher().match()
        #expect(match.candidate.naming == naming, "\(name)")
        #expect(
          try match.canonicalTensors(of: export).sorted { $0.name < $1.name }
            .map { try TensorContent($0) } == contents, "\(name)")
        if naming.rawValue == model.naming {
          // The publisher's own names, shapes and elements come back, wrapper and prefix apart.
          let path = (model.wrapper.map { "\($0)." } ?? "") + (model.prefix ?? "")
          #expect(
            Set(export.tensors.map { "\(path)\($0.name) \($0.shape)" })
              == Set(source.tensors.map { "\($0.name) \($0.shape)" }), "\(name)")
        }
        exportCount += 1
      }
    }
    #expect(exportCount == (model.version == 2 ? 10 : 12))
    let again = try native.converted(to: folder.path("again.convnext"))
    #expect(try again.contents() == contents)
  }

  @Test("the .convnext files of one model differ by their source only")
  func nativeFiles() throws {
    let folder = try TemporaryFolder()
    var headers: Set<String> = []
    for (index, fixture) in try Self.combinations("names/").enumerated() {
      let native = try fixture.checkpoint().converted(to: folder.path("\(index).convnext"))
      var header = try #require(native.native?.header)
      #expect(header.source.sha256 == fixture.sha256)
      #expect(header.source.naming == fixture.model?.naming)
      header.source.sha256 = nil
      header.source.fileName = ""
      header.source.container = ""
      header.source.naming = nil
      header.source.wrapper = nil
      // The final norm's epsilon is transformers' own.
      header.model.finalNormEpsilon = 0
      headers.insert("\(header)")
    }
    #expect(headers.count == 1)
  }

  @Test(
    "the same input always gives the same bytes", arguments: ["convnext", "safetensors", "pth"])
  func repeatable(_ suffix: String) throws {
    let folder = try TemporaryFolder()
    let source = try FixtureManifest.file("names/facebook.pth").checkpoint()
    _ = try source.converted(to: folder.path("x.\(suffix)"))
    let first = try folder.bytes("x.\(suffix)")
    _ = try source.plan("x.\(suffix)").write(
      to: folder.path("x.\(suffix)"), replacingExisting: true)
    #expect(try folder.bytes("x.\(suffix)") == first)
  }
}
