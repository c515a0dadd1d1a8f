public import Quantize

/// What a conversion does with the values of weights.
public enum WeightTreatment: Sendable {
  /// They stay what they are: numbers, or codes and scales.
  case keep
  /// Codes become numbers again.
  case dequantize
  /// They are stored in less, as a recipe says.
  case quantize(QuantizationRequest)

  /// Whether the source's numbers become codes or are rounded.
  var isQuantizing: Bool { if case .quantize = self { true } else { false } }
}

/// How weights are to be quantized.
public struct QuantizationRequest: Sendable {
  /// Which tensors are stored how.
  public var recipe: Recipe
  /// What is done with numbers that are too large for F16 or BF16.
  public var overflow = OverflowPolicy.refuse
  /// The ratio of signal and noise, in decibels, that every tensor must have; `nil`: any.
  public var minimumSQNR: Double?

  /// Creates a request.
  public init(recipe: Recipe) { self.recipe = recipe }
}
