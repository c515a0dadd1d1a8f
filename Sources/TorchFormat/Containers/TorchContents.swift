import TensorModel

/// What the reader of one container finds, before `TorchFile` shows it.
struct TorchContents {
  let container: TorchFile.Container
  let tensors: [Tensor]
  let dictionaryPaths: [String]
  let unsupportedTensors: [UnsupportedTensor]
  let root: TorchValue
  let pickleProtocol: Int
  var isBigEndian = false
  let storageByteCount: Int
  /// The archive, for zip containers.
  var archive: ZipArchive?
}
