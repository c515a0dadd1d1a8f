import ByteIO
import Synchronization
import TensorModel

/// The passes over a weight.
final class CodeComputation: Sendable {
  struct Result {
    let scales: ByteRegion
    let quality: TensorQuality
  }

  private let tensor: Tensor
  private let scheme: QuantizationScheme
  private let groupLength: Int
  private let groupCount: Int
  private let name: String
  private let known = Lock<Result?>(nil)

  /// Weights per block, unless a group is longer.
  private static let blockLength = 8192

  /// The longest group. About 30 bytes are held for each weight; no ConvNeXt has such rows, but a
  /// file of a few bytes can claim them by strides of 0.
  static let largestGroupLength = 1 << 20

  init(
    _ tensor: Tensor, scheme: QuantizationScheme, groupLength: Int, groupCount: Int, name: String
  ) {
    self.tensor = tensor
    self.scheme = scheme
    self.groupLength = groupLength
    self.groupCount = groupCount
    self.name = name
  }

  var isDone: Bool { known.withLock { $0 != nil } }

  /// Scales and quality, computed once.
  func result() throws -> Result {
    try known.withLock { known in
      if let known { return known }
      let result = try run { _ in }
      known = result
      return result
    }
  }

  /// Goes over the weight and passes on its codes.
  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    let result = try run(body)
    known.withLock { $0 = result }
  }

  private func run(_ body: (RawSpan) throws -> Void) throws -> Result {
    guard groupLength <= Self.largestGroupLength else {
      throw QuantizeError.groupTooLong(
        tensor: name, length: groupLength, limit: Self.largestGroupLength)
    }
    // Blocks are whole groups.
    let blockLength =
      groupLength == 0 ? 1 : max(groupLength, Self.blockLength / groupLength * groupLength)
    var source = try WeightSource(tensor, name: name, elementsPerBlock: blockLength)
    var groups = try GroupCoder(scheme, groupCount: groupCount)
    let codes = try MemoryBlock(byteCount: blockLength)
    let restored = try MemoryBlock(byteCount: 4 * blockLength)
    let sourceEncoder = FloatEncoder(tensor.elementType)
    let patterns = try MemoryBlock(byteCount: sourceEncoder == nil ? 0 : 2 * blockLength)
    let rounded = try MemoryBlock(byteCount: sourceEncoder == nil ? 0 : 4 * blockLength)
    var meter = QuantizationErrorMeter()
    while let block = source.next() {
      let count = block.byteCount / 4
      var codeSpan = MutableRawSpan(_unsafeBytes: codes.bytes)
      var restoredSpan = MutableRawSpan(_unsafeBytes: restored.bytes)
      for start in stride(from: 0, to: count, by: groupLength) {
        let range = start..<(start + groupLength)
        let magnitude = CodeEncoder.largestMagnitude(block.bytes, in: range)
        if magnitude >= 0x7F80_0000 { try source.requireFinite(block) }
        guard
          let scale = groups.encode(
            block.bytes, in: range, largestMagnitude: Float(bitPattern: magnitude),
            into: &codeSpan)
        else {
          let groupsPerRow = groupCount / max(1, tensor.shape[0])
          throw QuantizeError.scaleOverflow(
            tensor: name, row: groups.codedCount / max(1, groupsPerRow))
        }
        let codeBytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(codes.bytes))
        scheme.restore(codeBytes, in: range, scale: scale, into: &restoredSpan)
      }
      sourceEncoder?.round(restored, count: count, patterns: patterns, into: rounded)
      let found = sourceEncoder == nil ? restored : rounded
      meter.add(
        block.bytes, of: source,
        restored: RawSpan(_unsafeBytes: UnsafeRawBufferPointer(found.bytes)))
      let codeCount = count * scheme.codeType.bitWidth / 8
      if let piece = ByteRegion(codes).slice(offset: 0, byteCount: codeCount) {
        try body(piece.bytes)
      }
    }
    return Result(
      scales: groups.finishedScales(),
      quality: TensorQuality(meter, scales: groups.scaleRange))
  }
}

extension FloatEncoder {
  /// Rounds the first `count` of numbers [n] F32 to the type of their source, as a reader gets
  /// them, and converts them back to F32.
  ///
  /// - Parameter patterns: Space for the bit patterns in the source's type, two bytes each.
  fileprivate func round(
    _ numbers: MemoryBlock, count: Int, patterns: MemoryBlock, into rounded: MemoryBlock
  ) {
    var patternSpan = MutableRawSpan(_unsafeBytes: patterns.bytes)
    var roundedSpan = MutableRawSpan(_unsafeBytes: rounded.bytes)
    encode(
      RawSpan(_unsafeBytes: UnsafeRawBufferPointer(numbers.bytes)).extracting(first: 4 * count),
      into: &patternSpan, restored: &roundedSpan)
  }
}

extension TensorQuality {
  init(
    _ meter: QuantizationErrorMeter, subnormalCount: Int = 0, clippedCount: Int = 0,
    scales: ClosedRange<Float>? = nil
  ) {
    self.init(
      signal: meter.signal, noise: meter.noise, maximumError: meter.maximumError,
      flushedCount: meter.flushedCount, subnormalCount: subnormalCount,
      clippedCount: clippedCount, scales: scales)
  }
}
