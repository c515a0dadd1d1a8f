import ByteIO

/// What a pickle asks for and what it calls. Each global is judged once, and its texts are kept
/// once, however often it is asked for.
///
/// Beyond a number of uses, only those of globals that were not asked for before, or not called,
/// are noted: many more of the same say nothing new, and must not hide one that does.
struct NotedUses {
  /// The globals, in the pickle's order.
  private(set) var globals: [GlobalUse] = []
  /// The calls, in the pickle's order.
  private(set) var calls: [CallUse] = []
  let record: String?
  /// By the names as they are asked for.
  private var judged: [GlobalName: Judged] = [:]
  private var texts: Set<ByteText> = []
  /// For each of the globals, the index of the first use of the same one.
  private var firstIndices: [Int] = []
  /// The first uses of those that were called.
  private var called: Set<Int> = []

  /// How many globals, and how many calls, are noted in any case.
  static let limit = 100_000

  private struct Judged {
    let verdict: GlobalVerdict
    let meaning: GlobalMeaning
    let firstIndex: Int
  }

  /// - Parameter record: The zip record that holds the pickle.
  init(record: String?) {
    self.record = record
  }

  /// Begins a pickle.
  mutating func reset() {
    if !globals.isEmpty { self = NotedUses(record: record) }
  }

  /// Notes a global. Returns what it means, and the index of the use, or of the first use of the
  /// same global where no more are noted.
  mutating func add(
    _ global: GlobalName, at byteOffset: Int
  ) -> (index: Int, meaning: GlobalMeaning) {
    if let known = judged[global] {
      guard globals.count < Self.limit else { return (known.firstIndex, known.meaning) }
      add(globals[known.firstIndex].globalName, known, at: byteOffset)
      return (globals.count - 1, known.meaning)
    }
    let current = global.current { texts.insert($0).memberAfterInsert }
    let (verdict, meaning) = GlobalVerdict.judge(current)
    let new = Judged(verdict: verdict, meaning: meaning, firstIndex: globals.count)
    judged[global] = new
    add(current, new, at: byteOffset)
    return (new.firstIndex, meaning)
  }

  private mutating func add(_ global: GlobalName, _ judged: Judged, at byteOffset: Int) {
    globals.append(
      GlobalUse(
        globalName: global, record: record, byteOffset: byteOffset, verdict: judged.verdict))
    firstIndices.append(judged.firstIndex)
  }

  /// Notes a call of the global whose use has an index.
  mutating func addCall(ofUse index: Int, _ opcode: PickleOpcode, at byteOffset: Int) {
    let isFirst = called.insert(firstIndices[index]).inserted
    guard isFirst || calls.count < Self.limit else { return }
    calls.append(
      CallUse(global: globals[index], opcode: opcode, record: record, byteOffset: byteOffset))
  }

  /// Judges the function by which methods are looked up to be harmless: the pickle looks up only
  /// known ones.
  mutating func settleLookups() {
    globals = globals.map { $0.globalName.looksUpMethods ? $0.judged(.inert) : $0 }
    calls = calls.map { $0.global.globalName.looksUpMethods ? $0.judged(.inert) : $0 }
  }
}
