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

  @Test(
    "what cannot be read is a problem under any name that such models have, or below a module",
    arguments: [
      ("model.head.fc.weight", true), ("model.head.fc._packed_params._packed_params.0", true),
      ("model.stages.0.blocks.0.gamma", true), ("model.stages.7.blocks.99.mlp.grn.weight", true),
      ("model.stages.0.blocks.0.mlp.fc1.parametrizations.weight.0.x", true),
      ("model.head.queue", false), ("model.neck.weight", false), ("head.fc.weight", false),
      ("optimizer.state.0.exp_avg", false), ("model.gamma", false), ("model.", false),
      ("model.\(String(repeating: "a.", count: 1000))", false),
    ])
  func unreadable(name: String, isOfModel: Bool) throws {
    let match = try ModelMatcher(
      inputs(Gold.tensors("timm tiny"), prefix: "", wrapper: "model")
    ).match()
    let tensor = (name: TensorName(name), description: "a sparse tensor")
    let noted = match.noting(unreadable: [tensor], isBackboneOnly: false)
    #expect(
      noted.problems
        == (isOfModel ? [.unreadable(name: tensor.name, description: tensor.description)] : []))
    let backbone = match.noting(unreadable: [tensor], isBackboneOnly: true)
    #expect(backbone.isComplete == (!isOfModel || name.hasPrefix("model.head.fc.")))
  }

  @Test("the classifier of a model with no classes has no elements, and is not the model's")
  func emptyClassifier() throws {
    let tensors = try Gold.tensors("timm tiny").map { tensor in
      var tensor = tensor
      if tensor.name.string.hasPrefix("head.fc.") { tensor.shape[0] = 0 }
      return tensor
    }
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(match.isComplete && match.architecture.head.classes == nil)
    #expect(match.leftOut.map { tensors[$0].name } == ["head.fc.weight", "head.fc.bias"])
  }

  @Test("a tensor that is there but cannot be read is not missing, too")
  func unreadableInsteadOfMissing() throws {
    let gamma = TensorName("stages.1.blocks.1.gamma")
    let tensors = try Gold.tensors("timm tiny").filter { $0.name != gamma }
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(match.problems.map(\.isMissing) == [true])
    let noted = match.noting(unreadable: [(gamma, "a sparse tensor")], isBackboneOnly: false)
    #expect(
      noted.problems.map(\.sentence) == ["unreadable: 'stages.1.blocks.1.gamma' is a sparse tensor"]
    )
  }

  @Test(
    "a depthwise convolution is recognized by its name at any place",
    arguments: [
      ("x.y.stages.0.blocks.1.conv_dw.weight", true), ("backbone.stages.1.2.dwconv.weight", true),
      ("stages.0.blocks.1.conv_dw.bias", false), ("conv_dw.weight", false), ("", false),
    ])
  func depthwise(name: String, isDepthwise: Bool) {
    #expect(Candidate.isDepthwise(TensorName(name)) == isDepthwise)
  }
}
