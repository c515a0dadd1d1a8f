import ByteIO
import Synchronization
public import TensorModel

extension NativeFile {
  /// The tensors, each of which is checked against its digest in the header when it is first read.
  ///
  /// For writing another file from them: a tensor that was changed throws
  /// `NativeError.tensorDigest`, at the latest after its last piece, and does not become one with a
  /// digest that matches. The first read of a tensor costs its SHA-256.
  public var checkedTensors: [Tensor] {
    zip(tensors, header.tensors).map { tensor, entry in
      tensor.reading(
        DigestedStorage(
          tensor.storage, declared: entry.digest, tensor: tensor.name.string,
          fileOffset: dataOffset + entry.dataOffset))
    }
  }
}

/// A tensor's storage with the digest that its file declares.
private final class DigestedStorage: TensorStorage {
  private let storage: any TensorStorage
  private let declared: SHA256Digest
  private let tensor: String
  private let fileOffset: Int
  private let isChecked = Lock(false)
  var byteCount: Int { storage.byteCount }

  init(_ storage: any TensorStorage, declared: SHA256Digest, tensor: String, fileOffset: Int) {
    self.storage = storage
    self.declared = declared
    self.tensor = tensor
    self.fileOffset = fileOffset
  }

  func bytes() throws -> ByteRegion {
    if !isChecked.withLock({ $0 }) { _ = try digest() }
    return try storage.bytes()
  }

  /// Passes on the bytes. If they have not been checked yet, the digest is computed along with what
  /// `body` does, while each piece is in the processor's cache.
  func forEachPiece(_ body: (RawSpan) throws -> Void) throws {
    if isChecked.withLock({ $0 }) { return try storage.forEachPiece(body) }
    var hasher = SHA256Hasher()
    try storage.forEachPiece { piece in
      hasher.update(piece)
      try body(piece)
    }
    try require(hasher.digest())
  }

  func digest() throws -> SHA256Digest {
    let computed = try storage.digest()
    try require(computed)
    return computed
  }

  private func require(_ computed: SHA256Digest) throws(NativeError) {
    guard computed == declared else {
      throw .tensorDigest(
        tensor: tensor, fileOffset: fileOffset, declared: declared, computed: computed)
    }
    isChecked.withLock { $0 = true }
  }
}
