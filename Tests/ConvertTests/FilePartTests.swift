import ConvNeXtSchema
import TestSupport
import Testing

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
}
