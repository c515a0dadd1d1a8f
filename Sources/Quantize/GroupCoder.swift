import ByteIO
import TensorModel

/// Computes codes and scales group by group; keeps the scales.
struct GroupCoder {
  /// How many groups have codes.
  private(set) var codedCount = 0

  private let scheme: QuantizationScheme
  private let encoder: CodeEncoder
  private let groupCount: Int
  private let scales: MemoryBlock
  private var smallest = Float.infinity
  private var largest: Float = 0

  init(_ scheme: QuantizationScheme, groupCount: Int) throws(MemoryError) {
    self.scheme = scheme
    self.groupCount = groupCount
    encoder = CodeEncoder(scheme)
    scales = try MemoryBlock(byteCount: 4 * groupCount)
  }

  /// The smallest and the largest scale; `nil` if there are no weights.
  var scaleRange: ClosedRange<Float>? { smallest <= largest ? smallest...largest : nil }

  /// Encodes one group, a range of a block of weights [n] F32, which are all finite, and returns
  /// its scale; `nil`, and nothing is done, if the largest code would not represent a finite
  /// number.
  mutating func encode(
    _ block: RawSpan, in range: Range<Int>, largestMagnitude: Float,
    into codes: inout MutableRawSpan
  ) -> Float? {
    let scale = encoder.scale(largestMagnitude: largestMagnitude)
    guard (scale * Float(scheme.largestCode)).isFinite else { return nil }
    encoder.encode(block, in: range, scale: scale, into: &codes)
    scales.bytes.storeBytes(of: scale, toByteOffset: 4 * codedCount, as: Float.self)
    smallest = min(smallest, scale)
    largest = max(largest, scale)
    codedCount += 1
    return scale
  }

  /// All scales; rows without weights have one too.
  func finishedScales() -> ByteRegion {
    for group in codedCount..<groupCount {
      scales.bytes.storeBytes(of: 1, toByteOffset: 4 * group, as: Float.self)
    }
    return ByteRegion(scales)
  }
}
