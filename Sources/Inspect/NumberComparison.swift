import ByteIO
import TensorModel

/// Sums over the numbers of two tensors, block by block.
struct NumberComparison {
  /// The type of one side to which the other, rounded, is equal so far; `nil` if there is none, or
  /// both have the same type.
  var roundingType: ElementType? {
    narrowing.flatMap { $0.holds ? $0.type : nil } ?? reranging.flatMap { $0.holds ? $0.type : nil }
  }
  private(set) var differingCount = 0
  private(set) var maximumDifference = 0.0
  /// The largest distance in representable numbers; `nil` if types differ, or if a NaN, which has
  /// no distance, is paired with a number.
  var maximumULPDistance: UInt64? { hasNaNAgainstNumber ? nil : largestULPDistance }

  /// Rounding to the type with less precision; `nil` if both are the same.
  private var narrowing: RoundingCheck?
  /// Rounding to the type with more precision, if it has a smaller range: F16 paired with BF16.
  private var reranging: RoundingCheck?
  /// The format of both, if it is the same.
  private let sharedFormat: FloatFormat?
  private let types: (left: ElementType, right: ElementType)
  /// Whether one type has integers that a `Double` does not hold.
  private let hasWideIntegers: Bool
  private var largestULPDistance: UInt64?
  private var hasNaNAgainstNumber = false
  /// Whether squares of the numbers may be beyond the range of a `Double`.
  private let needsScaling: Bool
  private var squaredDifferences = ScaledSum()
  private var squaredLeft = ScaledSum()
  private var squaredRight = ScaledSum()
  private var products = ScaledSum()

  init(_ left: ElementType, _ right: ElementType) {
    let leftFormat = FloatFormat(left.numberType)
    let rightFormat = FloatFormat(right.numberType)
    // Integers count as more precise than floating-point numbers, shorter ones as less precise.
    func precision(_ type: ElementType, _ format: FloatFormat?) -> Int {
      format?.fractionWidth ?? 64 + type.bitWidth
    }
    if left != right {
      let narrowerIsLeft = precision(left, leftFormat) < precision(right, rightFormat)
      func rounding(toLeft isLeft: Bool) -> RoundingCheck {
        RoundingCheck(
          to: isLeft ? left : right, format: isLeft ? leftFormat : rightFormat, isLeft: isLeft,
          hasIntegers: leftFormat == nil || rightFormat == nil)
      }
      narrowing = rounding(toLeft: narrowerIsLeft)
      if let leftFormat, let rightFormat {
        let (narrow, wide) =
          narrowerIsLeft ? (leftFormat, rightFormat) : (rightFormat, leftFormat)
        if wide.exponentWidth < narrow.exponentWidth {
          reranging = rounding(toLeft: !narrowerIsLeft)
        }
      }
    }
    types = (left, right)
    sharedFormat = left == right ? leftFormat : nil
    hasWideIntegers = [left, right].contains { $0 == .int64 || $0 == .uint64 }
    needsScaling = [left, right].contains { $0.numberType == .float64 }
    largestULPDistance = sharedFormat.map { _ in 0 }
  }

  /// The length of the difference over the length of the left side.
  var relativeL2: Double { relativeL2(to: squaredLeft) }
  /// The same over the length of the right side.
  var relativeL2ToSecond: Double { relativeL2(to: squaredRight) }

  private func relativeL2(to squares: ScaledSum) -> Double {
    if maximumDifference == .infinity { return .infinity }
    return squaredDifferences.isZero ? 0 : squaredDifferences.rootOfRatio(to: squares)
  }

  /// The cosine, if both sides have a direction.
  var cosine: Double? {
    guard maximumDifference.isFinite else { return nil }
    guard !squaredLeft.isZero, !squaredRight.isZero else { return nil }
    return max(-1, min(1, products.ratio(toRootsOf: squaredLeft, squaredRight)))
  }

  mutating func add(_ left: borrowing NumberReader, _ right: borrowing NumberReader) {
    let (leftNumbers, rightNumbers) = (left.numbers, right.numbers)
    let (leftBits, rightBits) = (left.bytes.bytes, right.bytes.bytes)
    addMoments(leftNumbers, rightNumbers)
    for index in leftNumbers.indices {
      let (a, b) = (leftNumbers[index], rightNumbers[index])
      if isInexact(a) || isInexact(b) {
        addExactDistance(leftBits, rightBits, at: index, a, b)
      } else {
        addDistance(a, b)
      }
      if let sharedFormat {
        let (aBits, bBits) = (
          leftBits.pattern(at: index, of: sharedFormat),
          rightBits.pattern(at: index, of: sharedFormat)
        )
        if !a.isNaN, !b.isNaN {
          largestULPDistance = max(largestULPDistance ?? 0, sharedFormat.distance(aBits, bBits))
        }
        continue
      }
      let isInexact = isInexact(a)
      narrowing?.add(a, b, at: index, of: leftBits, rightBits, isInexact: isInexact)
      reranging?.add(a, b, at: index, of: leftBits, rightBits, isInexact: isInexact)
    }
  }

  /// Whether a number may represent several integers of the tensors.
  private func isInexact(_ number: Double) -> Bool {
    hasWideIntegers && number.magnitude >= 0x1p53
  }

  private mutating func addDistance(_ left: Double, _ right: Double) {
    guard left.isFinite, right.isFinite else {
      if left != right && !(left.isNaN && right.isNaN) {
        differingCount += 1
        maximumDifference = .infinity
        if left.isNaN || right.isNaN { hasNaNAgainstNumber = true }
      }
      return
    }
    let distance = (left - right).magnitude
    guard distance > 0 else { return }
    differingCount += 1
    maximumDifference = max(maximumDifference, distance)
  }

  /// Adds the distance of two numbers of which one is an integer that a `Double` may not hold:
  /// integers that round to one `Double` must not pass for equal, nor for far apart.
  private mutating func addExactDistance(
    _ leftBits: RawSpan, _ rightBits: RawSpan, at index: Int, _ left: Double, _ right: Double
  ) {
    guard left.isFinite, right.isFinite else { return addDistance(left, right) }
    var distance = (left - right).magnitude
    if let a = leftBits.wholeNumber(at: index, of: types.left, left),
      let b = rightBits.wholeNumber(at: index, of: types.right, right)
    {
      distance = Double((a - b).magnitude)
    }
    guard distance > 0 else { return }
    differingCount += 1
    maximumDifference = max(maximumDifference, distance)
    let exponent = ScaledSum.exponent(of: distance)
    let scaled = distance * ScaledSum.scale(exponent)
    squaredDifferences.add(scaled * scaled, exponent: 2 * exponent)
  }

  /// Adds the squares and products of a block: numbers [n] of both sides, the finite pairs of them.
  private mutating func addMoments(_ left: Span<Double>, _ right: Span<Double>) {
    var exponents = (left: 0, right: 0, difference: 0)
    if needsScaling {
      var largest = (left: 0.0, right: 0.0, difference: 0.0)
      for index in left.indices {
        let (a, b) = (left[index], right[index])
        guard a.isFinite, b.isFinite else { continue }
        largest.left = max(largest.left, a.magnitude)
        largest.right = max(largest.right, b.magnitude)
        largest.difference = max(largest.difference, (a - b).magnitude)
      }
      exponents = (
        ScaledSum.exponent(of: largest.left), ScaledSum.exponent(of: largest.right),
        ScaledSum.exponent(of: largest.difference)
      )
    }
    let scales = (
      left: ScaledSum.scale(exponents.left), right: ScaledSum.scale(exponents.right),
      difference: ScaledSum.scale(exponents.difference)
    )
    var sums = (differences: 0.0, left: 0.0, right: 0.0, products: 0.0)
    for index in left.indices {
      let (a, b) = (left[index], right[index])
      guard a.isFinite, b.isFinite else { continue }
      let (x, y) = (a * scales.left, b * scales.right)
      // Those of integers that a `Double` may not hold are added by themselves.
      let difference =
        isInexact(a) || isInexact(b) ? 0 : (a - b) * scales.difference
      sums.differences += difference * difference
      sums.left += x * x
      sums.right += y * y
      sums.products += x * y
    }
    squaredDifferences.add(sums.differences, exponent: 2 * exponents.difference)
    squaredLeft.add(sums.left, exponent: 2 * exponents.left)
    squaredRight.add(sums.right, exponent: 2 * exponents.right)
    products.add(sums.products, exponent: exponents.left + exponents.right)
  }
}

extension ElementType {
  /// The type of the parts of complex numbers; for other types, the type itself.
  fileprivate var numberType: ElementType {
    switch self {
    case .complex32: .float16
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }
}

extension RawSpan {
  /// The bits of the number at `index`.
  func pattern(at index: Int, of format: FloatFormat) -> UInt64 {
    switch format.byteWidth {
    case 1: UInt64(integer(at: index) as UInt8)
    case 2: UInt64(integer(at: index) as UInt16)
    case 4: UInt64(integer(at: index) as UInt32)
    default: integer(at: index)
    }
  }

  /// The number at `index` as an integer; `nil` where it is none, or one beyond what any integer of
  /// a tensor comes near.
  ///
  /// - Parameter number: The number as it was read.
  fileprivate func wholeNumber(
    at index: Int, of type: ElementType, _ number: Double
  ) -> Int128? {
    switch type {
    case .int64: Int128(integer(at: index) as Int64)
    case .uint64: Int128(integer(at: index) as UInt64)
    default: number.magnitude < 0x1p100 ? Int128(exactly: number) : nil
    }
  }

  /// The little-endian integer at `index` of an array of such integers.
  fileprivate func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    at index: Int
  ) -> Integer {
    Integer(
      littleEndian: unsafeLoadUnaligned(
        fromByteOffset: index * MemoryLayout<Integer>.size, as: Integer.self))
  }
}
