import ByteIO

extension QuantizedTensor {
  /// The weights, in the element type that they had; computed whenever they are asked for, in
  /// constant memory by `forEachChunk`.
  public var dequantized: Tensor {
    get throws(Tensor.LayoutError) {
      try Tensor(
        name: codes.name, elementType: quantization.sourceType, shape: codes.shape,
        storage: DequantizedStorage(self))
    }
  }
}

/// Storage whose bytes are computed from codes and scales.
private final class DequantizedStorage: TensorStorage {
  private let tensor: QuantizedTensor
  private let sourceType: ElementType
  let byteCount: Int

  /// Weights at a time: even, so that codes of 4 bits fill bytes.
  private static let blockLength = 8192

  init(_ tensor: QuantizedTensor) {
    self.tensor = tensor
    sourceType = tensor.quantization.sourceType
    byteCount = sourceType.byteCount(elementCount: tensor.codes.elementCount) ?? 0
  }

  func bytes() throws -> ByteRegion { try gatheredBytes() }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    let scheme = tensor.quantization.scheme
    guard let groupLength = scheme.groupLength(ofShape: tensor.codes.shape), groupLength > 0 else {
      return
    }
    let scales = try tensor.scales.contiguousBytes()
    var reader = try ElementReader(tensor.codes, elementsPerBlock: Self.blockLength)
    let weights = try MemoryBlock(byteCount: 4 * Self.blockLength)
    let rounded = try MemoryBlock(byteCount: 8 * Self.blockLength)
    let unused = try MemoryBlock(byteCount: 4 * Self.blockLength)
    var first = 0
    while let codes = reader.next() {
      let count = codes.byteCount * 8 / scheme.codeType.bitWidth
      var span = MutableRawSpan(_unsafeBytes: weights.bytes)
      var start = 0
      while start < count {
        let group = (first + start) / groupLength
        let end = min(count, (group + 1) * groupLength - first)
        // There is a scale for each group.
        let scale = scales.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * group, as: Float.self)
        scheme.restore(codes.bytes, in: start..<end, scale: scale, into: &span)
        start = end
      }
      first += count
      round(weights, count: count, into: rounded, restoring: unused)
      let result = ByteRegion(sourceType == .float32 ? weights : rounded)
      let width = sourceType.byteWidth ?? 0
      if let piece = result.slice(offset: 0, byteCount: count * width) { try body(piece.bytes) }
    }
  }

  /// Numbers [count] F32 to the type that the weights had; F32 stays where it is.
  ///
  /// `restored` takes the rounded numbers themselves, which are not needed.
  private func round(
    _ weights: MemoryBlock, count: Int, into rounded: MemoryBlock, restoring restored: MemoryBlock
  ) {
    guard let numbers = ByteRegion(weights).slice(offset: 0, byteCount: 4 * count) else { return }
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
