import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@Suite("What stands within a backbone")
struct BackboneModulesTests {
  /// The problems of a model with one more tensor, taken whole and as a backbone.
  private func problems(
    _ model: String, prefix: String = "", extra name: TensorName, shape: [Int] = [8]
  ) throws -> (whole: [MatchProblem], backbone: [MatchProblem]) {
    var infos = try Gold.tensors(model).map {
      TensorInfo(
        name: TensorName(prefix + $0.name.string), elementType: $0.elementType, shape: $0.shape)
    }
    infos.append(TensorInfo(name: name, elementType: .float32, shape: shape))
    let matcher = ModelMatcher(infos.map { SchemaInput(info: $0) })
    return (
      try matcher.match().problems, try matcher.match(isBackboneOnly: true).problems
    )
  }

  @Test(
    "a tensor within the backbone stays extra where only that is asked for",
    arguments: [
      ("timm tiny", "stages.0.blocks.0.se.fc1.weight"),
      ("timm tiny", "stages.1.blocks.0.mlp.fc1.weight_scale"),
      ("timm tiny", "stages.2.blocks.0.mlp.fc2.lora_A"), ("timm tiny", "stem.1.running_mean"),
      ("timm tiny", "head.norm.running_var"), ("facebook tiny", "downsample_layers.1.2.weight"),
      ("huggingface tiny", "convnext.encoder.adapter.weight"),
      ("torchvision tiny", "features.8.0.weight"),
      ("torchvision tiny", "classifier.0.running_mean"),
      ("mmpretrain_tiny", "backbone.stages.0.se"),
    ])
  func within(_ model: String, _ name: String) throws {
    let (whole, backbone) = try problems(model, extra: TensorName(name))
    #expect(whole.map(\.tensorName) == [name])
    #expect(backbone.map(\.tensorName) == [name])
  }

  @Test(
    "what stands beside it is left out",
    arguments: [
      ("timm tiny", "", "neck.conv.weight"), ("timm tiny", "", "head.drop.weight"),
      ("timm tiny", "backbone.", "decode_head.conv.weight"), ("timm tiny", "", "norm2.weight"),
      ("mmpretrain_tiny", "", "decode_head.conv.weight"),
      ("torchvision tiny", "", "classifier.3.weight"),
    ])
  func beside(_ model: String, _ prefix: String, _ name: String) throws {
    let (_, backbone) = try problems(model, prefix: prefix, extra: TensorName(name))
    #expect(backbone == [])
  }
}
