import ByteIO
import TensorModel

/// The storage of a tensor that can be listed but must not be written out.
final class RefusedStorage: TensorStorage {
  let byteCount: Int
  private let error: TorchError

  init(byteCount: Int, error: TorchError) {
    self.byteCount = byteCount
    self.error = error
  }

  func bytes() throws -> ByteRegion { throw error }
}
