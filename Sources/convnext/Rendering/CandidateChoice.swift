import ByteIO
import ConvNeXtSchema

/// Which of several models in a file was taken, why, and how to take another.
struct CandidateChoice {
  private let candidates: [Candidate]

  /// - Parameter candidates: The places that were found, the chosen one first; at least one.
  init(_ candidates: [Candidate]) { self.candidates = candidates }

  var sentence: String {
    guard let chosen = candidates.first else { return "no model was found" }
    let others = candidates.dropFirst().map { other in
      "--key \(quoted(other.key)) takes the \(other.isAveraged ? "averaged" : "raw") weights there "
        + "(\(other.tensorCount) tensors)"
    }
    return "took \(quoted(chosen.key)) (\(chosen.tensorCount) tensors): \(reason); "
      + others.joined(separator: "; ")
  }

  /// Why the first place was taken.
  var reason: String {
    guard let chosen = candidates.first else { return "there is none" }
    if candidates.count == 1 { return "the only one" }
    if chosen.isAveraged && !candidates.dropFirst().allSatisfy(\.isAveraged) {
      return "weights averaged over training go first, as in timm's loader"
    }
    return "its key goes first in timm's order, or it has the most blocks"
  }
}
