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
    ])
  func averagedKeys(_ key: String, isAveraged: Bool) throws {
    let matcher = try ModelMatcher(inputs(Gold.tensors("timm tiny"), wrapper: key))
    #expect(matcher.candidates.map(\.isAveraged) == [isAveraged])
  }

  /// A tensor of a model of twice the width.
  private static func wider(_ tensor: TensorInfo) -> TensorInfo {
    var info = tensor
    info.shape[0] *= 2
    return info
  }

  @Test("a teacher of other widths is another model, and no average")
  func otherTeacher() throws {
    let student = try inputs(Gold.tensors("timm tiny"), prefix: "student.")
    let same = try inputs(Gold.tensors("timm tiny"), prefix: "teacher.")
    #expect(ModelMatcher(student + same).candidates.map(\.key) == ["teacher", "student"])
    let other = try inputs(Gold.tensors("timm tiny").map(Self.wider), prefix: "teacher.")
    let candidates = ModelMatcher(other + student).candidates
    #expect(candidates.map(\.key) == ["student", "teacher"])
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
}
