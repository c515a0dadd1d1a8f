import ByteIO
import TestSupport
import Testing

@testable import TensorModel

@Suite("FloatEncoder")
struct FloatEncoderTests {
  /// The patterns of numbers, and the numbers that they are said to stand for.
  private func encoded(
    _ numbers: [Float], _ type: ElementType
  ) throws -> (patterns: [UInt16], restored: [Float]) {
    let encoder = try #require(FloatEncoder(type))
    let bytes = numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
    let patterns = try MemoryBlock(byteCount: 2 * numbers.count)
    let restored = try MemoryBlock(byteCount: 4 * numbers.count)
    var patternSpan = MutableRawSpan(_unsafeBytes: patterns.bytes)
    var restoredSpan = MutableRawSpan(_unsafeBytes: restored.bytes)
    encoder.encode(
      ByteRegion(copying: bytes).bytes, into: &patternSpan, restored: &restoredSpan)
    return (
      numbers.indices.map { patterns.bytes.load(fromByteOffset: 2 * $0, as: UInt16.self) },
      numbers.indices.map { restored.bytes.load(fromByteOffset: 4 * $0, as: Float.self) }
    )
  }

  @Test("patterns are those that numpy and torch give")
  func vectors() throws {
    let half: [(Float, UInt16)] = [
      (65504, 0x7BFF), (65519.996, 0x7BFF), (65520, 0x7C00), (6.1e-5, 0x03FF), (0x1p-24, 0x0001),
      (0x1p-25, 0x0000), (0x1.000002p-25, 0x0001), (1 + 0x1p-11, 0x3C00), (1 + 0x3p-11, 0x3C02),
      (-0.0, 0x8000), (.infinity, 0x7C00), (-.infinity, 0xFC00), (0x1p-14, 0x0400),
    ]
    #expect(try encoded(half.map(\.0), .float16).patterns == half.map(\.1))
    let brain: [(Float, UInt16)] = [
      (65504, 0x4780), (-65504, 0xC780), (Float(bitPattern: 0x0001_16C2), 0x0001),
      (3.3962e38, 0x7F80), (-0.0, 0x8000),
      (.infinity, 0x7F80),
    ]
    #expect(try encoded(brain.map(\.0), .bfloat16).patterns == brain.map(\.1))
  }

  @Test(
    "rounding is that of the naive twin, around every number of the type and between them",
    arguments: [ElementType.float16, .bfloat16])
  func isNaive(type: ElementType) throws {
    let format = try #require(FloatFormat(type))
    var numbers: [Float] = []
    for bits in 0..<UInt64(0x7F80) where !format.isNaN(bits) {
      let number = Float(format.value(bits: bits))
      let next = Float(format.value(bits: bits + 1))
      let middle = next.isFinite ? number + (next - number) / 2 : number
      numbers += [number, -number.nextUp, middle, middle.nextUp, -middle.nextDown]
    }
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<50_000 {
      let number = Float(bitPattern: .random(in: 0...UInt32.max, using: &generator))
      if number.isFinite { numbers.append(number) }
    }
    let (patterns, restored) = try encoded(numbers, type)
    for (index, number) in numbers.enumerated() {
      let expected = format.bits(rounding: Double(number))
      let value = Float(format.value(bits: UInt64(patterns[index])))
      guard expected == UInt64(patterns[index]), value.bitPattern == restored[index].bitPattern
      else {
        Issue.record("\(number): \(patterns[index]), not \(expected ?? 0); \(restored[index])")
        return
      }
    }
  }

  @Test("a NaN becomes a quiet one with its sign")
  func notANumber() throws {
    for (type, quiet) in [(ElementType.float16, UInt16(0x7E00)), (.bfloat16, 0x7FC0)] {
      let (patterns, restored) = try encoded(
        [.nan, -.nan, Float(bitPattern: 0x7F80_0001)], type)
      #expect(patterns == [quiet, quiet | 0x8000, quiet])
      #expect(restored.allSatisfy { $0.isNaN })
    }
  }

  @Test("other types have no encoder")
  func types() {
    let types = ElementType.allCases.filter { FloatEncoder($0) != nil }
    #expect(types == [.float16, .bfloat16])
  }
}
