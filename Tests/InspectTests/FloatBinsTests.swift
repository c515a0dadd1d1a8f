import ByteIO
import TestSupport
import Testing

@testable import Inspect

@Suite("FloatBins")
struct FloatBinsTests {
  /// Numbers of many kinds: where they lie, and how far apart.
  static let kinds: [(name: String, make: @Sendable (inout SeededGenerator) -> Float)] = [
    ("weights", { Float.random(in: -1...1, using: &$0) * Float.random(in: 0...0.1, using: &$0) }),
    ("a range away from zero", { Float.random(in: 0.9...1.1, using: &$0) }),
    ("a one-sided range", { Float.random(in: -8 ... -0.5, using: &$0) }),
    ("the edges themselves", { Float(Int.random(in: 0...16, using: &$0)) }),
    ("numbers next to edges", { Float(Int.random(in: 0...16, using: &$0)).nextDown }),
    ("few values, at an edge", { [-1, 0, 1].randomElement(using: &$0) ?? 0 }),
    ("large numbers", { Float.random(in: -1e37...1e37, using: &$0) }),
    ("small numbers", { Float.random(in: -1e-30...1e-30, using: &$0) }),
  ]

  @Test("count as HistogramBins does, wherever the numbers lie", arguments: kinds.indices)
  func counts(kind: Int) throws {
    var generator = SeededGenerator(seed: UInt64(kind))
    for count in [2, 7, 8, 9, 64, 5000, 100_003] {
      let numbers = (0..<count).map { _ in Self.kinds[kind].make(&generator) }
      let low = try #require(numbers.min())
      let high = try #require(numbers.max())
      if low == high { continue }
      var naive = HistogramBins(from: Double(low), through: Double(high))
      for number in numbers { naive.add(Double(number), count: 1) }
      let edges = try #require(naive.innerEdges)
      // Parts are emptied before the second block.
      var bins = try #require(
        FloatBins(range: low...high, edges: edges, largestPartsCount: count - 1),
        "\(low) ... \(high)")
      // In two blocks, of which the first is no whole number of vectors.
      let bytes = ByteRegion(copying: numbers.flatMap { $0.bitPattern.littleEndianBytes })
      let middle = min(count, 13) * 4
      for part in [(0, middle), (middle, bytes.byteCount - middle)] {
        let block = try #require(bytes.slice(offset: part.0, byteCount: part.1))
        bins.add(block.bytes)
      }
      #expect(bins.counts == naive.counts, "\(Self.kinds[kind].name), \(count) of them")
    }
  }

  @Test("numbers outside of the range, as in a file that changes meanwhile, stop nothing")
  func outside() throws {
    let inside: [Float] = [0.03, 0.03, 0.97]
    let outside: [Float] = [-5, 2, 1e30, -1e30, .infinity, -.infinity, .nan, 17, 0.99]
    let edges = try #require(HistogramBins(from: 0, through: 1).innerEdges)
    for number in outside {
      var bins = try #require(FloatBins(range: 0...1, edges: edges))
      // Alone, and in a whole vector.
      let numbers = inside + [number] + [Float](repeating: number, count: 8)
      bins.add(ByteRegion(copying: numbers.flatMap { $0.bitPattern.littleEndianBytes }).bytes)
      #expect(bins.counts.count == HistogramBins.count)
      #expect(bins.counts[0] >= 2 && bins.counts[15] >= 1, "\(number)")
    }
  }

  @Test(
    "a range in which Float has hardly more numbers than positions, or none, is left to others",
    arguments: [
      (1, Float(1).nextUp), (1000, 1000.01), (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
      (0, .leastNonzeroMagnitude), (2, 2),
    ] as [(Float, Float)])
  func unsuitable(low: Float, high: Float) throws {
    let bins = HistogramBins(from: Double(low), through: Double(high))
    #expect(FloatBins(range: low...high, edges: bins.innerEdges ?? []) == nil)
  }
}
