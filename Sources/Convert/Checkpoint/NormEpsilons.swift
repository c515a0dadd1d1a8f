import ConvNeXtSchema
import NativeFormat

/// The epsilons of a model's norms; weights do not carry them.
struct NormEpsilons: Equatable {
  /// Of all norms but the last.
  let norms: Double
  /// Of the norm before the classifier.
  let finalNorm: Double

  static let usual = Architecture.usualEpsilon
  static let smallFinal = 1e-12

  /// Those with which a publisher builds a model: only timm has another epsilon for some sizes.
  ///
  /// transformers uses 1e-12 for the final norm and 1e-6 elsewhere (`ConvNextConfig`), but 1e-6 for
  /// all in `DINOv3ConvNextConfig`.
  init(of architecture: Architecture, naming: Naming, hasSmallFinalEpsilon: Bool) {
    // Canonical names may be those of a model from timm.
    norms =
      [.timm, .canonical].contains(naming)
      ? architecture.publishedEpsilon : architecture.statedEpsilon ?? Self.usual
    let isSmall = hasSmallFinalEpsilon && architecture.statedEpsilon == nil
    finalNorm = isSmall ? Self.smallFinal : norms
  }

  /// Those of a checkpoint's model: what its header or the configuration next to it says, else the
  /// publisher's.
  init(of match: ModelMatch, in checkpoint: Checkpoint) {
    if let model = checkpoint.native?.header.model {
      norms = model.normEpsilon
      finalNorm = model.finalNormEpsilon
      return
    }
    let candidate = match.candidate
    let publishers = NormEpsilons(
      of: match.architecture, naming: candidate.naming,
      hasSmallFinalEpsilon: candidate.hasSmallFinalEpsilon)
    if match.architecture.statedEpsilon != nil {
      self = publishers
      return
    }
    finalNorm = checkpoint.folder?.finalNormEpsilon ?? publishers.finalNorm
    // In DINOv3's models the configuration's epsilon is that of every norm.
    let isOfEveryNorm = candidate.naming == .huggingface && !candidate.hasSmallFinalEpsilon
    norms = isOfEveryNorm ? finalNorm : checkpoint.folder?.normEpsilon ?? publishers.norms
  }

  /// How these differ from another model's, in words; `nil` if not in a way that shows.
  ///
  /// transformers' 1e-12 for the final norm counts as equal to the other norms' epsilon: every one
  /// of its models has it, and it changes no prediction.
  func difference(from other: NormEpsilons) -> String? {
    if norms != other.norms {
      return "the norms' epsilon is \(norms) in the first and \(other.norms) in the second"
    }
    let usual = [norms, Self.smallFinal]
    if finalNorm == other.finalNorm || usual.contains(finalNorm) && usual.contains(other.finalNorm)
    {
      return nil
    }
    return
      "the final norm's epsilon is \(finalNorm) in the first and \(other.finalNorm) in the second"
  }
}

extension Checkpoint {
  /// Whether the file or the configuration next to it gives the norms' epsilons.
  var statesEpsilons: Bool { native != nil || folder?.finalNormEpsilon != nil }
}
