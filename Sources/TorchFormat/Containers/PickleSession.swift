import ByteIO

/// Runs pickles one after the other, and remembers every global that they ask for even when one
/// of them fails.
///
/// A session that observes also sweeps what is left of a pickle that fails.
struct PickleSession {
  let options: TorchReadingOptions
  let policy: GlobalPolicy
  /// The file's size, which budgets are in proportion to.
  let fileByteCount: Int
  private var globalList = UseList<GlobalUse>()
  private var callList = UseList<CallUse>()
  /// The byte behind the last pickle that was read.
  private(set) var end = 0
  /// Where the globals and calls are, as far as it was needed.
  private var globalPlaces = UsePlaces()
  private var callPlaces = UsePlaces()
  /// What all pickles have copied, for an archive may have thousands of them.
  private var copiedByteCount = 0
  /// The archive, once its directory was read.
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
        globalList.add(machine.uses.globals) { $0 }
        callList.add(machine.uses.calls, \.global)
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

  /// Lists what the pickles at `offset`, one behind the other, ask for, apart from what is listed.
  mutating func sweep(_ region: ByteRegion, from offset: Int, record: String?) {
    add(PickleSweeps(region, from: offset, record: record))
  }

  /// Adds what sweeps have found and is not listed.
  mutating func add(_ sweeps: PickleSweeps) { add(sweeps.globals, sweeps.calls) }

  /// Adds what is not listed.
  mutating func add(_ newGlobals: [GlobalUse], _ newCalls: [CallUse]) {
    if newGlobals.isEmpty { return }
    globalPlaces.add(globals) { UsePlace($0, at: $0.byteOffset, in: $0.record) }
    globalList.add(
      newGlobals.filter { !globalPlaces.contains(UsePlace($0, at: $0.byteOffset, in: $0.record)) }
    ) { $0 }
    callPlaces.add(calls) { UsePlace($0.global, at: $0.byteOffset, in: $0.record) }
    callList.add(
      newCalls.filter {
        !callPlaces.contains(UsePlace($0.global, at: $0.byteOffset, in: $0.record))
      }, \.global)
  }

  /// What all pickles ask for, in the order in which they were read; of very many, each once.
  var globals: [GlobalUse] { globalList.uses }
  /// The calls of these globals, in order; of very many, those of each global once.
  var calls: [CallUse] { callList.uses }
}
