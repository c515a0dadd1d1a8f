/// Counts finite `Float` numbers in the intervals of `HistogramBins`, with the same result.
///
/// A number's interval follows from how many of the edges it reaches. Counting how many numbers
/// reach each edge needs no division, no table and no branch.
struct FloatBins {
  /// Edges that are compared in one go over a block, as many as registers can count.
  private static let edgesAtATime = 3

  /// The smallest `Float` that reaches each edge between two intervals.
  private let thresholds: [Float]
  /// How many of the numbers reach each of them.
  private var reachingCounts: [Int]
  private var count = 0

  /// - Parameter edges: The edges between the intervals of `HistogramBins`, within the range of
  ///   `Float`.
  init(edges: [Double]) {
    thresholds = edges.map { edge in
      let nearest = Float(edge)
      return Double(nearest) < edge ? nearest.nextUp : nearest
    }
    reachingCounts = [Int](repeating: 0, count: thresholds.count)
  }

  /// How many numbers lie in each interval.
  var counts: [Int] {
    zip([count] + reachingCounts, reachingCounts + [0]).map { $0 - $1 }
  }

  /// Takes in a block: numbers [n] F32, all finite, as bytes in the machine's order.
  mutating func add(_ block: RawSpan) {
    let numberCount = block.byteCount / MemoryLayout<Float>.size
    count += numberCount
    for first in stride(from: 0, to: thresholds.count, by: Self.edgesAtATime) {
      addReaching(first, block, numberCount)
    }
  }

  /// Counts the numbers that reach the thresholds at `first`, `first + 1` and `first + 2`.
  private mutating func addReaching(_ first: Int, _ block: RawSpan, _ numberCount: Int) {
    let (low, middle, high) = (thresholds[first], thresholds[first + 1], thresholds[first + 2])
    var lowCounts = SIMD8<Int32>()
    var middleCounts = SIMD8<Int32>()
    var highCounts = SIMD8<Int32>()
    let width = SIMD8<Float>.scalarCount
    let vectorCount = numberCount / width
    for vector in 0..<vectorCount {
      // In range: `vectorCount` vectors fit in the block.
      let numbers = block.unsafeLoadUnaligned(
        fromUncheckedByteOffset: vector * width * MemoryLayout<Float>.size, as: SIMD8<Float>.self)
      lowCounts.replace(with: lowCounts &+ 1, where: numbers .>= low)
      middleCounts.replace(with: middleCounts &+ 1, where: numbers .>= middle)
      highCounts.replace(with: highCounts &+ 1, where: numbers .>= high)
    }
    reachingCounts[first] += Int(lowCounts.wrappedSum())
    reachingCounts[first + 1] += Int(middleCounts.wrappedSum())
    reachingCounts[first + 2] += Int(highCounts.wrappedSum())
    for index in (vectorCount * width)..<numberCount {
      let number = block.unsafeLoadUnaligned(
        fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
      if number >= low { reachingCounts[first] += 1 }
      if number >= middle { reachingCounts[first + 1] += 1 }
      if number >= high { reachingCounts[first + 2] += 1 }
    }
  }
}
