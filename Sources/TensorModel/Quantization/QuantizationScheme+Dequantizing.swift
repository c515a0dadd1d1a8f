extension QuantizationScheme {
  /// Converts codes to weights: `Float(code) * scale`, rounded to nearest, ties to even.
  ///
  /// - Parameters:
  ///   - codes: The codes of a run of weights as they are stored; two per byte for I4, which must
  ///     begin with the first of a pair.
  ///   - range: Which of them are restored; for I4 both ends must be even.
  ///   - scale: The scale that they share.
  ///   - weights: F32, at least four times as many bytes as the end of `range`; the weights go to
  ///     the positions of their codes.
  public func restore(
    _ codes: RawSpan, in range: Range<Int>, scale: Float, into weights: inout MutableRawSpan
  ) {
    switch codeType {
    case .int4: restorePairs(codes, in: range, scale: scale, into: &weights)
    default: restoreBytes(codes, in: range, scale: scale, into: &weights)
    }
  }

  private func restoreBytes(
    _ codes: RawSpan, in range: Range<Int>, scale: Float, into weights: inout MutableRawSpan
  ) {
    precondition(codes.byteCount >= range.upperBound && weights.byteCount >= 4 * range.upperBound)
    let scales = SIMD8<Float>(repeating: scale)
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      // In range: checked against the ends above.
      let code = codes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: SIMD8<Int8>.self)
      weights.storeBytes(
        of: SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: code)) * scales,
        toByteOffset: 4 * index, as: SIMD8<Float>.self)
      index += 8
    }
    while index < range.upperBound {
      let code = codes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: Int8.self)
      weights.storeBytes(of: Float(code) * scale, toByteOffset: 4 * index, as: Float.self)
      index += 1
    }
  }

  private func restorePairs(
    _ codes: RawSpan, in range: Range<Int>, scale: Float, into weights: inout MutableRawSpan
  ) {
    precondition(
      codes.byteCount >= range.upperBound / 2 && weights.byteCount >= 4 * range.upperBound)
    var index = range.lowerBound
    while index < range.upperBound {
      let pair = codes.unsafeLoadUnaligned(fromUncheckedByteOffset: index / 2, as: Int8.self)
      // Shifted to the top and back, the lower half keeps its sign.
      weights.storeBytes(
        of: Float((pair << 4) >> 4) * scale, toByteOffset: 4 * index, as: Float.self)
      weights.storeBytes(of: Float(pair >> 4) * scale, toByteOffset: 4 * index + 4, as: Float.self)
      index += 2
    }
  }
}
