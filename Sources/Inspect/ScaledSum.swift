/// A sum of products that may be far larger or smaller than a `Double` can be: a number, and the
/// power of two that it is to be multiplied by.
///
/// Terms are added block by block, each block scaled by its own largest number, so that what is
/// lost is too small to count beside it.
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
    var added = CompensatedSum()
    added.add(number)
    added.scale(byPowerOfTwo: exponent - reached)
    sum.add(added.value)
    self.exponent = reached
  }

  /// The root of the sum over another; infinite where that is zero.
  func rootOfRatio(to other: ScaledSum) -> Double {
    guard !other.isZero else { return .infinity }
    var ratio = CompensatedSum()
    ratio.add((sum.value / other.sum.value).squareRoot())
    ratio.scale(byPowerOfTwo: ((exponent ?? 0) - (other.exponent ?? 0)) / 2)
    return ratio.value
  }

  /// The sum over the roots of two others, which are not zero.
  func ratio(toRootsOf left: ScaledSum, _ right: ScaledSum) -> Double {
    var ratio = CompensatedSum()
    ratio.add(sum.value / (left.sum.value.squareRoot() * right.sum.value.squareRoot()))
    ratio.scale(
      byPowerOfTwo: (exponent ?? 0) - ((left.exponent ?? 0) + (right.exponent ?? 0)) / 2)
    return ratio.value
  }

  /// The exponent by which numbers up to `largest` become at most 2 in magnitude. It is never so
  /// small that what they are multiplied by is infinite.
  static func exponent(of largest: Double) -> Int {
    largest > 0 && largest.isFinite ? max(-1000, Int(largest.exponent)) : 0
  }

  /// What numbers are multiplied by to lose an exponent.
  static func scale(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: -exponent, significand: 1)
  }
}
