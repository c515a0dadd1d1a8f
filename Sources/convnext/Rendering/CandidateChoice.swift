import ByteIO
import ConvNeXtSchema
import Convert

/// Which of several models in a file was taken, why, and how to take another.
struct CandidateChoice {
  private let candidates: [Candidate]
  private let option: String

  /// - Parameters:
  ///   - candidates: The places that were found, the chosen one first; at least one.
  ///   - option: The option that takes another one.
  init(_ candidates: [Candidate], option: String = "--key") {
    self.candidates = candidates
    self.option = option
  }

  /// Notes which of several models was taken, where one with all its tensors was.
  static func note(
    in checkpoint: Checkpoint, option: String = "--key", _ common: CommonOptions
  ) throws {
    let candidates = checkpoint.matcher().candidates
    guard candidates.count > 1, try checkpoint.completeMatch() != nil else { return }
    let choice = CandidateChoice(candidates, option: option)
    common.note("\(quoted(checkpoint.path)): \(choice.sentence)")
  }

  var sentence: String {
    guard let chosen = candidates.first else { return "no model was found" }
    let others = candidates.dropFirst().map { other in
      "\(option) \(quoted(other.key)) takes "
        + (other.isAveraged ? "the averaged weights there " : "those there ")
        + "(\(other.tensorCount) tensors)"
    }
    return "took \(quoted(chosen.key)) (\(chosen.tensorCount) tensors): \(reason); "
      + others.joined(separator: "; ")
  }

  /// Why the first place was taken.
  var reason: String {
    guard let chosen = candidates.first else { return "there is none" }
    if candidates.count == 1 { return "the only one" }
    return switch chosen.advantage(over: Array(candidates.dropFirst())) {
    case .averages: "weights averaged over training go first"
    case .word: "its key goes before theirs"
    case .blocks: "it has the most blocks"
    case .position: "it stands first in the file, and nothing else tells them apart"
    }
  }
}
