import ByteIO
import ConvNeXtSchema
import Inspect
import NativeFormat
import Quantize
import TestSupport
import Testing

@testable import Convert

/// What becomes of a `.convnext` file whose weights were changed.
@Suite("Damaged .convnext files")
struct DamagedNativeTests {
  private let folder: TemporaryFolder
  private let path: String

  /// Changes a byte of the last tensor.
  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("a.convnext")
    _ = try FixtureManifest.file("names/timm.pth").checkpoint().converted(to: path)
    var bytes = try folder.bytes("a.convnext")
    bytes[bytes.count - 1] ^= 0x40
    try folder.write(bytes, to: "a.convnext")
  }

  private static let uses: [(name: String, use: @Sendable (Checkpoint, String) throws -> Void)] = [
    ("convert to .convnext", { _ = try $0.converted(to: $1 + ".convnext") }),
    ("convert to safetensors", { _ = try $0.converted(to: $1 + ".safetensors") }),
    ("convert to PyTorch", { _ = try $0.converted(to: $1 + ".pth", naming: .timm) }),
    (
      "quantize",
      {
        _ = try $0.converted(to: $1 + ".safetensors") {
          $0.treatment = .quantize(QuantizationRequest(recipe: Recipe.BuiltIn.float16.recipe))
        }
      }
    ),
    ("checksum", { checkpoint, _ in _ = try checkpoint.manifest() }),
    ("diff", { checkpoint, _ in _ = try ModelDiff(checkpoint, checkpoint) }),
    (
      "inspect --sha256", { checkpoint, _ in _ = try Inspection(checkpoint, computesDigests: true) }
    ),
    ("inspect --health", { checkpoint, _ in _ = try Inspection(checkpoint).health() }),
  ]

  @Test("nothing is made of it, nor said of its weights", arguments: uses.indices)
  func refused(_ index: Int) throws {
    let checkpoint = try Checkpoint(path: path)
    let target = folder.path("b")
    do {
      try Self.uses[index].use(checkpoint, target)
      Issue.record("\(Self.uses[index].name) is not refused")
    } catch let error as any CheckpointError {
      #expect(error.rule == "tensor-digest")
      #expect(error.place.tensor != nil && error.place.byteOffset != nil)
    }
    #expect(namesInFolder(folder.path) == ["a.convnext"])
  }

  @Test("verify says which tensor, and a header is read all the same")
  func reported() throws {
    let problems = try Verification(path: path).checks.flatMap(\.problems)
    #expect(problems.map(\.rule) == ["tensor-digest"])
    #expect(try Inspection(Checkpoint(path: path)).match?.isComplete == true)
  }
}
