public import Quantize

/// What a conversion does with the values of weights.
public enum WeightTreatment: Sendable {
  /// They stay as they are: numbers, or codes and scales.
  case keep
  /// Codes become numbers again.
  case dequantize
  /// They are stored in fewer bits, as a recipe says.
  case quantize(QuantizationRequest)

  /// What it is called: for a quantization, the name of the recipe.
  var name: String {
    switch self {
    case .keep: "keep"
    case .dequantize: "dequantize"
    case .quantize(let request): request.recipe.name
    }
  }

  /// Whether the source's numbers become codes or are rounded.
  var isQuantizing: Bool { if case .quantize = self { true } else { false } }
}

/// How weights are to be quantized.
public struct QuantizationRequest: Sendable {
  /// How each tensor is stored.
  public var recipe: Recipe
  /// What is done with numbers that are too large for F16 or BF16.
  public var overflow = OverflowPolicy.refuse
  /// The signal-to-noise ratio, in decibels, that every tensor must have; `nil` for any.
  public var minimumSQNR: Double?

  /// Creates a request.
  public init(recipe: Recipe) { self.recipe = recipe }
}
