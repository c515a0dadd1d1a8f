/// Something that can be wrong with the numbers of a checkpoint.
public enum HealthRule: String, CaseIterable, Sendable {
  case notFinite = "not-finite"
  case allZero = "all-zero"
  case constant
  case deadChannels = "dead-channels"
  case zeroNormWeights = "zero-norm-weights"
  case initialLayerScale = "initial-layer-scale"
  case unchanged
  case untrained
  case overflowsFloat16 = "overflows-float16"
  case duplicate
  case averagedEqualsRaw = "averaged-equals-raw"
  case headLabels = "head-labels"

  /// The rule in a few words, for headings.
  public var title: String { row.title }

  /// Why it matters, in a sentence or two.
  public var reason: String { row.reason }

  private var row: (title: String, reason: String) {
    switch self {
    case .notFinite:
      (
        "NaN or infinity",
        "A number that is not finite spreads to everything that is computed from it."
      )
    case .allZero:
      ("All zero", "The layer gives the same output for every image: it was never filled, or lost.")
    case .constant:
      (
        "Constant",
        "All numbers are the same, which training does not make: it was not trained, or its values were lost."
      )
    case .deadChannels:
      (
        "Dead channels",
        "These outputs do not depend on the image: they cost time and memory and carry nothing."
      )
    case .zeroNormWeights:
      (
        "Norm weights of zero",
        "What goes into these channels is multiplied by zero; only the bias comes out."
      )
    case .initialLayerScale:
      (
        "Layer scale at its initial value",
        "The block's branch still has the factor that training starts from, while the rest of the "
          + "model has changed."
      )
    case .unchanged:
      (
        "Unchanged since the start of training",
        "Biases start from 0 and norm weights from 1. Those of a trained model have moved; these "
          + "were frozen, or are new."
      )
    case .untrained:
      (
        "Looks untrained",
        "Norms, biases and layer scales have the values that training starts from: the file holds a "
          + "freshly made model."
      )
    case .overflowsFloat16:
      ("Too large for F16", "Converted to F16, these numbers become infinite.")
    case .duplicate:
      (
        "The same bytes twice",
        "Two layers of a trained model never agree to the last bit: one was written in place of the "
          + "other, or they were tied."
      )
    case .averagedEqualsRaw:
      (
        "Averaged weights equal the raw ones",
        "Averaging over training had no effect: it had not begun, or the weights were copied."
      )
    case .headLabels:
      (
        "Classifier and labels disagree",
        "Class numbers would be given the names of other classes, or none."
      )
    }
  }
}
