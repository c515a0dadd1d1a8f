import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("State dicts in parts")
struct SplitStateDictTests {
  /// Tensors in dictionaries of the first components of their names, or of all but the last one.
  private func split(
    _ tensors: [TensorInfo], below parent: String = "", isNested: Bool = false
  ) -> [SchemaInput] {
    tensors.map { info in
      let components = info.name.string.split(separator: ".")
      let own = components.prefix(isNested ? components.count - 1 : 1).joined(separator: ".")
      let wrapper = parent.isEmpty ? own : "\(parent).\(own)"
      let name = parent.isEmpty ? info.name.string : "\(parent).\(info.name)"
      return SchemaInput(
        info: TensorInfo(name: TensorName(name), elementType: info.elementType, shape: info.shape),
        wrapper: wrapper)
    }
  }

  private static let namings = [
    "timm tiny", "facebook tiny", "huggingface tiny", "torchvision tiny", "mmpretrain_tiny",
  ]

  @Test("a model is found whole, whatever dictionaries its names go through", arguments: namings)
  func whole(names: String) throws {
    let tensors = try Gold.tensors(names)
    for parent in ["", "model_ema", "checkpoint.model"] {
      for isNested in [false, true] {
        let inputs = split(tensors, below: parent, isNested: isNested)
        let match = try ModelMatcher.joiningParts(inputs, knownFeatures: nil).match()
        #expect(match.isComplete)
        #expect(match.tensors.map(\.inputIndex).sorted() == Array(tensors.indices))
        #expect(match.candidate.wrapper == (parent.isEmpty ? nil : parent))
      }
    }
  }

  @Test("a model's body called 'model' is a part beside other parts")
  func body() throws {
    let tensors = try Gold.tensors("hf_dinov3_convnext_tiny")
    for isNested in [false, true] {
      let inputs = split(tensors, isNested: isNested)
      let match = try ModelMatcher.joiningParts(inputs, knownFeatures: nil).match()
      #expect(match.isComplete)
      #expect(match.tensors.count == tensors.count)
      #expect(match.candidate.wrapper == nil)
    }
    // By itself it is a wrapper, as in most files.
    let own = inputs(try Gold.tensors("timm tiny"), wrapper: "model")
    #expect(
      try ModelMatcher.joiningParts(own, knownFeatures: nil).match().candidate.wrapper == "model")
  }

  @Test("outermost modules that timm flattens are parts")
  func flattened() throws {
    let tensors = try Gold.tensors("timm tiny").filter { !$0.name.string.hasPrefix("head.") }.map {
      TensorInfo(
        name: TensorName(
          $0.name.string.replacing("stages.", with: "stages_").replacing("stem.", with: "stem_")),
        elementType: $0.elementType, shape: $0.shape)
    }
    for isNested in [false, true] {
      let inputs = split(tensors, isNested: isNested)
      let match = try ModelMatcher.joiningParts(inputs, knownFeatures: nil).match()
      #expect(match.isComplete)
      #expect(match.tensors.count == tensors.count)
    }
  }

  @Test("what stands beside the parts stays beside the model")
  func beside() throws {
    let tensors = try Gold.tensors("mmpretrain_tiny")
    let optimizer = inputs(
      [TensorInfo(name: "state.0.exp_avg", elementType: .float32, shape: [96])],
      wrapper: "optimizer")
    let match = try ModelMatcher.joiningParts(split(tensors) + optimizer, knownFeatures: nil)
      .match()
    #expect(match.isComplete)
    #expect(match.leftOut == [tensors.count])
  }

  @Test("another part does not join a model that is whole without it")
  func separate() throws {
    let tensors = try Gold.tensors("timm tiny")
    for wrapper in ["state_dict", "model", "backbone"] {
      let own = inputs(tensors, wrapper: wrapper)
      let other = inputs(
        [TensorInfo(name: "fc.weight", elementType: .float32, shape: [10, 768])], wrapper: "head")
      let match = try ModelMatcher.joiningParts(own + other, knownFeatures: nil).match()
      #expect(match.candidate.wrapper == wrapper)
      #expect(match.isComplete)
      #expect(match.leftOut == [tensors.count])
    }
  }

  @Test("a classifier beside a backbone without one must not get lost")
  func headBesideBackbone() throws {
    let tensors = try Gold.tensors("timm tiny").filter { !$0.name.string.hasPrefix("head.fc.") }
    for name in ["head", "classifier"] {
      let other = inputs(
        [TensorInfo(name: "weight", elementType: .float32, shape: [10, 768])], wrapper: name)
      let match = try ModelMatcher.joiningParts(
        inputs(tensors, wrapper: "backbone") + other, knownFeatures: nil
      ).match()
      #expect(match.extraNames == [TensorName("\(name).weight")])
    }
  }

  @Test("nothing is joined where no dictionary is called as a part")
  func unchanged() throws {
    let tensors = try Gold.tensors("timm tiny")
    #expect(SplitStateDict.joined(inputs(tensors)) == nil)
    #expect(SplitStateDict.joined(inputs(tensors, wrapper: "backbone")) == nil)
    #expect(
      SplitStateDict.joined(
        inputs(tensors, wrapper: "model") + inputs(tensors, wrapper: "model_ema")) == nil)
  }

  /// `model` is what wrappers are called by; flattened names have their numbers in the first
  /// component, and are of backbones that are made to give features.
  @Test("the words are those that publishers' names begin with")
  func words() {
    var words: Set<String> = []
    for table in NameTable.all {
      for row in table.rows {
        let first = row.theirs.text.split(separator: ".")[0]
        if !first.contains("{") && !first.contains(where: \.isNumber) {
          words.insert(String(first))
        }
      }
      words.formUnion(table.bodyPrefixes.map { String($0.dropLast()) }.filter { !$0.isEmpty })
    }
    #expect(words.subtracting(["model"]) == SplitStateDict.firstComponents)
  }
}
