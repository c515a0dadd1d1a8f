import ByteIO

/// Reads one pickle into values that do nothing.
///
/// No class is looked up and no function is called: a fixed set of functions is imitated, and
/// everything else becomes a named value or an error.
struct PickleMachine {
  var reader: PickleReader
  let limits: Limits
  let policy: GlobalPolicy
  let storageForm: StorageForm

  var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo = PickleMemo()
  var storages = PickleStorages()
  let arena = PickleArena()
  /// The empty tuple, which pickles ask for over and over.
  let emptyTuple: PickleTuple
  /// The globals asked for so far, whether or not the reading succeeds, and the calls, which are
  /// only noted where the pickle is observed.
  var uses: NotedUses
  var lookups = MethodLookups()
  /// The current opcode, from the start of the record or file.
  private(set) var opcodeOffset = 0
  var protocolVersion = 0
  private let start: Int
  private var frameEnd: Int?
  private var stepCount = 0
  /// Bytes that this file's pickles have re-read or copied from values they already hold.
  private(set) var copiedByteCount: Int
  private let copyBudget: Int
  private let objectLimit: Int

  init(
    _ region: ByteRegion, from offset: Int = 0, record: String? = nil, limits: Limits,
    policy: GlobalPolicy, storageForm: StorageForm, fileByteCount: Int, copiedByteCount: Int = 0
  ) {
    reader = PickleReader(
      region, from: offset, record: record, limits: limits)
    self.limits = limits
    self.policy = policy
    self.storageForm = storageForm
    uses = NotedUses(record: record)
    start = offset
    self.copiedByteCount = copiedByteCount
    copyBudget = Limits.budget(
      ratio: limits.pickleRepetitionRatio, byteCount: fileByteCount,
      floor: Self.repetitionFloor)
    objectLimit = Limits.budget(
      ratio: limits.pickleObjectRatio, byteCount: fileByteCount, floor: Self.objectFloor)
    emptyTuple = arena.keep(PickleTuple([]))
  }

  /// Reads up to and including STOP.
  mutating func run() throws(TorchError) -> Pickle {
    do {
      return try readToStop()
    } catch {
      throw openLookupRefusal ?? error
    }
  }

  private mutating func readToStop() throws(TorchError) -> Pickle {
    while true {
      opcodeOffset = reader.offset
      stepCount += 1
      guard stepCount <= limits.pickleValueCount else {
        throw error(.valueCount(limit: limits.pickleValueCount))
      }
      let byte = try reader.readByte()
      guard let opcode = PickleOpcode(rawValue: byte) else { throw error(.opcodeUnknown(byte)) }
      if opcode == .stop { return try finish() }
      try execute(opcode)
      guard arena.count <= objectLimit else { throw error(.objectCount(limit: objectLimit)) }
      if let frameEnd {
        guard reader.offset <= frameEnd else { throw error(.frame) }
        if reader.offset == frameEnd { self.frameEnd = nil }
      }
    }
  }

  /// How much any pickle may produce by reusing its values, however small it is.
  static let repetitionFloor = 1 << 16
  /// How many objects any pickle may make.
  private static let objectFloor = 1 << 14

  /// Counts bytes that an opcode reads again or copies, and that are not part of its own operand:
  /// one value may be used very many times.
  mutating func countCopy(byteCount: Int) throws(TorchError) {
    copiedByteCount += byteCount
    guard copiedByteCount <= copyBudget else { throw error(.repetition(limit: copyBudget)) }
  }

  /// Counts members that a value takes from a tuple or a list: each is looked at again wherever it
  /// is, and copied as soon as one of the two changes.
  mutating func countCopy(of items: [PickleValue]) throws(TorchError) {
    try countCopy(byteCount: items.count * MemoryLayout<PickleValue>.stride)
  }

  /// Counts what a call goes over, which may be the same for very many calls: its arguments,
  /// including texts and bytes, and what containers among them and their members hold.
  mutating func countContents(of items: [PickleValue], depth: Int = 0) throws(TorchError) {
    try countCopy(of: items)
    for item in items {
      switch item {
      case .text(let text): try countCopy(byteCount: text.utf8.count)
      case .bytes(let bytes), .bigInteger(let bytes): try countCopy(byteCount: bytes.count)
      case .list(let list) where depth < 2: try countContents(of: list.items, depth: depth + 1)
      case .tuple(let tuple) where depth < 2: try countContents(of: tuple.items, depth: depth + 1)
      case .set(let set) where depth < 2: try countContents(of: set.items, depth: depth + 1)
      case .dictionary(let dictionary) where depth < 2: try countCopy(of: dictionary.entries)
      default: continue
      }
    }
  }

  private mutating func finish() throws(TorchError) -> Pickle {
    guard marks.isEmpty, stack.count == 1, let root = stack.first else {
      throw error(.stackLeftOver(count: stack.count))
    }
    // Python continues after the frame, where the next pickle in a sequence would be a different
    // one.
    guard frameEnd == nil || frameEnd == reader.offset else { throw error(.frame) }
    try settleLookups()
    return Pickle(
      root: root, storages: storages.inOrder, protocolVersion: protocolVersion,
      end: reader.offset, arena: arena)
  }

  /// An error at the current opcode.
  func error(_ reason: TorchError.Reason) -> TorchError {
    reader.error(reason, at: opcodeOffset)
  }

  mutating func readProtocol() throws(TorchError) {
    guard opcodeOffset == start else { throw error(.protocolMisplaced) }
    protocolVersion = Int(try reader.readByte())
    guard protocolVersion <= 5 else {
      throw error(.pickleProtocol(found: protocolVersion, newest: 5))
    }
  }

  mutating func beginFrame() throws(TorchError) {
    let byteCount = try reader.readCount(UInt64.self)
    guard frameEnd == nil else { throw error(.frame) }
    guard byteCount <= reader.available else {
      throw error(.pickleTruncated(needed: byteCount, available: reader.available))
    }
    frameEnd = reader.offset + byteCount
  }

  /// Notes a global and returns it with its meaning; throws where the policy does not allow it.
  mutating func use(_ global: GlobalName) throws(TorchError) -> PickleGlobal {
    let (index, meaning) = uses.add(global, at: opcodeOffset)
    let use = uses.globals[index]
    // `getattr` is judged by its calls.
    guard policy.allows(use.verdict) || meaning == .function(.method) else {
      throw error(.globalRefused(use))
    }
    return arena.keep(PickleGlobal(use, index: index, meaning: meaning))
  }

  /// Notes a call, if the pickle is observed.
  mutating func noteCall(of global: PickleGlobal, _ opcode: PickleOpcode) {
    guard policy == .observing else { return }
    uses.addCall(ofUse: global.useIndex, opcode, at: opcodeOffset)
  }
}
