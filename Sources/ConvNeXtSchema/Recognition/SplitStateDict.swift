import TensorModel

/// A state dict that was saved in parts: `{'backbone': ..., 'head': ...}`.
///
/// The dictionaries' own keys are the first components of the model's names there, which are the
/// paths through the dictionaries in any case; to go by one dictionary would find the model without
/// its head.
enum SplitStateDict {
  /// What publishers' names begin with, but for words that wrappers are called by as well.
  static let firstComponents: Set<String> = [
    "backbone", "blocks", "classifier", "convnext", "convnextv2", "downsample_layers", "embeddings",
    "encoder", "features", "head", "hidden_states_norms", "layer_norm", "layernorm", "norm",
    "norm_pre", "norms", "stages", "stem",
  ]

  /// The tensors with the dictionaries that hold such parts as one; `nil`: there are none.
  static func joined(_ inputs: [SchemaInput]) -> [SchemaInput]? {
    var parents: [TensorName: String?] = [:]
    for input in inputs {
      let wrapper = TensorName(input.wrapper)
      if parents[wrapper] == nil { parents[wrapper] = .some(parent(of: input.wrapper)) }
    }
    guard parents.count > 1, parents.values.contains(where: { $0 != nil }) else { return nil }
    return inputs.map { input in
      guard let parent = parents[TensorName(input.wrapper)] ?? nil else { return input }
      return SchemaInput(info: input.info, wrapper: parent)
    }
  }

  /// The dictionary that a part of a state dict lies in; `nil`: the dictionary is no part of one.
  private static func parent(of wrapper: String) -> String? {
    let name = DottedName(wrapper.utf8)
    guard
      let first = (0..<name.componentCount).first(where: {
        firstComponents.contains(String(decoding: name[$0], as: UTF8.self))
      })
    else { return nil }
    let path = name.path(before: first)
    return String(decoding: path.dropLast(), as: UTF8.self)
  }
}

extension ModelMatcher {
  /// Looks for models, also for one that was saved in several dictionaries: that goes before what
  /// is in one of them where it has all its tensors, and more of them.
  ///
  /// - Parameter knownFeatures: As in `init`.
  public static func joiningParts(
    _ inputs: [SchemaInput], knownFeatures: [String]?
  ) -> ModelMatcher {
    let separate = ModelMatcher(inputs, knownFeatures: knownFeatures)
    guard let joined = SplitStateDict.joined(inputs) else { return separate }
    let whole = ModelMatcher(joined, knownFeatures: knownFeatures)
    guard let match = try? whole.match(), !match.problems.contains(where: { !$0.isExtra }),
      match.tensors.count > (try? separate.match())?.tensors.count ?? 0
    else { return separate }
    return whole
  }
}
