import ByteIO
import TestSupport
import Testing

@testable import Inspect

@Suite("FloatSurvey")
struct FloatSurveyTests {
  /// What one loop over the finite numbers finds; the plain way, in `Double`.
  private struct Naive {
    var minimum = Float.infinity
    var maximum = -Float.infinity
    var zeroCount = 0
    var subnormalCount = 0
    var nanCount = 0
    var infinityCount = 0
    var mean = 0.0
    var standardDeviation = 0.0

    init(_ numbers: [Float], leastNormal: Float) {
      for number in numbers {
        if number.isNaN {
          nanCount += 1
        } else if number.isInfinite {
          infinityCount += 1
        } else {
          minimum = min(minimum, number)
          maximum = max(maximum, number)
          if number == 0 {
            zeroCount += 1
          } else if number.magnitude < leastNormal {
            subnormalCount += 1
          }
        }
      }
      let finite = numbers.filter(\.isFinite).map { Double($0) }
      mean = finite.reduce(0, +) / Double(finite.count)
      let squares = finite.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
      standardDeviation = (squares / Double(finite.count)).squareRoot()
    }
  }

  static let kinds: [(name: String, make: @Sendable (inout SeededGenerator) -> Float)] = [
    ("weights", { Float.random(in: -0.2...0.2, using: &$0) }),
    ("far from zero", { Float.random(in: 1000...1001, using: &$0) }),
    ("large numbers", { Float.random(in: -1e38...1e38, using: &$0) }),
    ("subnormal numbers", { Float.random(in: -1e-38...1e-38, using: &$0) }),
    ("zeros of both signs", { [0, -0.0, 1].randomElement(using: &$0) ?? 0 }),
    (
      "some that are no number",
      { [.nan, .infinity, -.infinity, -2, 3, 0x1p-140, 0].randomElement(using: &$0) ?? 0 }
    ),
    // Most blocks take the fast way, a few do not.
    ("a rare infinity", { Int.random(in: 0..<5000, using: &$0) == 0 ? .infinity : 1.5 }),
  ]

  @Test("finds in vectors what a plain loop finds", arguments: kinds.indices)
  func twin(kind: Int) throws {
    var generator = SeededGenerator(seed: UInt64(kind))
    for count in [1, 7, 8, 9, 64, 4099, 20_000] {
      for leastNormal in [Float.leastNormalMagnitude, 0x1p-14] {
        // Something finite is there, so that there is a mean.
        let numbers = [0.25] + (1..<count).map { _ in Self.kinds[kind].make(&generator) }
        let naive = Naive(numbers, leastNormal: leastNormal)
        var survey = FloatSurvey(leastNormal: leastNormal)
        // In blocks, the last of which is no whole number of vectors.
        for start in stride(from: 0, to: count, by: 4096) {
          let block = numbers[start..<min(start + 4096, count)]
          survey.add(ByteRegion(copying: block.flatMap { $0.bitPattern.littleEndianBytes }).bytes)
        }
        let about: Comment = "\(Self.kinds[kind].name), \(count) of them"
        #expect(survey.minimum == naive.minimum && survey.maximum == naive.maximum, about)
        #expect(survey.zeroCount == naive.zeroCount, about)
        #expect(survey.subnormalCount == naive.subnormalCount, about)
        #expect(survey.nanCount == naive.nanCount, about)
        #expect(survey.infinityCount == naive.infinityCount, about)
        #expect(survey.finiteCount == numbers.count { $0.isFinite }, about)
        let scale = max(naive.maximum.magnitude, naive.minimum.magnitude)
        #expect((survey.mean - naive.mean).magnitude <= 1e-12 * Double(scale), about)
        let deviation = (survey.standardDeviation - naive.standardDeviation).magnitude
        #expect(deviation <= 1e-9 * naive.standardDeviation + 1e-12 * Double(scale), about)
      }
    }
  }

  @Test("a first block without finite numbers does not tell where the others lie")
  func nothingFirst() {
    var generator = SeededGenerator(seed: 3)
    let numbers = (0..<20_000).map { _ in Float.random(in: 1e8...1.000001e8, using: &generator) }
    var survey = FloatSurvey(leastNormal: .leastNormalMagnitude)
    for block in [[Float](repeating: .nan, count: 4096), numbers] {
      survey.add(ByteRegion(copying: block.flatMap { $0.bitPattern.littleEndianBytes }).bytes)
    }
    let naive = Naive(numbers, leastNormal: .leastNormalMagnitude)
    let error = (survey.standardDeviation - naive.standardDeviation).magnitude
    #expect(error <= 1e-12 * naive.standardDeviation)
  }

  @Test("no numbers, or none that is finite, leave no range")
  func nothing() {
    for numbers in [[], [.nan, .infinity], [Float](repeating: .nan, count: 16)] {
      var survey = FloatSurvey(leastNormal: .leastNormalMagnitude)
      survey.add(ByteRegion(copying: numbers.flatMap { $0.bitPattern.littleEndianBytes }).bytes)
      #expect(survey.finiteCount == 0)
      #expect(survey.minimum == .infinity && survey.maximum == -.infinity)
      #expect(survey.nanCount + survey.infinityCount == numbers.count)
    }
  }
}
