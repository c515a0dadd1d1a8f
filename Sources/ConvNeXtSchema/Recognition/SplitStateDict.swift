import ByteIO
import TensorModel

/// A state dict that was saved in parts: `{'backbone': ..., 'head': ...}`.
///
/// The dictionaries' keys are then the first components of the model's names, because names are the
/// paths through the dictionaries. Searching one dictionary alone would find the model without its
/// head.
enum SplitStateDict {
  /// What publishers' names begin with, except for words that are also used for wrappers.
  static let firstComponents: Set<String> = [
    "backbone", "blocks", "classifier", "convnext", "convnextv2", "downsample_layers", "embeddings",
    "encoder", "features", "head", "hidden_states_norms", "layer_norm", "layernorm", "norm",
    "norm_pre", "norms", "stages", "stem",
  ]

  /// A word for wrappers that is a part if it is next to other parts: transformers' DINOv3 has its
  /// stages in `model` and its final norm in `layer_norm`.
  private static let body = "model"

  /// What names begin with where timm flattens the outermost modules, before a number.
  private static let flattenedComponents = ["stem_", "stages_"]

  /// The tensors, with the dictionaries that hold such parts as one; `nil` if there are none.
  static func joined(_ inputs: [SchemaInput]) -> [SchemaInput]? {
    var wrappers: Set<ByteText> = []
    var parents: [ByteText: String] = [:]
    for input in inputs where wrappers.insert(ByteText(input.wrapper)).inserted {
      parents[ByteText(input.wrapper)] = parent(of: input.wrapper)
    }
    // A dictionary of a single part is a wrapper.
    guard !parents.isEmpty,
      wrappers.count > 1 || parents.values.contains(where: { !$0.isEmpty })
    else { return nil }
    let places = Set(parents.values.map { ByteText($0) })
    var placeByBody: [ByteText: ByteText] = [:]
    for place in places {
      placeByBody[ByteText(place.string.isEmpty ? body : "\(place.string).\(body)")] = place
    }
    return inputs.map { input in
      let wrapper = ByteText(input.wrapper)
      let place = parents[wrapper].map { ByteText($0) } ?? wrapper
      let whole = placeByBody[place] ?? place
      return whole == wrapper ? input : SchemaInput(info: input.info, wrapper: whole.string)
    }
  }

  /// Whether some tensors are a classifier next to a backbone: `head.weight` next to `backbone.`.
  static func haveHead(_ names: [TensorName], beside path: String) -> Bool {
    let backbone = DottedName(path.utf8.dropLast())
    guard isFirstComponent(String(decoding: backbone.last, as: UTF8.self)) else { return false }
    let parent = backbone.path(before: backbone.componentCount - 1)
    return names.contains { name in
      headDictionaries.contains { name.utf8.starts(with: parent + Array("\($0).".utf8)) }
    }
  }

  private static let headDictionaries = ["classifier", "head"]

  private static func isFirstComponent(_ component: String) -> Bool {
    if firstComponents.contains(component) { return true }
    return flattenedComponents.contains { start in
      component.hasPrefix(start) && component.utf8.count > start.utf8.count
        && component.utf8.dropFirst(start.utf8.count).allSatisfy(\.isASCIIDigit)
    }
  }

  /// The dictionary that holds a part of a state dict; `nil` if the dictionary is not a part of
  /// one.
  private static func parent(of wrapper: String) -> String? {
    let name = DottedName(wrapper.utf8)
    guard
      let first = (0..<name.componentCount).first(where: {
        isFirstComponent(String(decoding: name[$0], as: UTF8.self))
      })
    else { return nil }
    let path = name.path(before: first)
    return String(decoding: path.dropLast(), as: UTF8.self)
  }
}

extension ModelMatcher {
  /// Looks for models, including one that was saved in several dictionaries. That one takes
  /// precedence over what is in one of them if it has all its tensors, and more of them; or if a
  /// classifier in another dictionary belongs to it and does not fit, which must not get lost.
  ///
  /// - Parameter knownFeatures: As in `init`.
  public static func joiningParts(
    _ inputs: [SchemaInput], knownFeatures: [String]?
  ) -> ModelMatcher {
    let separate = ModelMatcher(inputs, knownFeatures: knownFeatures)
    guard let joined = SplitStateDict.joined(inputs) else { return separate }
    let whole = ModelMatcher(joined, knownFeatures: knownFeatures)
    guard let match = try? whole.match(), !match.problems.contains(where: { !$0.isExtra }) else {
      return separate
    }
    let isLarger = match.tensors.count > (try? separate.match())?.tensors.count ?? 0
    let losesHead =
      match.architecture.head.classes == nil
      && SplitStateDict.haveHead(match.extraNames, beside: match.candidate.path)
    return isLarger || losesHead ? whole : separate
  }
}
