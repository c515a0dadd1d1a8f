/// A sum that keeps track of what rounding loses (Neumaier).
struct CompensatedSum {
  private var sum = 0.0
  private var compensation = 0.0

  mutating func add(_ number: Double) {
    let next = sum + number
    compensation +=
      sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
    sum = next
  }

  /// Multiplies the sum by a power of two, which is exact except for underflow.
  mutating func scale(byPowerOfTwo exponent: Int) {
    sum = sum.scaled(byPowerOfTwo: exponent)
    compensation = compensation.scaled(byPowerOfTwo: exponent)
  }

  /// The sum; once it is infinite, the compensation is meaningless.
  var value: Double { sum.isFinite ? sum + compensation : sum }
}

extension Double {
  /// The product with a power of two, however large or small that is. The corresponding C function
  /// is `scalbn`.
  func scaled(byPowerOfTwo exponent: Int) -> Double {
    Double(sign: .plus, exponent: Swift.max(-2200, Swift.min(2200, exponent)), significand: self)
  }
}
