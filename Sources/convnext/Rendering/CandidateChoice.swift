import ByteIO
import ConvNeXtSchema
import Convert

/// Which of several models in a file was chosen, why, and how to choose another.
struct CandidateChoice {
  private let candidates: [Candidate]
  private let option: String

  /// - Parameters:
  ///   - candidates: The places that were found, the chosen one first; at least one.
  ///   - option: The option that chooses another one.
  init(_ candidates: [Candidate], option: String = "--key") {
    self.candidates = candidates
    self.option = option
  }

  /// Notes what canonical names mean in a file: which of several models, and what it lacks; or that
  /// what is there is not quite a model, and the file's own names are used.
  ///
  /// - Parameters:
  ///   - key: The place that was asked for.
  ///   - option: The option that asks for one.
  /// - Returns: The model whose canonical names replace the file's own; `nil` if none do.
  @discardableResult
  static func note(
    in checkpoint: Checkpoint, key: String? = nil, option: String = "--key", _ common: CommonOptions
  ) throws -> ModelMatch? {
    let candidates = checkpoint.matcher().candidates
    if candidates.isEmpty { return nil }
    let file = quoted(checkpoint.path)
    guard let match = try checkpoint.namedMatch(key: key) else {
      common.note(
        "\(file): this is not quite a ConvNeXt, so the file's own names are used; "
          + "'convnext inspect' says why")
      return nil
    }
    if candidates.count > 1, key == nil {
      common.note("\(file): \(CandidateChoice(candidates, option: option).sentence)")
    }
    let missing = match.missingParameters
    if let first = missing.first {
      common.note(
        "\(file): \(missing.count) of the model's \(match.architecture.tensorCount) tensors "
          + (missing.count == 1 ? "is missing: " : "are missing, the first is ") + quoted(first))
    }
    return match
  }

  var sentence: String {
    guard let chosen = candidates.first else { return "no model was found" }
    let shownCount = 4
    let more = candidates.count - 1 - shownCount
    let others = candidates.dropFirst().prefix(shownCount).map { other in
      "\(option) \(quoted(other.key)) selects "
        + (other.isAveraged ? "the averaged weights there " : "those ")
        + "(\(other.tensorCount) tensors)"
    }
    return "took \(quoted(chosen.key)) (\(chosen.tensorCount) tensors): \(reason); "
      + others.joined(separator: "; ")
      + (more > 0 ? "; and there are \(more) more, which 'convnext inspect --json' lists" : "")
  }

  /// Why the first place was chosen.
  var reason: String {
    guard let chosen = candidates.first else { return "there is none" }
    if candidates.count == 1 { return "the only one" }
    return switch chosen.advantage(over: Array(candidates.dropFirst())) {
    case .averages: "averaged weights are preferred"
    case .word: "its key takes precedence"
    case .blocks: "it has the most blocks"
    case .position: "it is the first in the file, and nothing else distinguishes them"
    }
  }
}
