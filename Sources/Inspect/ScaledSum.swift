/// A sum of products that may be far larger or smaller than a `Double` can be: a number, and the
/// power of two by which it is to be multiplied.
///
/// Terms are added block by block, each block scaled by its own largest number, so that what is
/// lost is negligible.
struct ScaledSum {
  private var sum = CompensatedSum()
  private var exponent: Int?

  /// Whether nothing but zeros was added.
  var isZero: Bool { sum.value == 0 }

  /// Adds `number` times 2^`exponent`.
  mutating func add(_ number: Double, exponent: Int) {
    guard number != 0 else { return }
    let reached = max(self.exponent ?? exponent, exponent)
    sum.scale(byPowerOfTwo: (self.exponent ?? reached) - reached)
    sum.add(number.scaled(byPowerOfTwo: exponent - reached))
    self.exponent = reached
  }

  /// The root of the ratio of this sum to another; infinite if the other is zero.
  func rootOfRatio(to other: ScaledSum) -> Double {
    guard !other.isZero else { return .infinity }
    return (sum.value / other.sum.value).squareRoot()
      .scaled(byPowerOfTwo: ((exponent ?? 0) - (other.exponent ?? 0)) / 2)
  }

  /// The ratio of this sum to the product of the roots of two others, which are not zero.
  func ratio(toRootsOf left: ScaledSum, _ right: ScaledSum) -> Double {
    (sum.value / (left.sum.value.squareRoot() * right.sum.value.squareRoot()))
      .scaled(byPowerOfTwo: (exponent ?? 0) - ((left.exponent ?? 0) + (right.exponent ?? 0)) / 2)
  }

  /// The exponent by which numbers up to `largest` become at most 2 in magnitude. It is never so
  /// small that the factor is infinite.
  static func exponent(of largest: Double) -> Int {
    largest > 0 && largest.isFinite ? max(-1000, Int(largest.exponent)) : 0
  }

  /// The factor that takes an exponent off numbers.
  static func scale(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: -exponent, significand: 1)
  }
}
