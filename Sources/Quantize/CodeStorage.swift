import ByteIO
import TensorModel

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

final class ScaleStorage: TensorStorage {
  private let computation: CodeComputation
  let byteCount: Int

  init(_ computation: CodeComputation, byteCount: Int) {
    self.computation = computation
    self.byteCount = byteCount
  }

  func bytes() throws -> ByteRegion { try computation.result().scales }
}
