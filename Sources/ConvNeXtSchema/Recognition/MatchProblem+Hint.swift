import ByteIO
import TensorModel

extension [MatchProblem] {
  /// What the user of the command can do about all of them.
  var hint: String {
    // Empty tensors next to whole ones are something else than parts.
    if let replaced = ReplacedWeights(extra), replaced != .partitioned { return replaced.hint }
    if let classifier = lazy.compactMap(\.sequentialClassifier).first {
      let rule = "^\(classifier.pattern)\\. \(classifier.name)."
      return
        "\(quoted(classifier.module)) looks like the last layer of a Sequential, behind a dropout: "
        + "in a file for --rules, the line \(quoted(rule)) makes it the classifier"
    }
    if contains(where: \.isExtra) {
      return
        "--allow-extra leaves extra tensors out, --allow-missing goes on without missing ones, "
        + "--part backbone takes the backbone of a larger network, --key one of several models"
    }
    return contains(where: \.isMissing)
      ? "--allow-missing goes on without the missing tensors"
      : "these weights are of another model, or were changed; 'convnext inspect' shows all"
  }

  private var extra: [TensorInfo] {
    compactMap { problem in
      guard case .extra(let name, let shape, _) = problem else { return nil }
      // The element type says nothing here.
      return TensorInfo(name: name, elementType: .float32, shape: shape)
    }
  }
}

extension MatchProblem {
  /// The classifiers' names of the publishers, without `weight`.
  private static let classifiers = ["classifier", "classifier.2", "head", "head.fc"]

  /// A linear layer that is an item of a Sequential where a publisher has its classifier:
  /// `head.fc.1` in the place of `head.fc`, with what a rule's pattern must match.
  fileprivate var sequentialClassifier: (module: String, name: String, pattern: String)? {
    guard case .extra(let name, let shape, _) = self, shape.count == 2 else { return nil }
    let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2, parts.last == "weight",
      parts[parts.count - 2].utf8.allSatisfy(\.isASCIIDigit)
    else { return nil }
    let whole = parts.dropLast(2).joined(separator: ".")
    guard Self.classifiers.contains(where: { whole == $0 || whole.hasSuffix(".\($0)") }) else {
      return nil
    }
    let module = parts.dropLast().joined(separator: ".")
    return (module, whole, parts.dropLast().joined(separator: "\\."))
  }
}
