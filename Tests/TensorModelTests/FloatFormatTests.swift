import TensorModel
import TestSupport
import Testing

@Suite("Floating-point formats")
struct FloatFormatTests {
  /// The finite numbers of a 16-bit format that are not negative, in order; the pattern is the
  /// index.
  private static func magnitudes(_ elementType: ElementType) -> [Double] {
    (0..<0x8000).map { naiveValue(elementType, bits: $0) }.filter { $0.isFinite }
  }

  /// The naive twin of rounding: the nearest of all numbers, found by bisection.
  private func naiveRounding(_ value: Double, among numbers: [Double]) -> UInt64 {
    let sign: UInt64 = value.sign == .minus ? 0x8000 : 0
    let magnitude = value.magnitude
    var (low, high) = (0, numbers.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if numbers[middle] <= magnitude { low = middle } else { high = middle }
    }
    // Past the largest number stands what the next one would be; it is infinity's pattern.
    let top = numbers[numbers.count - 1]
    let above = high < numbers.count ? numbers[high] : top + (top - numbers[numbers.count - 2])
    let down = magnitude - numbers[low]
    let up = above - magnitude
    if down == up { return sign | UInt64(low % 2 == 0 ? low : high) }
    return sign | UInt64(down < up ? low : high)
  }

  @Test(
    "rounding gives back every pattern, and the even neighbour half-way between two",
    arguments: [ElementType.float16, .bfloat16])
  func exhaustiveRounding(elementType: ElementType) throws {
    let format = try #require(FloatFormat(elementType))
    let numbers = Self.magnitudes(elementType)
    for (bits, number) in numbers.enumerated() {
      #expect(format.bits(rounding: number) == UInt64(bits))
      #expect(format.bits(rounding: -number) == UInt64(bits) | 0x8000)
      guard bits + 1 < numbers.count else { continue }
      let halfway = number + (numbers[bits + 1] - number) / 2
      let even = UInt64(bits % 2 == 0 ? bits : bits + 1)
      #expect(format.bits(rounding: halfway) == even)
      #expect(format.bits(rounding: halfway.nextUp) == UInt64(bits + 1))
      #expect(format.bits(rounding: halfway.nextDown) == UInt64(bits))
    }
  }

  @Test(
    "rounding finds the nearest number", arguments: [ElementType.float16, .bfloat16])
  func randomRounding(elementType: ElementType) throws {
    let format = try #require(FloatFormat(elementType))
    let numbers = Self.magnitudes(elementType)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let exponent = Int.random(in: -150...140, using: &generator)
      let significand = Double.random(in: 1..<2, using: &generator)
      let value = Double(
        sign: Bool.random(using: &generator) ? .plus : .minus, exponent: exponent,
        significand: significand)
      let tooLarge = value.magnitude >= 2 * numbers[numbers.count - 1]
      let expected =
        tooLarge
        ? UInt64(numbers.count) | (value < 0 ? 0x8000 : 0) : naiveRounding(value, among: numbers)
      #expect(format.bits(rounding: value) == expected)
    }
  }

  @Test("rounding to F32 is the processor's")
  func float32() throws {
    let format = try #require(FloatFormat(.float32))
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<50_000 {
      let value = Double(bitPattern: generator.next())
      let near = Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
      for number in [value, near, near.nextUp, near * 0x1p-100] where !number.isNaN {
        #expect(format.bits(rounding: number) == UInt64(Float(number).bitPattern))
      }
    }
  }

  @Test("special numbers round to special patterns")
  func specials() throws {
    let half = try #require(FloatFormat(.float16))
    #expect(half.bits(rounding: .infinity) == 0x7C00)
    #expect(half.bits(rounding: -.infinity) == 0xFC00)
    #expect(half.bits(rounding: .nan) == 0x7E00)
    #expect(half.bits(rounding: 65520) == 0x7C00)
    #expect(half.bits(rounding: 65519) == 0x7BFF)
    #expect(half.bits(rounding: -1e300) == 0xFC00)
    #expect(half.bits(rounding: -.leastNonzeroMagnitude) == 0x8000)
    let double = try #require(FloatFormat(.float64))
    #expect(double.bits(rounding: -.leastNonzeroMagnitude) == 0x8000_0000_0000_0001)
    #expect(try #require(FloatFormat(.float8E4M3)).bits(rounding: 1) == nil)
  }

  @Test("the smallest normal number is the first with a stored exponent")
  func leastNormal() throws {
    let expected: [(ElementType, Double)] = [
      (.float64, .leastNormalMagnitude), (.float32, 0x1p-126), (.float16, 0x1p-14),
      (.bfloat16, 0x1p-126), (.float8E4M3, 0x1p-6), (.float8E5M2, 0x1p-14),
      (.float8E4M3FNUZ, 0x1p-7), (.float8E5M2FNUZ, 0x1p-15), (.float8E8M0, 0x1p-127),
    ]
    for (elementType, magnitude) in expected {
      #expect(try #require(FloatFormat(elementType)).leastNormalMagnitude == magnitude)
    }
    let without = ElementType.allCases.filter { FloatFormat($0) == nil }
    #expect(without.allSatisfy { !$0.isFloatingPoint || $0.byteWidth == nil })
  }

  @Test("distances count numbers, across zero and to infinity")
  func distances() throws {
    let half = try #require(FloatFormat(.float16))
    #expect(half.distance(0x3C00, 0x3C00) == 0)
    #expect(half.distance(0x3C00, 0x3C01) == 1)
    #expect(half.distance(0x0000, 0x8000) == 0)
    #expect(half.distance(0x8002, 0x0001) == 3)
    #expect(half.distance(0x7BFF, 0x7C00) == 1)
    let double = try #require(FloatFormat(.float64))
    let largest = Double.greatestFiniteMagnitude.bitPattern
    #expect(double.distance(largest, largest | 1 << 63) == 2 * largest)
  }
}
