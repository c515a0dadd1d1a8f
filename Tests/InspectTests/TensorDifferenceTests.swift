import ByteIO
import Inspect
import TensorModel
import TestSupport
import Testing

@Suite("Tensor difference")
struct TensorDifferenceTests {
  /// A tensor from the bits of its numbers.
  private func tensor(_ elementType: ElementType, _ patterns: [UInt64]) throws -> Tensor {
    let width = elementType.componentByteWidth
    let bytes = patterns.flatMap { pattern in
      (0..<width).map { UInt8(truncatingIfNeeded: pattern >> (8 * UInt64($0))) }
    }
    return try Tensor(
      name: "w", elementType: elementType, shape: [bytes.count * 8 / elementType.bitWidth],
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  private func floats(_ numbers: [Float]) throws -> Tensor {
    try tensor(.float32, numbers.map { UInt64($0.bitPattern) })
  }

  @Test("figures are what their definitions give")
  func figures() throws {
    var generator = SeededGenerator(seed: 5)
    let left = (0..<10_000).map { _ in Float.random(in: -1...1, using: &generator) }
    let right = left.map { $0 + Float.random(in: -0.01...0.01, using: &generator) }
    let difference = try TensorDifference(floats(left), floats(right))
    let pairs = zip(left, right).map { (Double($0), Double($1)) }
    let squares = pairs.map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    let leftSquares = pairs.map { $0.0 * $0.0 }.reduce(0, +)
    let rightSquares = pairs.map { $0.1 * $0.1 }.reduce(0, +)
    let products = pairs.map { $0.0 * $0.1 }.reduce(0, +)
    #expect(difference.likeness == .different)
    #expect(difference.differingCount == pairs.count { $0.0 != $0.1 })
    #expect(difference.maximumDifference == pairs.map { abs($0.0 - $0.1) }.max())
    #expect(isClose(difference.relativeL2, (squares / leftSquares).squareRoot()))
    #expect(isClose(difference.cosine, products / (leftSquares * rightSquares).squareRoot()))
  }

  @Test(
    "squares of the largest and the smallest numbers do not spoil the figures",
    arguments: [
      // From numpy in float64, after both sides were multiplied by one power of two.
      ([1e-200, 2e-200], [1e-200, 3e-200], 0.4472135954999579, 0.9899494936611666),
      ([1e300, 1], [1.0001e300, 1], 1e-4, 1),
      ([.leastNonzeroMagnitude, 0], [2 * .leastNonzeroMagnitude, 0], 1, 1),
      ([1e300, 1e-300], [1e300, 2e-300], 0, 1),
    ] as [([Double], [Double], Double, Double)])
  func extremes(left: [Double], right: [Double], relativeL2: Double, cosine: Double) throws {
    let difference = try TensorDifference(
      tensor(.float64, left.map(\.bitPattern)), tensor(.float64, right.map(\.bitPattern)))
    let found = try #require(difference.relativeL2)
    #expect((found - relativeL2).magnitude <= 1e-9)
    #expect(isClose(difference.cosine, cosine))
  }

  @Test("integers have one 0 for both of the floating-point numbers'")
  func integerZeros() throws {
    let zeros = try floats([0, -0.0, 5])
    let integers = try tensor(.int8, [0, 0, 5])
    #expect(try TensorDifference(zeros, integers).likeness == .withinRounding(of: .float32))
    #expect(try TensorDifference(integers, zeros).likeness == .withinRounding(of: .float32))
    #expect(try TensorDifference(zeros, floats([0, 0, 5])).likeness == .different)
  }

  @Test("figures of many elements keep their digits")
  func manyElements() throws {
    let left = [Float](repeating: 0.1, count: 1_000_000)
    let right = [Float](repeating: 0.1 * 1.0001, count: 1_000_000)
    let difference = try TensorDifference(floats(left), floats(right))
    #expect(difference.cosine.map { (1 - $0).magnitude <= 1e-13 } == true)
    let expected = Double(right[0] - left[0]) / Double(left[0])
    #expect(isClose(difference.relativeL2, expected))
  }

  private func isClose(_ found: Double?, _ expected: Double) -> Bool {
    guard let found else { return false }
    return (found - expected).magnitude <= 1e-12 * expected.magnitude
  }

  @Test("distances in representable numbers go across zero")
  func ulps() throws {
    let left = try floats([1, 0, -.leastNonzeroMagnitude])
    let right = try floats([Float(1).nextUp, -0.0, .leastNonzeroMagnitude])
    let difference = try TensorDifference(left, right)
    #expect(difference.maximumULPDistance == 2)
    #expect(difference.differingCount == 2)
    let halves = try TensorDifference(tensor(.float16, [0x3C00]), tensor(.float16, [0x3C05]))
    #expect(halves.maximumULPDistance == 5)
  }

  @Test("identical bytes are identical, whatever they mean")
  func identical() throws {
    let numbers = try floats([.nan, .infinity, 1])
    let difference = try TensorDifference(numbers, numbers)
    #expect(difference.likeness == .identical)
    #expect(difference.maximumDifference == 0)
    #expect(difference.cosine == 1)
    #expect(difference.maximumULPDistance == 0)
    let packed = try Tensor(
      name: "w", elementType: .float4, shape: [2],
      storage: RegionStorage(ByteRegion(copying: [0x12])))
    let same = try TensorDifference(packed, packed)
    #expect(same.likeness == .identical)
    #expect(same.maximumDifference == nil)
    let other = try TensorDifference(
      packed,
      Tensor(
        name: "w", elementType: .float4, shape: [2],
        storage: RegionStorage(ByteRegion(copying: [0x13]))))
    #expect(other.likeness == .different)
    #expect(other.differingCount == nil)
  }

  @Test("numbers that are not finite")
  func notFinite() throws {
    let same = try TensorDifference(
      tensor(.float32, [0x7FC0_0000, 0x7F80_0000, 0x3F80_0000]),
      tensor(.float32, [0xFFC0_0001, 0x7F80_0000, 0x3F80_0000]))
    #expect(same.likeness == .different)
    #expect(same.differingCount == 0)
    #expect(same.maximumDifference == 0)
    for other in [.nan, -Float.infinity, 1] {
      let difference = try TensorDifference(floats([.infinity, 2]), floats([other, 2]))
      #expect(difference.differingCount == 1)
      #expect(difference.maximumDifference == .infinity)
      #expect(difference.relativeL2 == .infinity)
    }
  }

  @Test("a tensor of zeros has no direction")
  func zeros() throws {
    let difference = try TensorDifference(floats([0, 0]), floats([0, 3]))
    #expect(difference.cosine == nil)
    #expect(difference.relativeL2 == .infinity)
    #expect(try TensorDifference(floats([0]), floats([-0.0])).relativeL2 == 0)
  }

  @Test("rounding to the narrower type, from either side")
  func rounding() throws {
    let wide = try floats([1.0005, .nan, 1e9, 1e-30, -.infinity])
    let narrow = try tensor(.float16, [0x3C01, 0xFE00, 0x7C00, 0, 0xFC00])
    for (left, right) in [(wide, narrow), (narrow, wide)] {
      #expect(try TensorDifference(left, right).likeness == .withinRounding(of: .float16))
    }
    let off = try tensor(.float16, [0x3C00, 0xFE00, 0x7C00, 0, 0xFC00])
    #expect(try TensorDifference(wide, off).likeness == .different)
    // 1 + 3 * 2^-8 lies half-way between two BF16 numbers; the even one is above.
    let tie = try tensor(.bfloat16, [0x3F82])
    #expect(
      try TensorDifference(floats([1 + 0x3p-8]), tie).likeness == .withinRounding(of: .bfloat16))
  }

  @Test("BF16 and F16 may be rounded to each other: one has less precision, one a smaller range")
  func smallerRange() throws {
    // 2^-26 is below half of F16's smallest number, 2^-23 - 2^-31 is no multiple of it.
    let wide = try tensor(.bfloat16, [0x3280, 0x33FF, 0x3F80])
    let narrow = try tensor(.float16, [0, 0x0002, 0x3C00])
    for (left, right) in [(wide, narrow), (narrow, wide)] {
      #expect(try TensorDifference(left, right).likeness == .withinRounding(of: .float16))
    }
    let off = try tensor(.float16, [0x0001, 0x0002, 0x3C00])
    #expect(try TensorDifference(wide, off).likeness == .different)
    // 1 + 2^-10 has no BF16 number: the one is the other, rounded the other way.
    let precise = try tensor(.float16, [0x3C01])
    let coarse = try tensor(.bfloat16, [0x3F80])
    #expect(try TensorDifference(precise, coarse).likeness == .withinRounding(of: .bfloat16))
    // Either alone is rounding, both in one tensor are not.
    #expect(
      try TensorDifference(
        tensor(.float16, [0x3C01, 0]), tensor(.bfloat16, [0x3F80, 0x3280])
      ).likeness == .different)
  }

  @Test("64 bits may be rounded to 16 at once, or by way of 32")
  func doubleRounding() throws {
    // A hair above half-way between two F16 numbers: gone in F32, where the even one is below.
    let wide = try tensor(.float64, [(1 + 0x1p-11 + 0x1p-40).bitPattern])
    for bits in [0x3C01, 0x3C00] as [UInt64] {
      #expect(
        try TensorDifference(wide, tensor(.float16, [bits])).likeness
          == .withinRounding(of: .float16))
    }
    #expect(try TensorDifference(wide, tensor(.float16, [0x3C02])).likeness == .different)
  }

  @Test("other types have to hold the same numbers")
  func otherTypes() throws {
    let small = try tensor(.uint8, [1, 2])
    #expect(
      try TensorDifference(small, tensor(.int64, [1, 2])).likeness == .withinRounding(of: .uint8))
    #expect(try TensorDifference(small, tensor(.int64, [1, 3])).likeness == .different)
    #expect(
      try TensorDifference(tensor(.float8E4M3, [0x38]), floats([1])).likeness
        == .withinRounding(of: .float8E4M3))
    #expect(
      try TensorDifference(tensor(.float8E4M3, [0x38]), floats([1.01])).likeness == .different)
    let complex = try tensor(.complex64, [0x3F80_0000, 0])
    #expect(
      try TensorDifference(complex, tensor(.complex32, [0x3C00, 0])).likeness
        == .withinRounding(of: .complex32))
    let real = try TensorDifference(complex, floats([1]))
    #expect(real.likeness == .different)
    #expect(real.maximumDifference == nil)
  }

  @Test("integers that one Double stands for are still different")
  func wideIntegers() throws {
    let difference = try TensorDifference(
      tensor(.int64, [1 << 53, 7]), tensor(.int64, [1 << 53 + 1, 7]))
    #expect(difference.likeness == .different)
    #expect(difference.differingCount == 1)
    #expect(difference.maximumDifference == 1)
    let large = try TensorDifference(
      tensor(.int64, [1 << 60, 7]), tensor(.int64, [1 << 60, 9]))
    #expect(large.differingCount == 1)
    #expect(large.maximumDifference == 2)
    let types = try TensorDifference(tensor(.int64, [1 << 53]), tensor(.uint64, [1 << 53]))
    #expect(types.likeness == .different)
  }

  @Test(
    "the distance of integers is exact, whatever a Double makes of them",
    arguments: [
      (.int64, 1 << 62, .int64, 1 << 62 + 400, 400), (.int64, 1 << 62, .int64, 1 << 62 + 520, 520),
      (.uint64, .max, .uint64, .max - 3, 3), (.uint64, 1 << 63, .int64, 1 << 63, 0x1p64),
      (.int64, 1 << 60 + 5, .float64, (0x1p60).bitPattern, 5),
      (.uint64, .max, .float64, (0x1p64).bitPattern, 1),
      (.int64, 1 << 60, .float64, (0x1p60).bitPattern, 0),
      (.int64, 1 << 60, .float64, (0x1p200).bitPattern, 0x1p200),
      (.int64, 1 << 60, .float64, Double.infinity.bitPattern, .infinity),
    ] as [(ElementType, UInt64, ElementType, UInt64, Double)])
  func integerDistances(
    _ leftType: ElementType, _ left: UInt64, _ rightType: ElementType, _ right: UInt64,
    _ distance: Double
  ) throws {
    let difference = try TensorDifference(
      tensor(leftType, [7, left]),
      tensor(rightType, [rightType == .float64 ? (7.0).bitPattern : 7, right]))
    #expect(difference.maximumDifference == distance)
    #expect(difference.differingCount == (distance == 0 ? 0 : 1))
    let back = try TensorDifference(
      tensor(rightType, [rightType == .float64 ? (7.0).bitPattern : 7, right]),
      tensor(leftType, [7, left]))
    #expect(back.maximumDifference == distance)
    guard distance.isFinite, leftType == .int64, rightType == .int64 else { return }
    let ratio = try #require(difference.relativeL2)
    #expect((ratio / (distance / 0x1p62) - 1).magnitude < 1e-12)
  }

  @Test("layouts do not matter")
  func layouts() throws {
    let plain = try floats([1, 2, 3, 4])
    let stored = try floats([1, 3, 2, 4])
    let strided = try Tensor(
      name: "w", elementType: .float32, shape: [2, 2], storage: stored.storage,
      layout: Tensor.Layout(strides: [1, 2], elementOffset: 0))
    #expect(try TensorDifference(plain, strided).likeness == .identical)
  }

  @Test("a NaN against a number has no distance in numbers, and no angle")
  func notANumber() throws {
    let difference = try TensorDifference(floats([.nan, 1, 3]), floats([1, 1, 2]))
    #expect(difference.differingCount == 2)
    #expect(difference.maximumULPDistance == nil)
    #expect(difference.cosine == nil)
    #expect(try TensorDifference(floats([.nan, 1]), floats([-.nan, 2])).maximumULPDistance != nil)
  }
}
