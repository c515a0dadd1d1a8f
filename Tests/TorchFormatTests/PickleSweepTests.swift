import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Sweeps over a pickle")
struct PickleSweepTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    var globals = ["os.system"]
    var calls: [PickleOpcode] = [.reduce]

    init(
      _ name: String, _ bytes: [UInt8], globals: [String] = ["os.system"],
      calls: [PickleOpcode] = [.reduce]
    ) {
      testDescription = name
      self.bytes = bytes
      self.globals = globals
      self.calls = calls
    }
  }

  private static let call = P.call(P.global("os", "system"), P.text("id"))

  static let cases = [
    Case("a whole pickle", P.pickle(call)),
    Case("cut off behind the call", [0x80, 2] + call),
    Case("cut off within the next operand", [0x80, 2] + call + P.ascii("X") + [9, 0, 0, 0, 1]),
    Case("an unknown opcode behind the call", [0x80, 2] + call + [0xFF] + P.none),
    Case(
      "a duplicate key, where Python goes on", P.pickle(P.dictionary(["a": call, "a": call])),
      globals: ["os.system", "os.system"], calls: [.reduce, .reduce]),
    Case("text opcodes without PROTO", P.ascii("cos\nsystem\n(S'id'\ntR.")),
    Case(
      "an old module's name", P.pickle(P.call(P.global("__builtin__", "eval"))),
      globals: ["builtins.eval"]),
    Case(
      "names from the memo",
      [0x80, 2] + P.text("system") + P.ascii("q\u{1}0") + P.text("os")
        + P.ascii("h\u{1}") + [0x93] + P.tuple() + P.ascii("R")),
    Case(
      "names memoized by number in text",
      [0x80, 2] + P.text("system") + P.ascii("p300\n0")
        + P.text("os") + P.ascii("g300\n") + [0x93] + P.tuple() + P.ascii("R")),
    Case(
      "MEMOIZE and LONG_BINGET",
      [0x80, 4] + P.text("os") + [0x94] + P.text("system")
        + [0x94] + P.ascii("00j") + [0, 0, 0, 0] + P.ascii("j") + [1, 0, 0, 0, 0x93] + P.tuple()
        + P.ascii("R")),
    Case(
      "names on the stack from DUP and POP",
      [0x80, 2] + P.text("os") + P.text("system") + P.ascii("20") + [0x93] + P.tuple()
        + P.ascii("R")),
    Case(
      "a function from the memo",
      [0x80, 2] + P.global("os", "system") + P.ascii("q\u{1}0")
        + P.none + P.ascii("0h\u{1}") + P.tuple() + P.ascii("R")),
    Case("INST", P.ascii("(ios\nsystem\n"), calls: [.inst]),
    Case("OBJ", P.ascii("(") + P.global("os", "system") + P.ascii("o"), calls: [.obj]),
    Case("NEWOBJ", P.global("os", "system") + P.ascii(")") + [0x81], calls: [.newobj]),
    Case("NEWOBJ_EX", P.global("os", "system") + P.ascii(")}") + [0x92], calls: [.newobjEx]),
    Case("a name that is never called", P.global("os", "system") + P.ascii("."), calls: []),
    Case(
      "the call's result called again", [0x80, 2] + call + P.tuple() + P.ascii("R.")),
    Case("a harmless pickle", P.pickle(P.dictionary(["a": P.none])), globals: [], calls: []),
    Case(
      "opcodes that take from an empty stack", P.ascii("0R1tsuob") + [0x93], globals: [], calls: []),
    Case("INST whose last line has no line feed", P.ascii("(Vid\nios\nsystemX"), calls: [.inst]),
    Case("GLOBAL whose last line has no line feed", P.ascii("cos\nsystemX"), calls: []),
    Case("GLOBAL with a module alone", P.ascii("cosX"), globals: ["os."], calls: []),
    Case("INST without a mark, which is looked up", P.ascii("ios\nsystem\nN"), calls: []),
    Case(
      "what follows an opcode that takes too much", P.ascii("Na") + call, globals: [], calls: []),
    Case("what follows a value below a mark", P.ascii("N(0") + call),
    Case(
      "what follows an opcode that reaches below a mark", P.ascii("N(Na") + call, globals: [],
      calls: []),
    Case("names that are none", P.ascii("c \n\u{1}\n."), globals: [], calls: []),
    Case("no bytes", [], globals: [], calls: []),
  ]

  @Test("globals and calls are found up to what cannot be read", arguments: cases)
  func finds(_ sample: Case) {
    let sweep = PickleSweep(ByteRegion(copying: sample.bytes), record: "r")
    #expect(sweep.globals.map(\.qualifiedName) == sample.globals)
    #expect(sweep.calls.map(\.opcode) == sample.calls)
    #expect(sweep.globals.allSatisfy { $0.record == "r" })
  }

  @Test("a sweep tells where it ended, and why")
  func ends() {
    let whole = PickleSweep(ByteRegion(copying: P.ascii("N.N")), record: nil)
    #expect(whole.end == 2 && whole.reach == 2 && !whole.isCut)
    let bad = PickleSweep(ByteRegion(copying: P.ascii("N") + [0xFF]), record: nil)
    #expect(bad.end == nil && bad.offset == 1 && !bad.isCut)
    let cut = PickleSweep(ByteRegion(copying: P.ascii("NX") + [9, 0, 0, 0]), record: nil)
    #expect(cut.end == nil && cut.offset == 1 && cut.isCut)
    let line = PickleSweep(ByteRegion(copying: P.ascii("cos")), record: nil)
    #expect(line.isCut && line.offset == 3 && line.reach == 3)
  }

  /// TorchScript archives have such files of the user's (`_extra_files`).
  @Test(
    "lists of class names are no pickles, though their letters are opcodes",
    arguments: [
      ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
      ["person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck"],
      ["cat", "dog", "bird"], ["car", "bus", "bicycle", "truck"],
      ["class_a", "class_b", "background"], ["torch", "torchvision", "timm"],
    ])
  func labels(_ names: [String]) {
    let text = names.joined(separator: "\n")
    for text in [text, text + "\n"] {
      #expect(!PickleSweep.isPickle(ByteRegion(copying: text.utf8), isCut: false))
    }
  }

  @Test("sizes beyond any file end a sweep", arguments: [.max, .max / 2, 1 << 62] as [UInt64])
  func hugeCounts(count: UInt64) {
    for opcode in [PickleOpcode.binunicode8, .binbytes8, .bytearray8] {
      var bytes = [opcode.rawValue]
      bytes.appendLittleEndian(count)
      #expect(PickleSweep(ByteRegion(copying: bytes + P.none), record: nil).isCut)
    }
  }

  @Test("what a sweep keeps does not grow beyond its bounds")
  func bounded() {
    let marks = [UInt8](repeating: PickleOpcode.mark.rawValue, count: 1 << 18) + P.none
    let memos = Array(repeatElement([PickleOpcode.memoize.rawValue], count: 1 << 18).joined())
    let names = Array(repeatElement(P.global("a", "b"), count: 1 << 17).joined())
    let sweep = PickleSweep(
      ByteRegion(copying: marks + memos + names + Self.call + P.ascii(".")), record: nil)
    // What comes last is noted all the same: it is something new.
    #expect(sweep.globals.count == NotedUses.limit + 1)
    #expect(sweep.globals.last?.qualifiedName == "os.system")
    #expect(sweep.calls.map(\.global.qualifiedName) == ["os.system"])
    #expect(sweep.end == sweep.offset)
  }

  @Test("the table has a row for each opcode")
  func everyOpcode() {
    for opcode in PickleOpcode.allCases {
      #expect(SweptOpcode.byByte[Int(opcode.rawValue)] != nil)
    }
    #expect(SweptOpcode.rows.count == PickleOpcode.allCases.count)
    #expect(SweptOpcode.byByte.count { $0 != nil } == PickleOpcode.allCases.count)
  }
}
