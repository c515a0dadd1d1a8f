import ByteIO
import TensorModel

/// The codes of a weight that is quantized as it is written.
final class CodeStorage: TensorStorage {
  private let computation: CodeComputation
  let byteCount: Int

  init(_ computation: CodeComputation, byteCount: Int) {
    self.computation = computation
    self.byteCount = byteCount
  }

  func bytes() throws -> ByteRegion { try gatheredBytes() }

  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    try computation.forEachPiece(body)
  }
}

/// The scales of such a weight, which are known once its codes are.
final class ScaleStorage: TensorStorage {
  private let computation: CodeComputation
  let byteCount: Int

  init(_ computation: CodeComputation, byteCount: Int) {
    self.computation = computation
    self.byteCount = byteCount
  }

  func bytes() throws -> ByteRegion { try computation.result().scales }
}
