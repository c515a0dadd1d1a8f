import Testing

@testable import Inspect

@Suite("HistogramBins")
struct HistogramBinsTests {
  @Test(
    "an interval includes its lower end, the last one both",
    arguments: [(0, 0), (0.5, 0), (1, 1), (15, 15), (16, 15), (7.999, 7), (8, 8)] as [(Double, Int)]
  )
  func ends(number: Double, interval: Int) {
    var bins = HistogramBins(from: 0, through: 16)
    bins.add(number, count: 3)
    #expect(bins.counts == (0..<16).map { $0 == interval ? 3 : 0 })
  }

  @Test(
    "numbers outside of the range, as in a file that changes meanwhile, go to the first or the last",
    arguments: [
      (-1, 0), (17, 15), (-1e300, 0), (1e300, 15), (.greatestFiniteMagnitude, 15),
      (-.greatestFiniteMagnitude, 0), (-.leastNonzeroMagnitude, 0), (16.0.nextUp, 15),
    ] as [(Double, Int)])
  func outside(number: Double, interval: Int) {
    for (low, high) in [(0, 16), (5, 5.000001), (0, .leastNonzeroMagnitude)] as [(Double, Double)] {
      var bins = HistogramBins(from: low, through: high)
      bins.add(number, count: 1)
      #expect(bins.counts.reduce(0, +) == 1)
      if low == 0, high == 16 { #expect(bins.counts[interval] == 1, "\(number)") }
    }
  }

  @Test("the widest range takes numbers from anywhere")
  func widest() {
    let largest = Double.greatestFiniteMagnitude
    var bins = HistogramBins(from: -largest, through: largest)
    for number in [-largest, 0, largest] { bins.add(number, count: 1) }
    #expect(bins.counts[0] == 1 && bins.counts[8] == 1 && bins.counts[15] == 1)
    var half = HistogramBins(from: -largest, through: 0)
    half.add(largest, count: 1)
    #expect(half.counts[15] == 1)
  }

  @Test("one number alone lies in the middle, however large", arguments: [0, 3, 1e30, -1e300])
  func constant(number: Double) {
    var bins = HistogramBins(from: number, through: number)
    bins.add(number, count: 5)
    bins.add(2 * number + 7, count: 1)
    #expect(bins.counts[8] >= 5)
    #expect(bins.counts.reduce(0, +) == 6)
  }
}
