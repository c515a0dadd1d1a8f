/// What a tensor's quantization costs, measured on what a reader gets back.
public struct TensorQuality: Equatable, Sendable {
  /// The sum of the weights' squares.
  public var signal: Double
  /// The sum of the squared errors.
  public var noise: Double
  /// The largest distance of a weight and what is left of it.
  public var maximumError: Float
  /// Weights that were not 0 and are.
  public var flushedCount: Int
  /// Weights that became subnormal numbers of F16 or BF16.
  public var subnormalCount: Int
  /// Weights beyond the largest number that were set to it, or to infinity.
  public var clippedCount: Int
  /// The smallest and the largest scale; `nil` without scales.
  public var scales: ClosedRange<Float>?

  /// The ratio of signal and noise in decibels, `10 log10(signal / noise)`; infinite without noise.
  public var sqnr: Double { Self.sqnr(signal: signal, noise: noise) }

  static func sqnr(signal: Double, noise: Double) -> Double {
    if noise == 0 { return .infinity }
    // A logarithm of a ratio that neither under- nor overflows.
    return 10 * (decimalLogarithm(signal) - decimalLogarithm(noise))
  }
}

/// The logarithm to the base of 10 of a number from 0 on.
///
/// The exponent, and the series of artanh for the significand, which is within sqrt(2) of 1: the
/// standard library has no logarithm, and it is printed with two decimals.
func decimalLogarithm(_ value: Double) -> Double {
  guard value > 0 else { return -.infinity }
  guard value.isFinite else { return value }
  var exponent = Double(value.exponent)
  var significand = value.significand
  if significand > 2.0.squareRoot() {
    significand /= 2
    exponent += 1
  }
  let ratio = (significand - 1) / (significand + 1)
  let square = ratio * ratio
  var term = ratio
  var sum = 0.0
  for divisor in stride(from: 1.0, through: 31, by: 2) {
    sum += term / divisor
    term *= square
  }
  let ln2 = 0.693147180559945309417
  let ln10 = 2.302585092994045684018
  return (exponent * ln2 + 2 * sum) / ln10
}
