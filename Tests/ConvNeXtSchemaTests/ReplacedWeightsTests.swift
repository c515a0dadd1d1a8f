import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("Weights in another form")
struct ReplacedWeightsTests {
  private func infos(_ names: [String], shape: [Int] = [2, 2]) -> [TensorInfo] {
    names.map { TensorInfo(name: TensorName($0), elementType: .float32, shape: shape) }
  }

  @Test(
    "each form is known by what its library names tensors",
    arguments: [
      ("base_model.model.mlp.fc1.lora_A.weight", ReplacedWeights.adapter),
      ("mlp.fc1.base_layer.weight", .adapter), ("stem.0.weight_orig", .pruned),
      ("stem.0.weight_mask", .pruned), ("stem.0.parametrizations.weight.original0", .parametrized),
      ("stem.0.weight_g", .normalized), ("head.fc.weight._scale", .quantized),
      ("head.fc.weight", nil), ("head.fc.weight_scale", nil), ("lora_Axe.weight", nil), ("", nil),
    ] as [(String, ReplacedWeights?)])
  func forms(_ name: String, _ form: ReplacedWeights?) {
    #expect(ReplacedWeights(infos(["stem.1.weight", name])) == form)
  }

  @Test("where all tensors are empty, each process holds a part")
  func partitioned() {
    #expect(ReplacedWeights(infos(["a", "b"], shape: [0])) == .partitioned)
    #expect(ReplacedWeights(infos(["a"], shape: [0]) + infos(["b"])) == nil)
    #expect(ReplacedWeights(infos(["a"], shape: [0, 4])) == nil)
    #expect(ReplacedWeights([]) == nil)
  }

  @Test("every form has its row, a sentence and a way to plain weights")
  func table() {
    #expect(ReplacedWeights.table.map(\.form) == ReplacedWeights.allCases)
    for form in ReplacedWeights.allCases {
      #expect(!form.sentence.isEmpty && !form.hint.isEmpty)
    }
  }

  @Test("a model whose kernels are in another form is said to be so")
  func noModel() throws {
    let pruned = try Gold.tensors("timm tiny").map { info in
      TensorInfo(
        name: TensorName(info.name.string.replacing("conv_dw.weight", with: "conv_dw.weight_orig")),
        elementType: info.elementType, shape: info.shape)
    }
    let error = SchemaError.noModel(tensorCount: pruned.count, replaced: .pruned)
    #expect(throws: error) { try ModelMatcher(inputs(pruned)).match() }
    #expect(error.message.contains("torch.nn.utils.prune"))
    #expect(error.hint == ReplacedWeights.pruned.hint)
  }

  @Test("a model with an adapter next to its weights gets the same way on")
  func extra() {
    let error = SchemaError.doesNotFit(
      model: "m",
      problems: [.extra(name: "mlp.fc1.lora_A.weight", shape: [4, 8], nearest: nil)])
    #expect(error.hint == ReplacedWeights.adapter.hint)
    let empty = SchemaError.doesNotFit(
      model: "m", problems: [.extra(name: "x", shape: [0], nearest: nil)])
    #expect(empty.hint?.contains("--allow-extra") == true)
  }
}
