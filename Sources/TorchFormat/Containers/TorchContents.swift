/// What the reader of one container finds, before `TorchFile` shows it.
struct TorchContents {
  let container: TorchFile.Container
  let tree: TensorTree
  let root: TorchValue
  let pickleProtocol: Int
  var isBigEndian = false
  /// The archive, for zip containers.
  var archive: ZipArchive?
}
