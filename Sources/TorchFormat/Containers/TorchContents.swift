import ByteIO
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

/// Runs pickles one after the other, and remembers every global that they ask for even when one
/// of them fails.
struct PickleSession {
  let options: TorchReadingOptions
  let policy: GlobalPolicy
  /// The file's size, which budgets are in proportion to.
  let fileByteCount: Int
  private(set) var globals: [GlobalUse] = []
  private(set) var calls: [CallUse] = []

  init(options: TorchReadingOptions, policy: GlobalPolicy, fileByteCount: Int) {
    self.options = options
    self.policy = policy
    self.fileByteCount = fileByteCount
  }

  mutating func read(
    _ region: ByteRegion, from offset: Int = 0, record: String? = nil, _ storageForm: StorageForm
  ) throws(TorchError) -> Pickle {
    var machine = PickleMachine(
      region, from: offset, record: record, limits: options.limits, policy: policy,
      storageForm: storageForm, fileByteCount: fileByteCount)
    defer {
      globals += machine.globals
      calls += machine.calls
    }
    return try machine.run()
  }
}
