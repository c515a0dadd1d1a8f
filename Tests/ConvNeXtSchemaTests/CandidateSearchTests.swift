import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@Suite("CandidateSearch")
struct CandidateSearchTests {
  @Test(
    "a model in the wild's prefixes and wrappers is found",
    arguments: [
      ("", "module."), ("", "_orig_mod."), ("", "module._orig_mod."), ("", "visual.trunk."),
      ("", "timm_model."), ("", "_backbone."), ("model", ""), ("state_dict", "model."),
      ("state_dict_ema", "module."),
    ])
  func findsPlaces(wrapper: String, prefix: String) throws {
    let match = try ModelMatcher(
      inputs(Gold.tensors("timm tiny"), prefix: prefix, wrapper: wrapper)
    ).match()
    #expect(match.isComplete)
    #expect(match.candidate.wrapper == (wrapper.isEmpty ? nil : wrapper))
    #expect(match.candidate.prefix == prefix)
  }

  @Test("no model is looked for behind a path of kilobytes", arguments: [4096, 4097])
  func longPath(byteCount: Int) throws {
    let prefix = String(repeating: "a", count: byteCount - 1) + "."
    let matcher = ModelMatcher(inputs(try Gold.tensors("timm tiny"), prefix: prefix))
    #expect(matcher.candidates.map(\.prefix) == (byteCount > 4096 ? [] : [prefix]))
  }

  @Test("the empty key takes what stands at the top, and nothing else")
  func emptyKey() throws {
    let tensors = try Gold.tensors("facebook tiny")
    let two = inputs(tensors, wrapper: "model") + inputs(tensors, wrapper: "model_ema")
    #expect(throws: SchemaError.noModelAtKey("", available: ["model_ema", "model"])) {
      try ModelMatcher(two).match(key: "")
    }
    let top = ModelMatcher(inputs(tensors) + inputs(tensors, wrapper: "model_ema"))
    #expect(try top.match().candidate.key == "model_ema")
    #expect(try top.match(key: "").candidate.path == "")
    // A dictionary's own key may be empty, too.
    let unnamed = ModelMatcher(
      inputs(tensors, prefix: ".") + inputs(tensors, wrapper: "model_ema"))
    #expect(try unnamed.match(key: "").candidate.path == ".")
  }

  @Test("a depthwise convolution with a kernel of 1 is one")
  func smallKernel() throws {
    let tensors = try Gold.tensors("timm tiny").map { info in
      info.name.string.hasSuffix("conv_dw.weight")
        ? TensorInfo(
          name: info.name, elementType: info.elementType, shape: info.shape.prefix(2) + [1, 1])
        : info
    }
    #expect(try ModelMatcher(inputs(tensors)).match().isComplete)
  }

  @Test("averaged weights go before raw ones, and a key takes the others")
  func choosesAveragedWeights() throws {
    let tensors = try Gold.tensors("facebook tiny")
    let matcher = ModelMatcher(
      inputs(tensors, wrapper: "model") + inputs(tensors, wrapper: "model_ema")
        + inputs(
          [TensorInfo(name: "state.0.exp_avg", elementType: .float32, shape: [96])],
          wrapper: "optimizer"))
    #expect(matcher.candidates.map(\.key) == ["model_ema", "model"])
    #expect(matcher.candidates.map(\.isAveraged) == [true, false])
    let averaged = try matcher.match()
    #expect(averaged.candidate.wrapper == "model_ema")
    #expect(averaged.isComplete)
    #expect(averaged.leftOut.count == tensors.count + 1)
    let raw = try matcher.match(key: "model")
    #expect(raw.candidate.wrapper == "model")
    #expect(raw.isComplete)
    #expect(
      throws: SchemaError.noModelAtKey("optimizer", available: ["model_ema", "model"])
    ) { try matcher.match(key: "optimizer") }
  }

  /// mmdet3d's `img_backbone.` ends like mmpretrain's `backbone.`, and `my_features.` like
  /// torchvision's own.
  @Test(
    "a part of a path is never cut, and each key that is shown leads to its place",
    arguments: [
      ("mmpretrain_tiny", "backbone.", "img_backbone."),
      ("torchvision tiny", "features.", "my_features."),
      ("huggingface tiny", "convnext.", "aconvnext."),
    ])
  func wholeParts(names: String, own: String, prefix: String) throws {
    let tensors = try Gold.tensors(names).compactMap { info -> TensorInfo? in
      guard info.name.string.hasPrefix(own) else { return nil }
      return TensorInfo(
        name: TensorName(prefix + info.name.string.dropFirst(own.count)),
        elementType: info.elementType, shape: info.shape)
    }
    let neck = TensorInfo(name: "img_neck.weight", elementType: .float32, shape: [4])
    let matcher = ModelMatcher(inputs(tensors + [neck], wrapper: "state_dict"))
    let candidate = try #require(matcher.candidates.first)
    #expect(candidate.prefix == prefix)
    #expect(candidate.bodyPrefix == "")
    #expect(candidate.tensorCount == tensors.count)
    #expect(try matcher.match(key: candidate.key).candidate == candidate)
  }

  /// One scalar and two: `String` takes both names for one.
  @Test("dictionaries whose names differ by their bytes are two places")
  func canonicallyEquivalentWrappers() throws {
    let tensors = try Gold.tensors("timm tiny")
    let wrappers = ["mod\u{E9}l", "mode\u{301}l"]
    let matcher = ModelMatcher(
      inputs(tensors, wrapper: wrappers[0]) + inputs(tensors, wrapper: wrappers[1]))
    let candidates = matcher.candidates
    #expect(candidates.map { Array($0.key.utf8) } == wrappers.map { Array($0.utf8) })
    #expect(candidates.map(\.tensorCount) == [tensors.count, tensors.count])
    #expect(candidates[0] != candidates[1])
    for wrapper in wrappers {
      let match = try matcher.match(key: wrapper)
      #expect(match.isComplete)
      #expect(match.candidate.wrapper.map { Array($0.utf8) } == Array(wrapper.utf8))
    }
  }

  @Test("mmengine swaps averages and raw weights when it saves")
  func swappedAverages() throws {
    let tensors = try Gold.tensors("mmpretrain_tiny")
    let matcher = ModelMatcher(
      inputs(tensors, prefix: "module.", wrapper: "ema_state_dict")
        + inputs(tensors, wrapper: "state_dict"))
    #expect(matcher.candidates.map(\.key) == ["state_dict", "ema_state_dict.module"])
    #expect(matcher.candidates.map(\.isAveraged) == [true, false])
    let raw = ModelMatcher(inputs(tensors, wrapper: "state_dict")).candidates
    #expect(raw.map(\.isAveraged) == [false])
    let others = try Gold.tensors("timm tiny")
    let timm = ModelMatcher(
      inputs(others, wrapper: "ema_state_dict") + inputs(others, wrapper: "state_dict"))
    #expect(timm.candidates.map(\.key) == ["ema_state_dict", "state_dict"])
    #expect(timm.candidates.map(\.isAveraged) == [true, false])
  }

  @Test(
    "keys that say that weights are averages",
    arguments: [
      ("model_ema_state_dict", true), ("ema_weights", true), ("model_ema", true),
      ("online_model", false), ("schema_model", false), ("model_state_dict", false),
      ("non_ema_state_dict", false), ("model_no_ema", false), ("model_without_ema", false),
      ("model_with_ema", true), ("no_grad_ema", true),
    ])
  func averagedKeys(_ key: String, isAveraged: Bool) throws {
    let matcher = try ModelMatcher(inputs(Gold.tensors("timm tiny"), wrapper: key))
    #expect(matcher.candidates.map(\.isAveraged) == [isAveraged])
  }

  @Test(
    "the raw weights that ema_pytorch keeps with its averages are not averages, wherever they stand",
    arguments: ["model_ema", "state_dict_ema", "ema_model", "ema", "model_ema_state_dict", ""])
  func rawBesideAverages(_ key: String) throws {
    let tensors = try Gold.tensors("timm tiny")
    let path = key.isEmpty ? "" : "\(key)."
    let counters = ["initted", "step"].map {
      TensorInfo(name: TensorName(path + $0), elementType: .int64, shape: [])
    }
    let matcher = ModelMatcher(
      inputs(tensors, prefix: "\(path)online_model.") + inputs(tensors, prefix: "\(path)ema_model.")
        + inputs(counters) + inputs(tensors, prefix: "net."))
    let match = try matcher.match()
    #expect(match.candidate.key == "\(path)ema_model")
    #expect(match.candidate.isAveraged)
    #expect(matcher.candidates.dropFirst().allSatisfy { !$0.isAveraged })
    #expect(match.problems == [])
  }

  /// A tensor of a model of twice the width.
  private static func wider(_ tensor: TensorInfo) -> TensorInfo {
    var info = tensor
    info.shape[0] *= 2
    return info
  }

  @Test("a teacher of other widths, classes or parts is another model, and no average")
  func otherTeacher() throws {
    let student = try inputs(Gold.tensors("timm tiny"), prefix: "student.")
    let same = try inputs(Gold.tensors("timm tiny"), prefix: "teacher.")
    #expect(ModelMatcher(student + same).candidates.map(\.key) == ["teacher", "student"])
    let other = try inputs(Gold.tensors("timm tiny").map(Self.wider), prefix: "teacher.")
    let candidates = ModelMatcher(other + student).candidates
    #expect(candidates.map(\.key) == ["student", "teacher"])
    let classes = try inputs(
      Gold.tensors("timm tiny").map { tensor in
        tensor.name.string.hasPrefix("head.fc.") ? Self.wider(tensor) : tensor
      }, prefix: "teacher.")
    #expect(ModelMatcher(student + classes).candidates.map(\.key) == ["student", "teacher"])
    let backbone = try inputs(
      Gold.tensors("timm tiny").filter { !$0.name.string.hasPrefix("head.fc.") }, prefix: "teacher."
    )
    #expect(ModelMatcher(student + backbone).candidates.map(\.key) == ["student", "teacher"])
    #expect(candidates.map(\.isAveraged) == [false, false])
  }

  @Test(
    "what an optimizer keeps comes last",
    arguments: ["optimizer.exp_avg", "momentum_buffer", "grads"])
  func optimizerState(_ path: String) throws {
    let tensors = try Gold.tensors("timm tiny")
    let matcher = ModelMatcher(
      inputs(tensors, wrapper: path) + inputs(tensors, wrapper: "network"))
    #expect(matcher.candidates.map(\.key) == ["network", path])
  }

  private static func tensor(_ name: String, _ shape: [Int], _ type: ElementType = .float32)
    -> SchemaInput
  {
    SchemaInput(info: TensorInfo(name: TensorName(name), elementType: type, shape: shape))
  }

  @Test("a place has the tensors and bytes behind its path, of places within it too")
  func totals() {
    let kernel = [2, 1, 7, 7]
    let candidates = ModelMatcher([
      Self.tensor("a.stages.0.0.dwconv.weight", kernel), Self.tensor("a.norm.weight", [2]),
      Self.tensor("a.b.stages.0.0.dwconv.weight", kernel, .float16),
      Self.tensor("a.bc.x", [5], .int8), Self.tensor("ab.x", [100]),
      Self.tensor("a.huge", [.max, .max]),
    ]).candidates
    #expect(candidates.map(\.key) == ["a", "a.b"])
    #expect(candidates.map(\.tensorCount) == [5, 1])
    #expect(candidates.map(\.byteCount) == [4 * 98 + 4 * 2 + 2 * 98 + 5, 2 * 98])
  }

  @Test("a file may have a place for each tensor", arguments: ["", "teacher.", "ema."])
  func manyPlaces(word: String) {
    let count = 3000
    let matcher = ModelMatcher(
      (0..<count).map { index in
        Self.tensor("p\(index).\(word)stages.0.0.dwconv.weight", [1 + index, 1, 7, 7])
      })
    let path = word.isEmpty ? "" : ".\(word.dropLast())"
    #expect(matcher.candidates.map(\.key) == (0..<count).map { "p\($0)\(path)" })
    #expect(matcher.candidates.allSatisfy { $0.tensorCount == 1 })
    #expect(matcher.candidates.allSatisfy { $0.isAveraged == (word == "ema.") })
  }
}
