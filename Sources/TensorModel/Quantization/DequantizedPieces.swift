import ByteIO

/// Computes the weights of a quantized tensor in order, in constant memory.
final class DequantizedPieces: StoragePieces {
  private let scheme: QuantizationScheme
  private let sourceType: ElementType
  /// The number of codes that share a scale.
  private let groupLength: Int
  private let scales: ByteRegion
  private var codes: ElementReader
  /// The number of weights computed so far.
  private var weightCount = 0
  private let weights: MemoryBlock
  private let rounded: MemoryBlock
  private let unused: MemoryBlock

  /// Weights per block: even, so that codes of 4 bits fill bytes.
  private static let blockLength = 8192

  /// Starts at the first weight; throws what the storages of codes and scales throw.
  init(_ tensor: QuantizedTensor) throws {
    scheme = tensor.quantization.scheme
    sourceType = tensor.quantization.sourceType
    // Without groups there are no weights.
    groupLength = max(1, scheme.groupLength(ofShape: tensor.codes.shape) ?? 1)
    scales = try tensor.scales.contiguousBytes()
    codes = try ElementReader(tensor.codes, elementsPerBlock: Self.blockLength)
    weights = try MemoryBlock(byteCount: 4 * Self.blockLength)
    rounded = try MemoryBlock(byteCount: 8 * Self.blockLength)
    unused = try MemoryBlock(byteCount: 4 * Self.blockLength)
  }

  /// The next weights in the type that they had; `nil` at the end.
  ///
  /// The bytes are valid until `next` is called again.
  func next() -> ByteRegion? {
    guard let codes = codes.next() else { return nil }
    let count = codes.byteCount * 8 / scheme.codeType.bitWidth
    restore(codes, count: count, scales: scales, into: weights)
    weightCount += count
    if sourceType == .float32 {
      return ByteRegion(weights).slice(offset: 0, byteCount: 4 * count)
    }
    guard let numbers = ByteRegion(weights).slice(offset: 0, byteCount: 4 * count) else {
      return nil
    }
    round(numbers, count: count, into: rounded, restoring: unused)
    return ByteRegion(rounded).slice(offset: 0, byteCount: count * (sourceType.byteWidth ?? 0))
  }

  /// Multiplies codes [count] by the scales of their groups, which gives weights [count] F32.
  private func restore(
    _ codes: ByteRegion, count: Int, scales: ByteRegion, into weights: MemoryBlock
  ) {
    var span = MutableRawSpan(_unsafeBytes: weights.bytes)
    var start = 0
    while start < count {
      let group = (weightCount + start) / groupLength
      let end = min(count, (group + 1) * groupLength - weightCount)
      // There is a scale for each group.
      let scale = scales.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * group, as: Float.self)
      scheme.restore(codes.bytes, in: start..<end, scale: scale, into: &span)
      start = end
    }
  }

  /// Converts numbers [count] F32 to the type that the weights had.
  ///
  /// `restored` receives the rounded numbers themselves, which are not needed.
  private func round(
    _ numbers: ByteRegion, count: Int, into rounded: MemoryBlock, restoring restored: MemoryBlock
  ) {
    if sourceType == .float64 {
      for index in 0..<count {
        let number = numbers.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: Float.self)
        rounded.bytes.storeBytes(of: Double(number), toByteOffset: 8 * index, as: Double.self)
      }
    } else if let encoder = FloatEncoder(sourceType) {
      var patterns = MutableRawSpan(_unsafeBytes: rounded.bytes)
      var numbersAgain = MutableRawSpan(_unsafeBytes: restored.bytes)
      encoder.encode(numbers.bytes, into: &patterns, restored: &numbersAgain)
    }
  }
}
