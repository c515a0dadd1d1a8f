import TensorModel

/// Counts finite `Float` numbers in the intervals of `HistogramBins`, with the same result.
///
/// A number x has the position (x - low) * scale, rounded: 2^18 positions an interval. Each of the
/// operations keeps the order of numbers, so whatever lies some positions away from the edge between
/// two intervals lies on the same side of it as its position does, however the edge itself was
/// rounded. What lies closer is compared with the edge.
struct FloatBins {
  /// Positions an interval, as a power of 2: all 16 intervals fit in the significand of a `Float`.
  private static let positionBits: Int32 = 18
  /// Numbers this close to an edge are compared with it; an edge's own position is closer by half.
  private static let margin: Int32 = 128
  /// Numbers are counted in 64 parts of each interval, for numbers of one count have to wait for each
  /// other.
  private static let partBits: Int32 = 6
  /// The bits of `integerOffset` hold an integer below 2^23 that was added to it, rounded.
  private static let integerBits: Int32 = 23
  private static let integerOffset: Float = 0x1p23

  /// The smallest `Float` that reaches each edge between two intervals.
  private let thresholds: [Float]
  private let low: Float
  private let scale: Float
  /// How many numbers lie in each part, of those away from the edges.
  private var partCounts: [UInt32]
  /// How many of the others lie in each interval.
  private var comparedCounts = [Int](repeating: 0, count: HistogramBins.count)

  /// `nil` where the range is so narrow, for how large its numbers are, that positions do not tell
  /// intervals apart; or too wide for a `Float`.
  ///
  /// - Parameters:
  ///   - range: The smallest and the largest number.
  ///   - edges: The edges between the intervals of `HistogramBins`.
  init?(range: ClosedRange<Float>, edges: [Double]) {
    thresholds = edges.map { edge in
      let nearest = Float(edge)
      return Double(nearest) < edge ? nearest.nextUp : nearest
    }
    low = range.lowerBound
    scale = Float(HistogramBins.count << Self.positionBits) / (range.upperBound - low)
    // One for every position that there can be: a mapped file may change between two passes.
    partCounts = [UInt32](
      repeating: 0, count: 1 << (Self.integerBits - Self.positionBits + Self.partBits))
    guard scale.isNormal, thresholds.count == HistogramBins.count - 1 else { return nil }
    for (index, threshold) in thresholds.enumerated() {
      let edge = Int32(index + 1) << Self.positionBits
      let position = position(SIMD8(repeating: threshold))[0]
      guard abs(position - edge) < Self.margin / 2 else { return nil }
    }
  }

  /// How many numbers lie in each interval.
  var counts: [Int] {
    comparedCounts.indices.map { bin in
      let parts = (bin << Self.partBits)..<((bin + 1) << Self.partBits)
      return partCounts[parts].reduce(comparedCounts[bin]) { $0 + Int($1) }
    }
  }

  private func position(_ numbers: SIMD8<Float>) -> SIMD8<Int32> {
    let shifted = (numbers - low) * scale + Self.integerOffset
    return unsafeBitCast(shifted, to: SIMD8<Int32>.self) & 0x7F_FFFF
  }

  /// Takes in a block: numbers [n] F32 within the range, as bytes in the machine's order.
  mutating func add(_ block: RawSpan) {
    let count = block.byteCount / MemoryLayout<Float>.size
    let vectorCount = count / SIMD8<Float>.scalarCount
    addVectors(block, vectorCount)
    for index in (vectorCount * SIMD8<Float>.scalarCount)..<count {
      compare(
        block.unsafeLoadUnaligned(
          fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self))
    }
  }

  private mutating func addVectors(_ block: RawSpan, _ vectorCount: Int) {
    let intervalMask = (Int32(1) << Self.positionBits) - 1
    let signs = Int64(bitPattern: 0x8000_0000_8000_0000)
    let partShift = Self.positionBits - Self.partBits
    for vector in 0..<vectorCount {
      // In range: `vectorCount` vectors fit in the block.
      let numbers = block.unsafeLoadUnaligned(
        fromUncheckedByteOffset: vector * MemoryLayout<SIMD8<Float>>.size, as: SIMD8<Float>.self)
      let positions = position(numbers)
      // Negative where an edge is near.
      let distances = ((positions &+ Self.margin) & intervalMask) &- 2 * Self.margin
      let pairs = unsafeBitCast(distances.lowHalf | distances.highHalf, to: SIMD2<Int64>.self)
      guard (pairs[0] | pairs[1]) & signs == 0 else {
        for lane in numbers.indices { compare(numbers[lane]) }
        continue
      }
      // Two parts in each 64 bits, which leave the vector's register at once.
      let parts = unsafeBitCast(positions &>> partShift, to: SIMD4<UInt64>.self)
      for pair in parts.indices {
        partCounts[Int(truncatingIfNeeded: parts[pair] & 0xFFFF_FFFF)] &+= 1
        partCounts[Int(truncatingIfNeeded: parts[pair] >> 32)] &+= 1
      }
    }
  }

  /// Counts a number in the interval that its position is in or next to.
  private mutating func compare(_ number: Float) {
    let half = Int32(1) << (Self.positionBits - 1)
    let edge = Int((position(SIMD8(repeating: number))[0] + half) >> Self.positionBits)
    // The range's own ends are no thresholds.
    let isBelow = edge > thresholds.count || (edge > 0 && number < thresholds[edge - 1])
    comparedCounts[min(isBelow ? edge - 1 : edge, thresholds.count)] += 1
  }
}
