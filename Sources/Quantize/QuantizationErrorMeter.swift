import ByteIO

/// Sums over weights and what is left of them after storing.
///
/// Every restored weight is what a reader gets, so nothing is estimated. A tensor is processed by
/// one thread, in order, so that the sums are the same everywhere.
struct QuantizationErrorMeter: Equatable, Sendable {
  /// The sum of the weights' squares.
  private(set) var signal = 0.0
  /// The sum of the errors' squares.
  private(set) var noise = 0.0
  /// The largest distance between a weight and what is left of it.
  private(set) var maximumError = 0.0
  /// Weights that were not 0 and now are.
  private(set) var flushedCount = 0

  /// Adds weights [n] F32 and what is left of them [n] F32, all of them finite.
  mutating func add(_ weights: RawSpan, restored: RawSpan) {
    let count = min(weights.byteCount, restored.byteCount) / 4
    var signals = SIMD8<Double>()
    var noises = SIMD8<Double>()
    var largest = SIMD8<Float>()
    var flushed = SIMD8<Int32>()
    var index = 0
    while index + 8 <= count {
      // In range: checked against the count of both.
      let weight = weights.unsafeLoadUnaligned(
        fromUncheckedByteOffset: 4 * index, as: SIMD8<Float>.self)
      let rest = restored.unsafeLoadUnaligned(
        fromUncheckedByteOffset: 4 * index, as: SIMD8<Float>.self)
      let error = weight - rest
      let (wideWeight, wideError) = (SIMD8<Double>(weight), SIMD8<Double>(error))
      signals += wideWeight * wideWeight
      noises += wideError * wideError
      let magnitude = unsafeBitCast(
        unsafeBitCast(error, to: SIMD8<Int32>.self) & 0x7FFF_FFFF, to: SIMD8<Float>.self)
      largest.replace(with: magnitude, where: magnitude .> largest)
      // The sign of a magnitude less one, spread over the lane, is -1 where the magnitude is 0.
      let isZero = Self.isZero(rest) & ~Self.isZero(weight)
      flushed &-= isZero
      index += 8
    }
    signal += signals.sum()
    noise += noises.sum()
    maximumError = max(maximumError, Double(largest.max()))
    flushedCount += Int(flushed.wrappedSum())
    while index < count {
      let weight = weights.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: Float.self)
      let rest = restored.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: Float.self)
      let error = weight - rest
      signal += Double(weight) * Double(weight)
      noise += Double(error) * Double(error)
      maximumError = max(maximumError, Double(error.magnitude))
      if rest == 0 && weight != 0 { flushedCount += 1 }
      index += 1
    }
  }

  /// Takes in the weights of a source's last block and what is left of them [n] F32: those that the
  /// tensor has, where F32 holds less of them.
  ///
  /// - Parameter weights: The block [n] F32, all of it finite.
  mutating func add(_ weights: RawSpan, of source: borrowing WeightSource, restored: RawSpan) {
    if let storedDoubles = source.storedDoubles {
      add(wide: storedDoubles.bytes, restored: restored)
    } else {
      add(weights, restored: restored)
    }
  }

  /// Takes in weights [n] F64 and what is left of them [n] F32; passes over weights that are not
  /// finite.
  mutating func add(wide weights: RawSpan, restored: RawSpan) {
    for index in 0..<min(weights.byteCount / 8, restored.byteCount / 4) {
      let weight = weights.unsafeLoadUnaligned(fromByteOffset: 8 * index, as: Double.self)
      let rest = Double(restored.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: Float.self))
      guard weight.isFinite else { continue }
      let error = weight - rest
      signal += weight * weight
      noise += error * error
      maximumError = max(maximumError, error.magnitude)
      if rest == 0 && weight != 0 { flushedCount += 1 }
    }
    // Squares of small numbers are 0, and what was lost must not pass for nothing.
    if maximumError > 0 {
      noise = max(noise, .leastNonzeroMagnitude)
      signal = max(signal, .leastNonzeroMagnitude)
    }
  }

  @inline(__always)
  private static func isZero(_ numbers: SIMD8<Float>) -> SIMD8<Int32> {
    ((unsafeBitCast(numbers, to: SIMD8<Int32>.self) & 0x7FFF_FFFF) &- 1) &>> 31
  }
}
