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
  private var judged: [Name: Judged] = [:]
  private var texts: Set<ByteText> = []
  /// For each of the globals, the index of the first use of the same one.
  private var firstIndices: [Int] = []
  /// The first uses of those that were called.
  private var called: Set<Int> = []

  /// How many globals, and how many calls, are noted in any case.
  static let limit = 100_000

  /// Module and name as a pair: joined text could be split in other ways.
  private struct Name: Hashable {
    let module: ByteText
    let name: ByteText
  }

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

  /// Notes a global by texts that are not hashed yet.
  mutating func add(
    module: String, name: String, at byteOffset: Int
  ) -> (index: Int, meaning: GlobalMeaning) {
    add(module: ByteText(module), name: ByteText(name), at: byteOffset)
  }

  /// Notes a global. Returns what it means, and the index of the use, or of the first use of the
  /// same global where no more are noted.
  mutating func add(
    module: ByteText, name: ByteText, at byteOffset: Int
  ) -> (index: Int, meaning: GlobalMeaning) {
    let key = Name(module: module, name: name)
    if let known = judged[key] {
      guard globals.count < Self.limit else { return (known.firstIndex, known.meaning) }
      let first = globals[known.firstIndex]
      add(module: first.module, name: first.name, known, at: byteOffset)
      return (globals.count - 1, known.meaning)
    }
    let module = GlobalTables.presentName(ofModule: module.string)
    let (verdict, meaning) = GlobalVerdict.judge(module: module, name: name.string)
    let new = Judged(verdict: verdict, meaning: meaning, firstIndex: globals.count)
    judged[key] = new
    add(module: kept(ByteText(module)), name: kept(key.name), new, at: byteOffset)
    return (new.firstIndex, meaning)
  }

  private mutating func add(
    module: String, name: String, _ judged: Judged, at byteOffset: Int
  ) {
    globals.append(
      GlobalUse(
        module: module, name: name, record: record, byteOffset: byteOffset,
        verdict: judged.verdict))
    firstIndices.append(judged.firstIndex)
  }

  /// The text, or the copy of it that is kept already.
  private mutating func kept(_ text: ByteText) -> String {
    texts.insert(text).memberAfterInsert.string
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
    globals = globals.map { $0.looksUpMethods ? $0.judged(.inert) : $0 }
    calls = calls.map { $0.global.looksUpMethods ? $0.judged(.inert) : $0 }
  }
}
