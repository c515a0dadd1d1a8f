import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Quantize

@Suite("CodeEncoder")
struct CodeEncoderTests {
  private func codes(_ weights: [Float], _ scheme: QuantizationScheme, scale: Float) throws
    -> [UInt8]
  {
    let block = try MemoryBlock(byteCount: weights.count * scheme.codeType.bitWidth / 8)
    var span = MutableRawSpan(_unsafeBytes: block.bytes)
    CodeEncoder(scheme).encode(
      Weights.region(weights).bytes, in: 0..<weights.count, scale: scale, into: &span)
    return ByteRegion(block).array
  }

  @Test("codes are those of the naive twin, whatever the length", arguments: 1...70)
  func isNaive(count: Int) throws {
    let weights = Weights.random(count, seed: UInt64(count))
    let (scale, expected) = Weights.naive(weights, largestCode: 127)
    let magnitude = CodeEncoder.largestMagnitude(
      Weights.region(weights).bytes, in: 0..<count)
    let found = CodeEncoder(.int8Channel).scale(
      largestMagnitude: Float(bitPattern: magnitude))
    #expect(found.bitPattern == scale.bitPattern)
    #expect(
      try codes(weights, .int8Channel, scale: scale).map { Int(Int8(bitPattern: $0)) } == expected)
  }

  @Test("ties go to the even code")
  func ties() throws {
    let weights: [Float] = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, -126.5, 127]
    #expect(
      try codes(weights, .int8Channel, scale: 1).map { Int8(bitPattern: $0) }
        == [0, 2, 2, 0, -2, -2, 126, -126, 127])
  }

  @Test("rounding by addition is rounding to nearest, ties to even, for every quotient of a code")
  func rounds() throws {
    for numerator in -127 * 64...127 * 64 {
      for nudge: Float in [0, .ulpOfOne, -.ulpOfOne] {
        let quotient = Float(numerator) / 64 * (1 + nudge)
        let code = try codes([quotient], .int8Channel, scale: 1)[0]
        #expect(Float(Int8(bitPattern: code)) == quotient.rounded(.toNearestOrEven))
      }
    }
  }

  @Test("no largest number of a group gives a code above the largest, or below the smallest")
  func needsNoClamping() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let largest = Float(bitPattern: .random(in: 0x0700_0000...0x7F00_0000, using: &generator))
      for scheme in [QuantizationScheme.int8Channel, .int4Block32] {
        let scale = CodeEncoder(scheme).scale(largestMagnitude: largest)
        let code = (largest / scale).rounded(.toNearestOrEven)
        #expect(code == Float(scheme.largestCode) || scale == 1 && code == 0)
      }
    }
  }

  @Test("a scale that would be 0 or subnormal is 1", arguments: [0, 0x1p-149, 0x1p-120, 0x1p-119])
  func smallScales(largest: Float) {
    let scale = CodeEncoder(.int8Channel).scale(largestMagnitude: largest)
    let exact = largest / 127
    #expect(scale == (exact < .leastNormalMagnitude ? 1 : exact))
    #expect((scale == 1) == (largest < 0x1p-119))
  }

  @Test("codes of 4 bits lie two in a byte, the first in the lower half")
  func pairs() throws {
    #expect(try codes([1, -1, 7, -7], .int4Block32, scale: 1) == [0xF1, 0x97])
    let weights = Weights.random(64, seed: 9)
    let (scale, expected) = Weights.naive(weights, largestCode: 7)
    let found = try codes(weights, .int4Block32, scale: scale).flatMap { pair in
      [Int8(bitPattern: pair << 4) >> 4, Int8(bitPattern: pair) >> 4].map { Int($0) }
    }
    #expect(found == expected)
  }

  @Test("the largest magnitude is found at every place, and NaN is above infinity")
  func largestMagnitude() {
    for place in 0..<19 {
      var weights = [Float](repeating: 0.25, count: 19)
      for (value, bits) in [
        (-3, (3 as Float).bitPattern), (-.infinity, 0x7F80_0000), (.nan, Float.nan.bitPattern),
      ] as [(Float, UInt32)] {
        weights[place] = value
        #expect(
          CodeEncoder.largestMagnitude(Weights.region(weights).bytes, in: 0..<19) == bits)
      }
    }
  }
}
