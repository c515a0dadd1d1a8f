/// Counts finite `Float` numbers in the intervals of `HistogramBins`, with the same result.
///
/// A number x has the position (x - low) * scale, rounded, with 2^18 positions per interval. Each
/// operation preserves the order of numbers, so a number that is some positions away from the edge
/// between two intervals is on the same side of it as its position, however the edge itself was
/// rounded. Numbers that are closer are compared with the edge.
struct FloatBins {
  /// Numbers are counted in 64 parts of each interval, because increments of the same count have to
  /// wait for each other.
  private static let partBits: Int32 = 6

  private let positions: Positions
  /// How many numbers are in each part, of those away from the edges. There is a part for every
  /// possible position: a mapped file may change between two passes.
  private var partCounts = [UInt32](
    repeating: 0, count: 1 << (Positions.integerBits - Positions.bits + partBits))
  /// How many numbers the parts have; they are moved into `comparedCounts` before one can overflow.
  private var partsCount = 0
  private let largestPartsCount: Int
  /// How many of the others are in each interval, and of those that were in parts.
  private var comparedCounts = [Int](repeating: 0, count: HistogramBins.count)

  /// `nil` if the range is so narrow, compared with the size of its numbers, that positions do not
  /// distinguish intervals; or too wide for a `Float`.
  ///
  /// - Parameters:
  ///   - range: The smallest and the largest number.
  ///   - edges: The edges between the intervals of `HistogramBins`.
  ///   - largestPartsCount: How many numbers all parts take together, so that none overflows.
  init?(range: ClosedRange<Float>, edges: [Double], largestPartsCount: Int = 1 << 31) {
    self.largestPartsCount = largestPartsCount
    guard let positions = Positions(range: range, edges: edges) else { return nil }
    self.positions = positions
  }

  /// How many numbers are in each interval.
  var counts: [Int] {
    comparedCounts.indices.map { bin in
      let parts = (bin << Self.partBits)..<((bin + 1) << Self.partBits)
      return partCounts[parts].reduce(comparedCounts[bin]) { $0 + Int($1) }
    }
  }

  private mutating func emptyParts() {
    comparedCounts = counts
    for index in partCounts.indices { partCounts[index] = 0 }
    partsCount = 0
  }

  /// Adds a block: numbers [n] F32 within the range, as bytes in the machine's order.
  mutating func add(_ block: RawSpan) {
    let count = block.byteCount / MemoryLayout<Float>.size
    let vectorCount = count / SIMD8<Float>.scalarCount
    let positions = positions
    if partsCount > largestPartsCount - count { emptyParts() }
    partsCount += count
    partCounts.withUnsafeMutableBufferPointer { buffer in
      var partCounts = MutableSpan(_unsafeElements: buffer)
      Self.count(
        block, vectorCount, at: positions, in: &partCounts, comparing: &comparedCounts)
    }
    for index in (vectorCount * SIMD8<Float>.scalarCount)..<count {
      let number = block.unsafeLoadUnaligned(
        fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
      comparedCounts[positions.interval(of: number)] += 1
    }
  }

  private static func count(
    _ block: RawSpan, _ vectorCount: Int, at positions: Positions,
    in partCounts: inout MutableSpan<UInt32>, comparing comparedCounts: inout [Int]
  ) {
    let partShift = Positions.bits - partBits
    for vector in 0..<vectorCount {
      // In range: `vectorCount` vectors fit in the block.
      let numbers = block.unsafeLoadUnaligned(
        fromUncheckedByteOffset: vector * MemoryLayout<SIMD8<Float>>.size, as: SIMD8<Float>.self)
      let found = positions[numbers]
      guard !Positions.areNearEdges(found) else {
        for lane in numbers.indices {
          comparedCounts[positions.interval(of: numbers[lane])] += 1
        }
        continue
      }
      // Two parts in each 64 bits, which leave the vector register together. In range: a position
      // has `integerBits` bits.
      let pairs = unsafeBitCast(found &>> partShift, to: SIMD4<UInt64>.self)
      for pair in pairs.indices {
        partCounts[unchecked: Int(truncatingIfNeeded: pairs[pair] & 0xFFFF_FFFF)] &+= 1
        partCounts[unchecked: Int(truncatingIfNeeded: pairs[pair] >> 32)] &+= 1
      }
    }
  }
}

/// Where numbers are between the smallest and the largest of a tensor.
private struct Positions {
  /// Positions per interval, as a power of 2: all 16 intervals fit in the significand of a `Float`.
  static let bits: Int32 = 18
  /// A number below 2^23 that is added to `integerOffset` ends up in this many low bits, rounded.
  static let integerBits: Int32 = 23
  private static let integerOffset: Float = 0x1p23
  /// Numbers this close to an edge are compared with it; an edge's own position is closer by half.
  private static let margin: Int32 = 128

  /// The smallest `Float` that reaches each edge between two intervals.
  private let thresholds: [Float]
  private let low: Float
  private let scale: Float

  init?(range: ClosedRange<Float>, edges: [Double]) {
    thresholds = edges.map { edge in
      let nearest = Float(edge)
      return Double(nearest) < edge ? nearest.nextUp : nearest
    }
    low = range.lowerBound
    scale = Float(HistogramBins.count << Self.bits) / (range.upperBound - low)
    guard scale.isNormal, thresholds.count == HistogramBins.count - 1 else { return nil }
    for (index, threshold) in thresholds.enumerated() {
      let edge = Int32(index + 1) << Self.bits
      let position = self[SIMD8(repeating: threshold)][0]
      guard abs(position - edge) < Self.margin / 2 else { return nil }
    }
  }

  /// The positions of eight numbers, each below 2^23 whatever the number.
  @inline(__always)
  subscript(numbers: SIMD8<Float>) -> SIMD8<Int32> {
    let shifted = (numbers - low) * scale + Self.integerOffset
    return unsafeBitCast(shifted, to: SIMD8<Int32>.self) & 0x7F_FFFF
  }

  /// Whether any of eight positions is so close to an edge that the number decides.
  @inline(__always)
  static func areNearEdges(_ positions: SIMD8<Int32>) -> Bool {
    let intervalMask = (Int32(1) << bits) - 1
    let signs = Int64(bitPattern: 0x8000_0000_8000_0000)
    // Negative where an edge is near.
    let distances = ((positions &+ margin) & intervalMask) &- 2 * margin
    let pairs = unsafeBitCast(distances.lowHalf | distances.highHalf, to: SIMD2<Int64>.self)
    return (pairs[0] | pairs[1]) & signs != 0
  }

  /// The interval of a number: the one that its position is in, or next to.
  func interval(of number: Float) -> Int {
    let half = Int32(1) << (Self.bits - 1)
    let edge = Int((self[SIMD8(repeating: number)][0] + half) >> Self.bits)
    // The ends of the range are not thresholds.
    let isBelow = edge > thresholds.count || (edge > 0 && number < thresholds[edge - 1])
    return min(isBelow ? edge - 1 : edge, thresholds.count)
  }
}
