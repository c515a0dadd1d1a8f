import ByteIO

/// Storage whose bytes are computed from codes and scales.
final class DequantizedStorage: TensorStorage {
  private let tensor: QuantizedTensor
  let byteCount: Int

  init(_ tensor: QuantizedTensor) {
    self.tensor = tensor
    byteCount =
      tensor.quantization.sourceType.byteCount(elementCount: tensor.codes.elementCount) ?? 0
  }

  func bytes() throws -> ByteRegion { try gatheredBytes() }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    let pieces = try DequantizedPieces(tensor)
    while let piece = pieces.next() { try body(piece.bytes) }
  }

  /// Throws what the storages of codes and scales throw.
  func pieces() throws -> (any StoragePieces)? { try DequantizedPieces(tensor) }
}
