extension FloatFormat {
  /// The pattern of the format's number that is nearest to `value`, ties to the one with an even
  /// last bit, as IEEE 754 rounds by default.
  ///
  /// Numbers that are too large become infinity. A NaN becomes the quiet NaN without sign and
  /// payload. `nil` for formats without infinities, where libraries do not agree on what is too
  /// large.
  public func bits(rounding value: Double) -> UInt64? {
    guard specials == .infinityAndNaN else { return nil }
    let infinity = UInt64((1 << exponentWidth) - 1) << UInt64(fractionWidth)
    if value.isNaN { return infinity | 1 << UInt64(fractionWidth - 1) }
    if fractionWidth == Double.significandBitCount { return value.bitPattern }
    let sign = value.sign == .minus ? signMask : 0
    if value.isInfinite { return sign | infinity }

    let fields = value.bitPattern
    let exponent = Int(fields >> 52 & 0x7FF) - 1023 + exponentBias
    // A subnormal Double is far below half of any other format's smallest number.
    if fields & 0x7FF0_0000_0000_0000 == 0 { return sign }
    let significand = fields & 0xF_FFFF_FFFF_FFFF | 1 << 52
    let shift = 52 - fractionWidth + max(0, 1 - exponent)
    if shift > 53 { return sign }
    if exponent >= (1 << exponentWidth) - 1 { return sign | infinity }
    let rounded = significand.roundedToEven(droppingBits: UInt64(shift))
    // Subnormal patterns are plain multiples of the smallest number. In others the leading one
    // falls on the exponent's lowest bit, and a carry goes into the exponent as it should.
    let magnitude =
      exponent < 1 ? rounded : rounded + UInt64(exponent - 1) << UInt64(fractionWidth)
    return sign | min(magnitude, infinity)
  }

  /// The number of representable numbers from one to the other, counting one of the ends; both
  /// zeros are one number. Infinity follows the largest number.
  ///
  /// Has no meaning if one of them is not a number.
  public func distance(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (low, high) = (min(place(left), place(right)), max(place(left), place(right)))
    return UInt64(bitPattern: high &- low)
  }

  /// A number's place in the order of all numbers of the format; zero has place 0.
  private func place(_ bits: UInt64) -> Int64 {
    let magnitude = Int64(bits & magnitudeMask)
    return bits & signMask == 0 ? magnitude : -magnitude
  }
}

extension UInt64 {
  /// The number divided by 2 to the power of `count` (at most 63), ties to even.
  fileprivate func roundedToEven(droppingBits count: UInt64) -> UInt64 {
    guard count > 0 else { return self }
    let quotient = self >> count
    let rest = self & (1 << count - 1)
    let half: UInt64 = 1 << (count - 1)
    return rest > half || (rest == half && quotient & 1 == 1) ? quotient + 1 : quotient
  }
}
