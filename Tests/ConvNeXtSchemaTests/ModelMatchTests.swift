import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("ModelMatch")
struct ModelMatchTests {
  @Test("second names of the model's own tensors are set aside where the caller knows them as such")
  func aliases() throws {
    let tensors = try Gold.tensors("timm tiny")
    let others = ["a.x", "a.y"].map {
      TensorInfo(name: TensorName($0), elementType: .float32, shape: [1])
    }
    let match = try ModelMatcher(inputs(tensors + others)).match()
    let known = match.settingAside { names in
      #expect(names == ["a.x", "a.y"])
      return ["a.y", "never there"]
    }
    #expect(known.aliases == ["a.y"] && known.extraNames == ["a.x"])
    #expect(try ModelMatcher(inputs(tensors)).match().settingAside { _ in ["x"] }.aliases == [])
  }
}
