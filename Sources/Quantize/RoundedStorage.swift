import ByteIO
import Synchronization
import TensorModel

/// A tensor's numbers, rounded to a type of 16 or 32 bits while they are written.
final class RoundedStorage: TensorStorage {
  private let tensor: Tensor
  private let floatType: ElementType
  private let overflow: OverflowPolicy
  private let name: String
  private let known = Lock<TensorQuality?>(nil)
  let byteCount: Int

  /// Weights per block.
  static let blockLength = 8192

  init(_ tensor: Tensor, floatType: ElementType, overflow: OverflowPolicy, name: String) {
    self.tensor = tensor
    self.floatType = floatType
    self.overflow = overflow
    self.name = name
    byteCount = floatType.byteCount(elementCount: tensor.elementCount) ?? 0
  }

  var isMeasured: Bool { known.withLock { $0 != nil } }

  func quality() throws -> TensorQuality {
    try known.withLock { known in
      if let known { return known }
      let quality = try run { _ in }
      known = quality
      return quality
    }
  }

  func bytes() throws -> ByteRegion { try gatheredBytes() }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    let quality = try run(body)
    known.withLock { $0 = quality }
  }

  private func run(_ body: (RawSpan) throws -> Void) throws -> TensorQuality {
    var source = try WeightSource(tensor, name: name, elementsPerBlock: Self.blockLength)
    let patterns = try MemoryBlock(byteCount: 2 * Self.blockLength)
    let restored = try MemoryBlock(byteCount: 4 * Self.blockLength)
    let firstOverflow = RoundedWeights.firstOverflow(of: floatType)
    var meter = QuantizationErrorMeter()
    var subnormalCount = 0
    var clippedCount = 0
    var hasLostNumbers = false
    while let block = source.next() {
      let count = block.byteCount / 4
      var numbers = block
      var measured = block
      if CodeEncoder.largestMagnitude(block.bytes, in: 0..<count) >= firstOverflow {
        let substitute = try substitute(for: block, of: source)
        clippedCount += substitute.count
        if overflow == .infinity && substitute.count > 0 { hasLostNumbers = true }
        numbers = overflow == .saturate ? substitute.block : block
        measured = overflow == .saturate ? block : substitute.block
      }
      guard let encoder = FloatEncoder(floatType) else {
        meter.add(block.bytes, of: source, restored: block.bytes)
        try body(block.bytes)
        continue
      }
      var patternSpan = MutableRawSpan(_unsafeBytes: patterns.bytes)
      var restoredSpan = MutableRawSpan(_unsafeBytes: restored.bytes)
      encoder.encode(numbers.bytes, into: &patternSpan, restored: &restoredSpan)
      guard let piece = ByteRegion(patterns).slice(offset: 0, byteCount: 2 * count) else { break }
      Self.clearInfinities(restored, count: overflow == .infinity ? count : 0)
      meter.add(measured.bytes, of: source, restored: ByteRegion(restored).bytes)
      subnormalCount += Self.subnormalCount(piece.bytes, floatType)
      try body(piece.bytes)
    }
    var quality = TensorQuality(
      meter, subnormalCount: subnormalCount, clippedCount: clippedCount)
    if hasLostNumbers {
      // A number that becomes infinite is infinitely far from what a reader gets.
      quality.noise = .infinity
      quality.maximumError = .infinity
    }
    return quality
  }

  /// A block with another number for each that is too large: the largest number if they saturate, 0
  /// if they become infinite, so that the rest is measured; and how many of the replaced numbers
  /// are finite.
  private func substitute(
    for block: ByteRegion, of source: WeightSource
  ) throws -> (block: ByteRegion, count: Int) {
    let firstOverflow = Float(bitPattern: RoundedWeights.firstOverflow(of: floatType))
    try source.requireFinite(block, allowsInfinity: overflow == .infinity && floatType != .float32)
    if overflow == .refuse || overflow == .keepFloat32,
      let (index, value) = source.element(in: block, where: { $0.magnitude >= firstOverflow })
    {
      throw QuantizeError.overflow(tensor: name, index: index, value: value, type: floatType)
    }
    let largest: Float = floatType == .float16 ? 65504 : Float(bitPattern: 0x7F7F_0000)
    let result = try MemoryBlock(byteCount: block.byteCount)
    block.withUnsafeBytes { result.bytes.copyMemory(from: $0) }
    var count = 0
    for offset in stride(from: 0, to: block.byteCount, by: 4) {
      let value = result.bytes.load(fromByteOffset: offset, as: Float.self)
      guard value.magnitude >= firstOverflow else { continue }
      if value.isFinite { count += 1 }
      let other = overflow == .saturate ? Float(signOf: value, magnitudeOf: largest) : 0
      result.bytes.storeBytes(of: other, toByteOffset: offset, as: Float.self)
    }
    return (ByteRegion(result), count)
  }

  private static func clearInfinities(_ numbers: MemoryBlock, count: Int) {
    for offset in stride(from: 0, to: 4 * count, by: 4)
    where numbers.bytes.load(fromByteOffset: offset, as: Float.self).isInfinite {
      numbers.bytes.storeBytes(of: 0, toByteOffset: offset, as: Float.self)
    }
  }

  /// How many patterns of two bytes have an exponent of 0 and are not 0.
  private static func subnormalCount(_ patterns: RawSpan, _ floatType: ElementType) -> Int {
    let leastNormal: UInt16 = floatType == .float16 ? 0x0400 : 0x0080
    let count = patterns.byteCount / 2
    var counts = SIMD8<Int16>()
    var index = 0
    while index + 8 <= count {
      // In range; a block is too short for the lanes to overflow.
      let magnitude =
        patterns.unsafeLoadUnaligned(fromUncheckedByteOffset: 2 * index, as: SIMD8<Int16>.self)
        & 0x7FFF
      let isSmall = (magnitude &- Int16(bitPattern: leastNormal)) &>> 15
      let isZero = (magnitude &- 1) &>> 15
      counts &-= isSmall & ~isZero
      index += 8
    }
    var sum = (0..<8).reduce(0) { $0 + Int(counts[$1]) }
    while index < count {
      let magnitude =
        patterns.unsafeLoadUnaligned(fromByteOffset: 2 * index, as: UInt16.self) & 0x7FFF
      if magnitude != 0 && magnitude < leastNormal { sum += 1 }
      index += 1
    }
    return sum
  }
}
