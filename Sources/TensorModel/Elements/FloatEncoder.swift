/// Rounds F32 numbers to F16 or BF16: to nearest, ties to even, subnormal numbers kept.
///
/// `FloatFormat.bits(rounding:)` does the same for one number at a time and any format with
/// infinities; the tests compare the two. A NaN becomes a quiet NaN that keeps its sign, which it
/// loses there.
package struct FloatEncoder: Sendable {
  /// F16 or BF16.
  package let elementType: ElementType

  /// Creates an encoder; `nil` for other types.
  package init?(_ elementType: ElementType) {
    guard elementType == .float16 || elementType == .bfloat16 else { return nil }
    self.elementType = elementType
  }

  /// Encodes numbers [n] F32 as patterns [n] of two bytes, both little-endian, and as the numbers
  /// [n] F32 that the patterns represent. Both outputs must have room for n numbers.
  package func encode(
    _ numbers: RawSpan, into patterns: inout MutableRawSpan, restored: inout MutableRawSpan
  ) {
    let count = numbers.byteCount / 4
    precondition(patterns.byteCount >= 2 * count && restored.byteCount >= 4 * count, "no room")
    let isHalf = elementType == .float16
    let width = 8
    let vectorEnd = count / width * width
    var index = 0
    while index < vectorEnd {
      // In range: both outputs have room for all numbers.
      let bits = numbers.unsafeLoadUnaligned(
        fromUncheckedByteOffset: 4 * index, as: SIMD8<Int32>.self)
      let (pattern, value) = isHalf ? Self.half(bits) : Self.brain(bits)
      patterns.storeBytes(
        of: SIMD8<UInt16>(truncatingIfNeeded: pattern), toByteOffset: 2 * index,
        as: SIMD8<UInt16>.self)
      restored.storeBytes(of: value, toByteOffset: 4 * index, as: SIMD8<Int32>.self)
      index += width
    }
    while index < count {
      let bits = SIMD8<Int32>(
        repeating: numbers.unsafeLoadUnaligned(
          fromUncheckedByteOffset: 4 * index, as: Int32.self))
      let (pattern, value) = isHalf ? Self.half(bits) : Self.brain(bits)
      patterns.storeBytes(
        of: UInt16(truncatingIfNeeded: pattern[0]), toByteOffset: 2 * index, as: UInt16.self)
      restored.storeBytes(of: value[0], toByteOffset: 4 * index, as: Int32.self)
      index += 1
    }
  }

  // As integers, magnitudes are ordered like the numbers. The sign of a difference, spread over a
  // lane, is a mask: processors of 2003 have no other vector instructions for it.

  /// F16: the pattern in the lower half of each lane, and the pattern of the F32 of equal value.
  @inline(__always)
  private static func half(
    _ bits: SIMD8<Int32>
  ) -> (pattern: SIMD8<Int32>, value: SIMD8<Int32>) {
    let magnitude = bits & 0x7FFF_FFFF
    // Normal: half of the last bit that stays, less one if that bit is even, carries when it
    // should.
    let normal = (magnitude &+ 0x0FFF &+ (magnitude &>> 13 & 1)) & ~0x1FFF
    let normalPattern = normal &>> 13 &- SIMD8(repeating: (127 - 15) << 10)
    // Subnormal: added to 0.5, whose last bit is 2^-24, numbers are rounded as they should be.
    let half = SIMD8<Float>(repeating: 0.5)
    let sum = unsafeBitCast(magnitude, to: SIMD8<Float>.self) + half
    let subnormal = unsafeBitCast(sum - half, to: SIMD8<Int32>.self)
    let subnormalPattern =
      unsafeBitCast(sum, to: SIMD8<Int32>.self) &- SIMD8(repeating: 0x3F00_0000)
    let isSubnormal = (magnitude &- SIMD8(repeating: 0x3880_0000)) &>> 31
    let isOverflow = (SIMD8(repeating: 0x477F_EFFF) &- magnitude) &>> 31  // 65520 and above
    let isNaN = (SIMD8(repeating: 0x7F80_0000) &- magnitude) &>> 31
    let small = choose(isSubnormal, subnormalPattern, normalPattern)
    let pattern = choose(isOverflow, 0x7C00 | isNaN & 0x0200, small)
    let value = choose(
      isOverflow, 0x7F80_0000 | isNaN & 0x0040_0000, choose(isSubnormal, subnormal, normal))
    return (pattern | bits &>> 16 & 0x8000, value | bits & .min)
  }

  /// BF16: the pattern in the lower half of each lane, and the pattern of the F32 of equal value.
  @inline(__always)
  private static func brain(
    _ bits: SIMD8<Int32>
  ) -> (pattern: SIMD8<Int32>, value: SIMD8<Int32>) {
    let magnitude = bits & 0x7FFF_FFFF
    let rounded = (magnitude &+ 0x7FFF &+ (magnitude &>> 16 & 1)) & ~0xFFFF
    let isNaN = (SIMD8(repeating: 0x7F80_0000) &- magnitude) &>> 31
    let value = choose(isNaN, SIMD8(repeating: 0x7FC0_0000), rounded) | bits & .min
    return (value &>> 16, value)
  }

  /// The lanes of `yes` where the mask's bits are set, else those of `no`.
  @inline(__always)
  private static func choose(
    _ mask: SIMD8<Int32>, _ yes: SIMD8<Int32>, _ no: SIMD8<Int32>
  ) -> SIMD8<Int32> {
    yes & mask | no & ~mask
  }
}
