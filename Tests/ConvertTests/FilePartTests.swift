import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing
import TorchFormat

@testable import Convert

@Suite("FilePart")
struct FilePartTests {
  private func parts(_ file: String, key: String? = nil) throws -> [FilePart] {
    let checkpoint = try FixtureManifest.file(file).checkpoint()
    return try checkpoint.parts(beside: checkpoint.matcher().match(key: key))
  }

  @Test("branches beside the model, with what leaving them out saves")
  func training() throws {
    let parts = try parts("training/facebook.pth")
    #expect(parts.map(\.name) == ["model", "optimizer"])
    #expect(parts.map(\.tensorCount) == [56, 39])
    let manifest = try FixtureManifest.file("training/facebook.pth").tensors
    for part in parts {
      let own = manifest.filter { $0.name.hasPrefix(part.name + ".") }
      #expect(part.tensorCount == own.count)
      #expect(part.byteCount == own.reduce(0) { $0 + 4 * $1.shape.reduce(1, *) })
    }
    #expect(try self.parts("training/facebook.pth", key: "model").map(\.name).contains("model_ema"))
  }

  @Test("memory that others use is not saved by leaving a part out")
  func sharedMemory() throws {
    let folder = try TemporaryFolder()
    let tensors = try FixtureManifest.file("names/timm.pth").checkpoint().tensors
    let own = try Tensor(
      name: "best.own", elementType: .float32, shape: [2, 3],
      storage: RegionStorage(ByteRegion(copying: [UInt8](repeating: 1, count: 24))))
    let output = try OutputFile(path: folder.path("a.pth"), replacingExisting: false)
    try TorchWriter(
      tensors: tensors.map { $0.renamed(TensorName("model.\($0.name)")) }
        + tensors.map { $0.renamed(TensorName("best.\($0.name)")) }
        + [own, own.renamed("best.again")], archiveName: "a"
    ).write(to: output)
    try output.commit()
    let checkpoint = try Checkpoint(path: output.path)
    let parts = checkpoint.parts(beside: try checkpoint.matcher().match(key: "model"))
    #expect(parts.map(\.name) == ["best"])
    #expect(parts.map(\.tensorCount) == [tensors.count + 2])
    #expect(parts.map(\.byteCount) == [24])
  }

  @Test("a file of nothing but the model has no other parts")
  func alone() throws {
    #expect(try parts("names/timm.pth") == [])
  }

  @Test("other parts of a network, one by one")
  func network() throws {
    let parts = try parts("families/clip-tower.safetensors")
    #expect(parts.map(\.tensorCount).reduce(0, +) == 7)
    #expect(parts.contains { $0.name == "logit_scale" && $0.byteCount == 4 })
  }

  @Test("names that only look the same are two parts")
  func alike() throws {
    let folder = try TemporaryFolder()
    let model = try FixtureManifest.file("names/timm.safetensors").checkpoint().tensors
    try folder.writeZeros(
      model.map { ($0.name, $0.shape) } + [("cafe\u{301}.a", [1]), ("caf\u{E9}.a", [1])],
      to: "a.safetensors")
    let checkpoint = try Checkpoint(path: folder.path("a.safetensors"))
    let parts = checkpoint.parts(beside: try checkpoint.matcher().match())
    #expect(parts.map(\.tensorCount) == [1, 1])
  }

  @Test("names of nothing but dots take no more memory than they are long")
  func manyDots() throws {
    let folder = try TemporaryFolder()
    let dots = String(repeating: ".", count: 20_000)
    try folder.writeZeros(
      [
        "net.stages.0.blocks.0.conv_dw.weight": [8, 1, 7, 7], "net.\(dots)a": [1],
        "net.stages.0.blocks\(dots)": [1], "net": [2], "net.stages.0.blocks.0.conv_dw.w": [1],
      ], to: "a.safetensors")
    let checkpoint = try Checkpoint(path: folder.path("a.safetensors"))
    let parts = checkpoint.parts(beside: try checkpoint.matcher().match())
    #expect(
      Set(parts.map(\.name)) == [
        "net", "net.", "net.stages.0.blocks.", "net.stages.0.blocks.0.conv_dw.w",
      ])
  }

  @Test("what lies within a branch that the model is in, too, is named by itself")
  func within() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(
      [
        "net.stages.0.blocks.0.conv_dw.weight": [8, 1, 7, 7], "net.extra.a": [1],
        "net.extra.b": [2], "net.mean": [3], "other.stages.x": [4],
      ], to: "a.safetensors")
    let checkpoint = try Checkpoint(path: folder.path("a.safetensors"))
    let parts = checkpoint.parts(beside: try checkpoint.matcher().match())
    #expect(
      parts.sorted { $0.name < $1.name } == [
        FilePart(name: "net.extra", tensorCount: 2, byteCount: 12),
        FilePart(name: "net.mean", tensorCount: 1, byteCount: 12),
        FilePart(name: "other", tensorCount: 1, byteCount: 16),
      ])
  }

  @Test("parts that are a model, or lead to one, are told from others")
  func withoutModels() throws {
    let folder = try TemporaryFolder()
    let depthwise = "stages.0.blocks.0.conv_dw.weight"
    let path = try folder.writeZeros(
      [
        "a.b.\(depthwise)": [8, 1, 7, 7], "c.\(depthwise)": [8, 1, 7, 7], "a2.x": [1], "c2.x": [1],
        "a.c.x": [1],
      ], to: "x.safetensors")
    let candidates = try Checkpoint(path: path).matcher().candidates
    #expect(Set(candidates.map(\.key)) == ["a.b", "c"])
    let parts = ["a", "a.b", "a.b.x", "a.c", "a2", "b", "c", "c2", ""].map {
      FilePart(name: $0, tensorCount: 1, byteCount: 1)
    }
    #expect(
      FilePart.withoutModels(parts, candidates).map(\.name) == [
        "a.b.x", "a.c", "a2", "b", "c2", "",
      ])
  }
}
