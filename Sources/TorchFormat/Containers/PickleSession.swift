import ByteIO

/// Reads pickles one after the other, and remembers every global that they ask for even when one of
/// them fails.
///
/// A session that observes also sweeps what is left of a pickle that fails.
struct PickleSession {
  let options: TorchReadingOptions
  let policy: GlobalPolicy
  /// The file's size, which budgets are in proportion to.
  let fileByteCount: Int
  private var uses = PickleUses()
  /// The byte after the last pickle that was read.
  private(set) var end = 0
  /// What all pickles together have copied: an archive may have thousands of them.
  private var copiedByteCount = 0
  /// The archive, once its directory has been read.
  var archive: ZipArchive?

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
      storageForm: storageForm, fileByteCount: fileByteCount, copiedByteCount: copiedByteCount)
    do {
      defer {
        uses.add(machine.uses.globals, machine.uses.calls)
        copiedByteCount = machine.copiedByteCount
      }
      let pickle = try machine.run()
      end = pickle.end
      return pickle
    } catch {
      if policy == .observing { sweep(region, from: offset, record: record) }
      throw error
    }
  }

  /// Lists what the consecutive pickles at `offset` ask for, except what is listed already.
  mutating func sweep(_ region: ByteRegion, from offset: Int, record: String?) {
    addNew(PickleSweeps(region, from: offset, record: record).uses)
  }

  /// Adds what is not listed yet.
  mutating func addNew(_ found: PickleUses) { uses.addNew(found) }

  /// What all pickles ask for, in the order in which they were read: every use, or, beyond 100,000,
  /// at least one of each global.
  var globals: [GlobalUse] { uses.globals.uses }
  /// The calls of these globals, in order: every one, or, beyond 100,000, at least one of each
  /// global that is called.
  var calls: [CallUse] { uses.calls.uses }
}
