/// The signal-to-noise ratio in decibels, `10 log10(signal / noise)`, of sums of squares, which are
/// at least 0; infinite without noise.
package func signalToNoise(signal: Double, noise: Double) -> Double {
  // A difference of logarithms: the ratio itself could be too large or too small.
  noise == 0 ? .infinity : 10 * (decimalLogarithm(signal) - decimalLogarithm(noise))
}

/// The base 10 logarithm of a number that is at least 0, the same to the last bit on every system.
///
/// It is computed from the exponent, and from the series of artanh for the significand, which is
/// within a factor of sqrt(2) of 1.
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
  var power = ratio
  var sum = 0.0
  // The ratio is below 0.172: further terms are below the last bit.
  for divisor in stride(from: 1.0, through: 25, by: 2) {
    sum += power / divisor
    power *= ratio * ratio
  }
  let ln2 = 0.693147180559945309417
  let ln10 = 2.302585092994045684018
  return (exponent * ln2 + 2 * sum) / ln10
}
