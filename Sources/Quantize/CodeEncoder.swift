import TensorModel

/// Turns groups of weights into codes and a scale, in F32 arithmetic:
///
///     scale = absmax / 127
///     code  = weight / scale, rounded to nearest, ties to even
///
/// with 7 instead of 127 if codes have 4 bits. ONNX Runtime (static, per channel) and coremltools
/// do the same, to the last bit of codes and scales. A code needs no clamping: absmax / scale is
/// 127 but for one rounding.
struct CodeEncoder {
  private let scheme: QuantizationScheme
  private let largestCode: Float

  init(_ scheme: QuantizationScheme) {
    self.scheme = scheme
    largestCode = Float(scheme.largestCode)
  }

  /// The bits of the largest magnitude of F32 weights; those of infinity or above if one is not
  /// finite.
  static func largestMagnitude(_ weights: RawSpan, in range: Range<Int>) -> UInt32 {
    precondition(weights.byteCount >= 4 * range.upperBound)
    var lanes = SIMD8<Int32>()
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      // In range: checked against the end above. As integers, magnitudes are ordered like the
      // numbers.
      let magnitude =
        weights.unsafeLoadUnaligned(fromUncheckedByteOffset: 4 * index, as: SIMD8<Int32>.self)
        & 0x7FFF_FFFF
      lanes.replace(with: magnitude, where: magnitude .> lanes)
      index += 8
    }
    var largest = lanes.max()
    while index < range.upperBound {
      let bits = weights.unsafeLoadUnaligned(fromUncheckedByteOffset: 4 * index, as: Int32.self)
      largest = max(largest, bits & 0x7FFF_FFFF)
      index += 1
    }
    return UInt32(bitPattern: largest)
  }

  /// The scale of a group with a given largest magnitude.
  ///
  /// If it would be 0 or subnormal, it is 1, as in ONNX Runtime (`compute_scale_zp`), and all codes
  /// are 0.
  func scale(largestMagnitude: Float) -> Float {
    let scale = largestMagnitude / largestCode
    return scale < Float.leastNormalMagnitude ? 1 : scale
  }

  /// Converts F32 weights to codes, at the same positions as the weights; two per byte for I4, for
  /// which both ends must be even.
  func encode(
    _ weights: RawSpan, in range: Range<Int>, scale: Float, into codes: inout MutableRawSpan
  ) {
    if scheme.codeType == .int4 {
      encodePairs(weights, in: range, scale: scale, into: &codes)
    } else {
      encodeBytes(weights, in: range, scale: scale, into: &codes)
    }
  }

  /// 1.5 * 2^23: a number added to it loses its fraction, rounded as the processor does, to nearest
  /// and ties to even, and is then in the lowest bits in two's complement.
  private static let rounder: Float = 0x1.8p23

  private func encodeBytes(
    _ weights: RawSpan, in range: Range<Int>, scale: Float, into codes: inout MutableRawSpan
  ) {
    precondition(weights.byteCount >= 4 * range.upperBound && codes.byteCount >= range.upperBound)
    let scales = SIMD8<Float>(repeating: scale)
    let rounders = SIMD8<Float>(repeating: Self.rounder)
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      // In range: checked against the ends above.
      let weight = weights.unsafeLoadUnaligned(
        fromUncheckedByteOffset: 4 * index, as: SIMD8<Float>.self)
      let rounded = unsafeBitCast(weight / scales + rounders, to: SIMD8<UInt32>.self)
      codes.storeBytes(
        of: SIMD8<UInt8>(truncatingIfNeeded: rounded), toByteOffset: index, as: SIMD8<UInt8>.self)
      index += 8
    }
    while index < range.upperBound {
      codes.storeBytes(
        of: UInt8(truncatingIfNeeded: Self.code(weights, at: index, scale: scale)),
        toByteOffset: index, as: UInt8.self)
      index += 1
    }
  }

  private func encodePairs(
    _ weights: RawSpan, in range: Range<Int>, scale: Float, into codes: inout MutableRawSpan
  ) {
    precondition(
      weights.byteCount >= 4 * range.upperBound && codes.byteCount >= range.upperBound / 2)
    var index = range.lowerBound
    while index < range.upperBound {
      let low = Self.code(weights, at: index, scale: scale) & 0xF
      let high = Self.code(weights, at: index + 1, scale: scale) & 0xF
      codes.storeBytes(
        of: UInt8(truncatingIfNeeded: high << 4 | low), toByteOffset: index / 2, as: UInt8.self)
      index += 2
    }
  }

  /// The code in the lowest bits.
  private static func code(_ weights: RawSpan, at index: Int, scale: Float) -> UInt32 {
    // In range: the callers have checked the ends against the weights.
    let weight = weights.unsafeLoadUnaligned(fromUncheckedByteOffset: 4 * index, as: Float.self)
    return (weight / scale + rounder).bitPattern
  }
}
