import Testing

@testable import Inspect

@Suite("ScaledSum")
struct ScaledSumTests {
  @Test("sums far beyond the range of Double keep their ratios")
  func ratios() {
    var (large, small) = (ScaledSum(), ScaledSum())
    for _ in 0..<3 { large.add(4, exponent: 1400) }
    for _ in 0..<3 { small.add(1, exponent: 1398) }
    #expect(large.rootOfRatio(to: small) == 4)
    #expect((large.ratio(toRootsOf: large, large) - 1).magnitude < 1e-15)
    #expect(small.rootOfRatio(to: large) == 0.25)
  }

  @Test("what is next to nothing beside the rest is lost, whichever comes first")
  func order() {
    var (up, down, one) = (ScaledSum(), ScaledSum(), ScaledSum())
    up.add(1, exponent: -3000)
    up.add(1, exponent: 3000)
    down.add(1, exponent: 3000)
    down.add(1, exponent: -3000)
    one.add(1, exponent: 3000)
    #expect(up.rootOfRatio(to: one) == 1 && down.rootOfRatio(to: one) == 1)
  }

  @Test("zeros add nothing, and nothing has no ratio")
  func zeros() {
    var sum = ScaledSum()
    sum.add(0, exponent: 5)
    #expect(sum.isZero)
    var other = ScaledSum()
    other.add(1, exponent: 0)
    #expect(other.rootOfRatio(to: sum) == .infinity)
    #expect(sum.rootOfRatio(to: other) == 0)
  }

  @Test(
    "numbers are brought to where their squares are numbers, too",
    arguments: [1e-308, .leastNonzeroMagnitude, 1, 3, 1.7e308])
  func scales(number: Double) {
    let exponent = ScaledSum.exponent(of: number)
    let scaled = number * ScaledSum.scale(exponent)
    #expect(scaled < 2 && scaled * scaled > .leastNormalMagnitude)
    #expect(ScaledSum.exponent(of: 0) == 0 && ScaledSum.exponent(of: .infinity) == 0)
  }
}
