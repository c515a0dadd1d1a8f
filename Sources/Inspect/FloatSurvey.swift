/// What one pass over a tensor's elements finds, if every element is exactly a `Float`.
///
/// The moments are taken about a pivot, the mean of the first block that has finite elements, as
/// deviations in `Double`. What is lost to cancellation is bounded: the first block itself
/// contributes to the variance if it is far from the rest, so for n elements in blocks of b the
/// relative error of the variance is at most about n / b times that of a `Double`.
struct FloatSurvey {
  /// The smallest finite element; infinite if there is none.
  private(set) var minimum = Float.infinity
  /// The largest finite element.
  private(set) var maximum = -Float.infinity
  private(set) var zeroCount = 0
  private(set) var subnormalCount = 0
  private(set) var nanCount = 0
  private(set) var infinityCount = 0
  private(set) var finiteCount = 0

  private let leastNormal: Float
  private var pivot: Double?
  private var deviations = CompensatedSum()
  private var squares = CompensatedSum()

  /// - Parameter leastNormal: Anything smaller in magnitude, except 0, counts as subnormal. Every
  ///   type with `Float` elements has one that is a `Float`.
  init(leastNormal: Float) { self.leastNormal = leastNormal }

  /// The mean of the finite elements.
  var mean: Double {
    (pivot ?? 0) + deviations.value / Double(finiteCount)
  }

  /// The standard deviation of the population of finite elements.
  var standardDeviation: Double {
    let count = Double(finiteCount)
    let sum = deviations.value
    return (max(0, squares.value - sum * sum / count) / count).squareRoot()
  }

  /// Adds a block: numbers [n] F32, as bytes in the machine's order.
  mutating func add(_ block: RawSpan) {
    let count = block.byteCount / MemoryLayout<Float>.size
    // A block without a finite number adds to no sum, and does not show where the others are.
    if pivot == nil { pivot = Self.meanOfFinite(block) }
    let pivot = pivot ?? 0

    let width = SIMD8<Float>.scalarCount
    let vectorCount = count / width
    var lanes = Lanes(pivot: pivot)
    for vector in 0..<vectorCount {
      // In range: `vectorCount` vectors fit in the block.
      lanes.add(
        block.unsafeLoadUnaligned(
          fromUncheckedByteOffset: vector * width * MemoryLayout<Float>.size,
          as: SIMD8<Float>.self))
    }
    if lanes.areAllFinite {
      add(lanes, count: vectorCount * width)
      if lanes.leastMagnitudes.min() < leastNormal { countSmall(block, vectorCount: vectorCount) }
      addOneByOne(block, from: vectorCount * width, through: count, pivot: pivot)
    } else {
      addOneByOne(block, from: 0, through: count, pivot: pivot)
    }
  }

  private mutating func add(_ lanes: Lanes, count: Int) {
    guard count > 0 else { return }
    minimum = min(minimum, lanes.minima.min())
    maximum = max(maximum, lanes.maxima.max())
    finiteCount += count
    deviations.add(lanes.deviations.sum())
    squares.add(lanes.squares.sum())
  }

  /// Counts zeros and subnormal numbers among finite ones, which few blocks have.
  private mutating func countSmall(_ block: RawSpan, vectorCount: Int) {
    let leastNormals = SIMD8(repeating: Int32(bitPattern: leastNormal.bitPattern))
    var zeroCounts = SIMD8<Int32>()
    var smallCounts = SIMD8<Int32>()
    for vector in 0..<vectorCount {
      // As integers, magnitudes are ordered like the numbers. A difference's sign, spread over the
      // lane, is -1 if it is negative. In range: `vectorCount` vectors fit in the block.
      let magnitudes =
        block.unsafeLoadUnaligned(
          fromUncheckedByteOffset: vector * MemoryLayout<SIMD8<Int32>>.size, as: SIMD8<Int32>.self)
        & 0x7FFF_FFFF
      smallCounts &-= (magnitudes &- leastNormals) &>> 31
      zeroCounts &-= (magnitudes &- 1) &>> 31
    }
    let zeros = Int(zeroCounts.wrappedSum())
    zeroCount += zeros
    subnormalCount += Int(smallCounts.wrappedSum()) - zeros
  }

  private mutating func addOneByOne(
    _ block: RawSpan, from start: Int, through end: Int, pivot: Double
  ) {
    var blockDeviations = 0.0
    var blockSquares = 0.0
    for index in start..<end {
      let number = Self.number(block, at: index)
      guard number.isFinite else {
        if number.isNaN { nanCount += 1 } else { infinityCount += 1 }
        continue
      }
      finiteCount += 1
      minimum = min(minimum, number)
      maximum = max(maximum, number)
      if number.magnitude < leastNormal {
        if number == 0 { zeroCount += 1 } else { subnormalCount += 1 }
      }
      let deviation = Double(number) - pivot
      blockDeviations += deviation
      blockSquares += deviation * deviation
    }
    deviations.add(blockDeviations)
    squares.add(blockSquares)
  }

  private static func meanOfFinite(_ block: RawSpan) -> Double? {
    var sum = 0.0
    var finiteCount = 0
    for index in 0..<(block.byteCount / MemoryLayout<Float>.size) {
      let number = number(block, at: index)
      if number.isFinite {
        sum += Double(number)
        finiteCount += 1
      }
    }
    return finiteCount == 0 ? nil : sum / Double(finiteCount)
  }

  private static func number(_ block: RawSpan, at index: Int) -> Float {
    block.unsafeLoadUnaligned(
      fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
  }
}

/// The results for eight numbers at a time, one in each lane, so that they are the same wherever
/// they are computed.
private struct Lanes {
  var minima = SIMD8<Float>(repeating: .infinity)
  var maxima = SIMD8<Float>(repeating: -.infinity)
  var leastMagnitudes = SIMD8<Float>(repeating: .infinity)
  var deviations = SIMD8<Double>()
  var squares = SIMD8<Double>()
  private let pivots: SIMD8<Double>

  init(pivot: Double) { pivots = SIMD8(repeating: pivot) }

  @inline(__always)
  mutating func add(_ numbers: SIMD8<Float>) {
    let magnitudes = unsafeBitCast(
      unsafeBitCast(numbers, to: SIMD8<Int32>.self) & 0x7FFF_FFFF, to: SIMD8<Float>.self)
    leastMagnitudes.replace(with: magnitudes, where: magnitudes .< leastMagnitudes)
    minima.replace(with: numbers, where: numbers .< minima)
    maxima.replace(with: numbers, where: numbers .> maxima)
    let distances = SIMD8<Double>(numbers) - pivots
    deviations += distances
    squares += distances * distances
  }

  /// What is not finite stays in the sums. What is finite cannot make a block's sum infinite,
  /// because the square of a `Float` is far from the largest `Double`.
  var areAllFinite: Bool { squares.sum().isFinite }
}
