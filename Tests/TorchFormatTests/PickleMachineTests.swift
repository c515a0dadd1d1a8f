import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("PickleMachine")
struct PickleMachineTests {
  /// The value of a pickle without tensors.
  private func value(_ bytes: [UInt8]) throws -> TorchValue {
    var session = PickleSession(
      options: TorchReadingOptions(), policy: .strict, fileByteCount: 1 << 30)
    let pickle = try session.read(ByteRegion(copying: bytes), .zip)
    try PickleSurveyor(depthLimit: 200, record: nil).survey(pickle.root)
    return TorchValue(pickle.root)
  }

  private func failure(_ bytes: [UInt8], limits: Limits = .standard) -> TorchError? {
    var session = PickleSession(
      options: TorchReadingOptions(limits: limits), policy: .strict, fileByteCount: 1 << 30)
    let pickle: Pickle
    do {
      pickle = try session.read(ByteRegion(copying: bytes), .zip)
      try PickleSurveyor(depthLimit: limits.pickleDepth, record: nil).survey(pickle.root)
    } catch { return error }
    return nil
  }

  static let values: [(name: String, bytes: [UInt8], value: TorchValue)] = [
    ("None", P.pickle(P.none), .none),
    ("NEWTRUE", P.pickle(P.yes), .bool(true)),
    ("NEWFALSE", P.pickle(P.no), .bool(false)),
    ("INT of protocol 1 for True", P.ascii("I01\n."), .bool(true)),
    ("INT of protocol 1 for False", P.ascii("I00\n."), .bool(false)),
    ("INT in decimal", P.ascii("I-37\n."), .integer(-37)),
    ("LONG of protocol 1", P.ascii("L1099511627776L\n."), .integer(1 << 40)),
    (
      "LONG beyond 64 bits", P.ascii("L18446744073709551616L\n."),
      .bigInteger([0, 0, 0, 0, 0, 0, 0, 0, 1])
    ),
    ("BININT", P.pickle(P.ascii("J") + [0xFE, 0xFF, 0xFF, 0xFF]), .integer(-2)),
    ("BININT1", P.pickle(P.ascii("K") + [200]), .integer(200)),
    ("BININT2", P.pickle(P.ascii("M") + [0x34, 0x12]), .integer(0x1234)),
    ("LONG1 of no bytes", P.pickle([0x8A, 0]), .integer(0)),
    ("LONG1 of -1", P.pickle([0x8A, 1, 0xFF]), .integer(-1)),
    ("LONG1 padded", P.pickle([0x8A, 3, 5, 0, 0]), .integer(5)),
    (
      "LONG1 of 2^63", P.pickle([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0]),
      .bigInteger([0, 0, 0, 0, 0, 0, 0, 0x80, 0])
    ),
    ("LONG4", P.pickle([0x8B, 2, 0, 0, 0, 0, 0x80]), .integer(-32768)),
    ("BINFLOAT", P.pickle(P.ascii("G") + [0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), .float(1.5)),
    ("BINUNICODE", P.pickle(P.text("é")), .string("é")),
    ("SHORT_BINUNICODE", P.pickle([0x8C, 1, 0x61], protocolVersion: 4), .string("a")),
    (
      "BINUNICODE8", P.pickle([0x8D, 1, 0, 0, 0, 0, 0, 0, 0, 0x61], protocolVersion: 4),
      .string("a")
    ),
    ("SHORT_BINSTRING of Python 2", P.pickle(P.ascii("U") + [1, 0x61]), .string("a")),
    ("SHORT_BINSTRING that is no text", P.pickle(P.ascii("U") + [1, 0xFF]), .bytes([0xFF])),
    ("BINSTRING of Python 2", P.pickle(P.ascii("T") + [1, 0, 0, 0, 0x61]), .string("a")),
    ("SHORT_BINBYTES", P.pickle(P.ascii("C") + [1, 7], protocolVersion: 3), .bytes([7])),
    ("BINBYTES", P.pickle(P.ascii("B") + [1, 0, 0, 0, 7], protocolVersion: 3), .bytes([7])),
    (
      "BINBYTES8", P.pickle([0x8E, 1, 0, 0, 0, 0, 0, 0, 0, 7], protocolVersion: 4),
      .bytes([7])
    ),
    (
      "BYTEARRAY8", P.pickle([0x96, 1, 0, 0, 0, 0, 0, 0, 0, 7], protocolVersion: 5),
      .bytes([7])
    ),
    ("EMPTY_TUPLE", P.pickle(P.ascii(")")), .tuple([])),
    ("TUPLE", P.pickle(P.tuple(P.integer(1), P.integer(2))), .tuple([.integer(1), .integer(2)])),
    ("TUPLE1", P.pickle(P.none + [0x85]), .tuple([.none])),
    ("TUPLE2", P.pickle(P.yes + P.no + [0x86]), .tuple([.bool(true), .bool(false)])),
    (
      "TUPLE3", P.pickle(P.none + P.yes + P.no + [0x87]),
      .tuple([.none, .bool(true), .bool(false)])
    ),
    ("APPEND", P.pickle(P.ascii("]") + P.none + P.ascii("a")), .list([.none])),
    ("APPENDS", P.pickle(P.list(P.none, P.yes)), .list([.none, .bool(true)])),
    (
      "EMPTY_SET and ADDITEMS", P.pickle([0x8F, 0x28] + P.yes + [0x90], protocolVersion: 4),
      .set([.bool(true)])
    ),
    ("FROZENSET", P.pickle([0x28] + P.yes + [0x91], protocolVersion: 4), .set([.bool(true)])),
    (
      "SETITEMS keeps the order", P.pickle(P.dictionary(["b": P.none, "a": P.yes])),
      .dictionary(
        TorchDictionary(
          entries: [
            .init(key: .string("b"), value: .none), .init(key: .string("a"), value: .bool(true)),
          ], attributes: nil))
    ),
    ("POP", P.pickle(P.none + P.yes + P.ascii("0")), .none),
    ("POP of a mark", P.pickle(P.none + P.ascii("(0")), .none),
    ("POP_MARK", P.pickle(P.none + P.ascii("(") + P.yes + P.yes + P.ascii("1")), .none),
    (
      "BINPUT and BINGET share one list",
      P.pickle(
        P.ascii("(]q") + [0] + P.ascii("h") + [0] + P.yes + P.ascii("at")),
      .tuple([.list([.bool(true)]), .list([.bool(true)])])
    ),
    (
      "LONG_BINPUT at a high index",
      P.pickle(P.yes + P.ascii("r") + [0, 0, 0, 0xFF] + P.ascii("0j") + [0, 0, 0, 0xFF]),
      .bool(true)
    ),
    (
      "MEMOIZE counts from 0",
      P.pickle(
        P.yes + [0x94] + P.ascii("0") + P.no + [0x94] + P.ascii("0h") + [1], protocolVersion: 4),
      .bool(false)
    ),
    (
      "FRAME", P.pickle([0x95, 2, 0, 0, 0, 0, 0, 0, 0] + P.none, protocolVersion: 4), .none
    ),
    (
      "a global that is referred to", P.pickle(P.global("torch", "float32")),
      .global(module: "torch", name: "float32")
    ),
    (
      "STACK_GLOBAL", P.pickle(P.text("torch") + P.text("Tensor") + [0x93], protocolVersion: 4),
      .global(module: "torch", name: "Tensor")
    ),
    (
      "bytes of protocol 2",
      P.pickle(P.call(P.global("_codecs", "encode"), P.text("ÿa"), P.text("latin1"))),
      .bytes([0xFF, 0x61])
    ),
    ("empty bytes of protocol 2", P.pickle(P.call(P.global("__builtin__", "bytes"))), .bytes([])),
    (
      "torch.Size", P.pickle(P.call(P.global("torch", "Size"), P.tuple(integers: [2, 3]))),
      .tuple([.integer(2), .integer(3)])
    ),
    (
      "a set of protocol 2", P.pickle(P.call(P.global("__builtin__", "set"), P.list(P.none))),
      .set([.none])
    ),
    (
      "OrderedDict of Python 2",
      P.pickle(
        P.call(
          P.global("collections", "OrderedDict"),
          P.list(P.list(P.text("a"), P.integer(1))))),
      .dictionary(
        TorchDictionary(
          entries: [.init(key: .string("a"), value: .integer(1))], attributes: nil))
    ),
    (
      "attributes of an OrderedDict",
      P.pickle(P.orderedDictionary + P.list(P.none) + P.ascii("b")),
      .dictionary(TorchDictionary(entries: [], attributes: .list([.none])))
    ),
    (
      "an object of a known class",
      P.pickle(
        P.global("argparse", "Namespace") + P.ascii(")") + [0x81]
          + P.dictionary(["lr": P.integer(1)]) + P.ascii("b")),
      .object(
        TorchObject(
          module: "argparse", name: "Namespace", arguments: [], items: [], entries: [],
          state: .dictionary(
            TorchDictionary(
              entries: [.init(key: .string("lr"), value: .integer(1))], attributes: nil))))
    ),
    (
      "an object of protocol 1",
      P.pickle(
        P.call(
          P.global("copy_reg", "_reconstructor"), P.global("argparse", "Namespace"),
          P.global("__builtin__", "object"), P.none)),
      .object(
        TorchObject(
          module: "argparse", name: "Namespace",
          arguments: [.global(module: "builtins", name: "object"), .none], items: [],
          entries: [], state: nil))
    ),
    (
      "a counter, which copies its dictionary",
      P.pickle(
        P.ascii("}q") + [0] + P.text("a") + P.integer(1) + P.ascii("s0")
          + P.global("collections", "Counter") + P.ascii("h") + [0] + [0x85] + P.ascii("R")
          + P.ascii("h") + [0] + P.text("b") + P.integer(2) + P.ascii("s0")),
      .object(
        TorchObject(
          module: "collections", name: "Counter", arguments: [], items: [],
          entries: [.init(key: .string("a"), value: .integer(1))], state: nil))
    ),
    (
      "an object whose class takes arguments when it is made",
      P.pickle(
        P.global("torch.torch_version", "TorchVersion") + P.tuple(P.text("2.0")) + [0x81]),
      .object(
        TorchObject(
          module: "torch.torch_version", name: "TorchVersion", arguments: [.string("2.0")],
          items: [], entries: [], state: nil))
    ),
    (
      "an object whose class ignores them",
      P.pickle(
        P.global("addict.addict", "Dict") + P.tuple(P.tuple(P.text("a"), P.none)) + [0x81]),
      .object(
        TorchObject(
          module: "addict.addict", name: "Dict", arguments: [], items: [], entries: [], state: nil))
    ),
  ]

  @Test("values are those that Python makes", arguments: values)
  func givesValue(_ row: (name: String, bytes: [UInt8], value: TorchValue)) throws {
    #expect(try value(row.bytes) == row.value)
  }

  static let refusals: [(bytes: [UInt8], reason: TorchError.Reason, offset: Int?)] = [
    ([], .pickleTruncated(needed: 1, available: 0), 0),
    (P.ascii("N"), .pickleTruncated(needed: 1, available: 0), 1),
    ([0x80, 2] + P.ascii("X") + [9, 0, 0, 0, 1], .pickleTruncated(needed: 9, available: 1), 7),
    (P.ascii("cno line"), .pickleTruncated(needed: 8, available: 7), 1),
    (P.pickle([0xFF]), .opcodeUnknown(0xFF), 2),
    (P.pickle(P.none + P.ascii("2")), .opcodeRefused(.dup), 3),
    (P.pickle(P.ascii("P0\n")), .opcodeRefused(.persid), 2),
    (P.pickle(P.ascii("F1.5\n")), .opcodeRefused(.float), 2),
    (P.pickle(P.ascii("(itorch\nSize\n")), .opcodeRefused(.inst), 3),
    (P.pickle(P.ascii("(o")), .opcodeRefused(.obj), 3),
    (P.pickle([0x92], protocolVersion: 4), .opcodeRefused(.newobjEx), 2),
    (P.pickle([0x82, 1]), .opcodeRefused(.ext1), 2),
    (P.pickle([0x83, 1, 0]), .opcodeRefused(.ext2), 2),
    (P.pickle([0x84, 1, 0, 0, 0]), .opcodeRefused(.ext4), 2),
    (P.pickle([0x97], protocolVersion: 5), .opcodeRefused(.nextBuffer), 2),
    (P.pickle([0x98], protocolVersion: 5), .opcodeRefused(.readonlyBuffer), 2),
    (P.pickle(P.none, protocolVersion: 6), .pickleProtocol(found: 6, newest: 5), 0),
    (P.pickle([0x80, 2] + P.none), .protocolMisplaced, 2),
    (
      P.pickle([0x95, 9, 0, 0, 0, 0, 0, 0, 0] + P.none, protocolVersion: 4),
      .pickleTruncated(needed: 9, available: 2), 2
    ),
    (P.pickle([0x95, 1, 0, 0, 0, 0, 0, 0, 0] + P.text("a"), protocolVersion: 4), .frame, 11),
    (
      P.pickle(
        [0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0, 0] + P.none, protocolVersion: 4),
      .frame, 11
    ),
    (P.pickle(P.none + [0x86]), .stackEmpty(.tuple2), 3),
    (P.pickle(P.none + P.ascii("(a")), .stackEmpty(.append), 4),
    (P.pickle(P.ascii("0")), .stackEmpty(.pop), 2),
    (P.pickle(P.ascii("q") + [0]), .stackEmpty(.binput), 2),
    (P.pickle(P.none + P.ascii("t")), .markMissing(.tuple), 3),
    (P.pickle(P.none + P.none), .stackLeftOver(count: 2), 4),
    (P.pickle(P.none + P.ascii("(")), .stackLeftOver(count: 1), 4),
    (P.pickle(P.ascii("h") + [9]), .memoMissing(index: 9), 2),
    (P.pickle(P.ascii("j") + [0xFF, 0xFF, 0xFF, 0xFF]), .memoMissing(index: 0xFFFF_FFFF), 2),
    (P.pickle(P.ascii("X") + [1, 0, 0, 0, 0xFF]), .textEncoding, 7),
    (P.pickle(P.ascii("X") + [3, 0, 0, 0, 0xED, 0xA0, 0x80]), .textEncoding, 7),
    (
      P.pickle(P.ascii("c" + String(repeating: "a", count: 2000) + "\nb\n")),
      .lineTooLong(limit: 1024), 3
    ),
    (
      P.pickle(
        P.text("__torch__") + P.text("A" + String(repeating: "a", count: 1024)) + [0x93],
        protocolVersion: 4), .lineTooLong(limit: 1024), 1046
    ),
    (
      P.pickle(
        P.text(String(repeating: "a", count: 1025)) + P.text("A") + [0x93], protocolVersion: 4),
      .lineTooLong(limit: 1024), 1038
    ),
    (P.ascii("I12x\n."), .numberMalformed, 0),
    (P.ascii("I\n."), .numberMalformed, 0),
    // Eight to one of Python's readers, and none to the other.
    (P.ascii("I010\n."), .numberMalformed, 0),
    (P.ascii("L010L\n."), .numberMalformed, 0),
    (P.ascii("I+1\n."), .numberMalformed, 0),
    (P.ascii("I-0\n."), .numberMalformed, 0),
    (P.ascii("L00L\n."), .numberMalformed, 0),
    (P.ascii("L" + String(repeating: "9", count: 41) + "L\n."), .numberMalformed, 0),
    (P.pickle([0x8B, 0xFF, 0xFF, 0xFF, 0xFF]), .numberMalformed, 2),
    (P.pickle(P.ascii("T") + [0xFF, 0xFF, 0xFF, 0xFF]), .numberMalformed, 2),
    (
      P.pickle([0x8B, 0xD0, 7, 0, 0] + [UInt8](repeating: 1, count: 2000)),
      .integerTooLong(byteCount: 2000, limit: 1024), 2
    ),
    (
      P.pickle(P.ascii("}") + P.none + P.ascii("a")), .wrongOperand(.append, found: "a dictionary"),
      4
    ),
    (P.pickle(P.ascii("](") + P.none + [0x90]), .wrongOperand(.additems, found: "a list"), 5),
    (
      P.pickle(P.ascii("]") + P.none + P.none + P.ascii("s")),
      .wrongOperand(.setitem, found: "a list"), 5
    ),
    (P.pickle(P.ascii("](u")), .wrongOperand(.setitems, found: "a list"), 4),
    (
      P.pickle(P.tensor() + P.ascii("(") + P.integer(0) + P.integer(1) + P.ascii("u")),
      .wrongOperand(.setitems, found: "a tensor"), P.tensor().count + 7
    ),
    (
      P.pickle(P.tensor() + P.none + P.ascii("b")), .wrongOperand(.build, found: "a tensor"),
      P.tensor().count + 3
    ),
    (P.pickle(P.ascii("]}b")), .wrongOperand(.build, found: "a list"), 4),
    (
      P.pickle(P.orderedDictionary + P.ascii("}b}b")), .wrongOperand(.build, found: "a dictionary"),
      P.orderedDictionary.count + 5
    ),
    (
      P.pickle(P.global("torch", "Size") + P.ascii("]R")), .wrongOperand(.reduce, found: "a list"),
      15
    ),
    (P.pickle(P.none + P.text("b") + [0x93]), .wrongOperand(.stackGlobal, found: "None"), 9),
    (P.pickle(P.ascii("}(") + P.text("a") + P.ascii("u")), .itemsOdd(count: 1), 10),
    (P.pickle(P.ascii("}}") + P.none + P.ascii("s")), .keyKind(found: "a dictionary"), 5),
    (
      P.pickle(P.ascii("}") + P.tuple(P.tuple(P.ascii("]"))) + P.none + P.ascii("s")),
      .keyKind(found: "a tuple that is long or holds other than keys"), 9
    ),
    (P.pickle(P.dictionary(["w": P.none, "w": P.none])), .keyDuplicate("w"), 18),
    (P.pickle(P.text("os.system") + P.ascii(")R")), .notCallable(found: "a string"), 17),
    (
      P.pickle(P.call(P.global("_codecs", "encode"), P.text("a"), P.text("rot13"))),
      .arguments(function: "encode", expected: "a string of Latin-1 characters and 'latin1'"), 36
    ),
    (
      P.pickle(P.call(P.global("builtins", "bytes"), P.integer(9))),
      .arguments(function: "bytes", expected: "no arguments"), 22
    ),
    (
      P.pickle(P.call(P.global("builtins", "bytearray"), P.integer(1 << 40))),
      .arguments(function: "bytearray", expected: "bytes or a string"), 34
    ),
    (
      P.pickle(P.call(P.global("torch", "Tensor"), P.integer(1 << 40))),
      .arguments(function: "torch.Tensor", expected: "to be referred to, not called"), 28
    ),
    (
      P.pickle(P.call(P.global("torch", "Size"), P.integer(9))),
      .arguments(function: "Size", expected: "a tuple of sizes"), 18
    ),
    (
      P.pickle(P.call(P.global("builtins", "set"), P.integer(9))),
      .arguments(function: "set", expected: "a list"), 20
    ),
    (
      P.pickle(P.call(P.global("collections", "OrderedDict"), P.list(P.none))),
      .arguments(function: "OrderedDict", expected: "pairs of keys and values"), 33
    ),
    (
      P.pickle(P.call(P.global("functools", "partial"), P.text("a"))),
      .arguments(function: "partial", expected: "a class first"), 29
    ),
    (
      P.pickle(P.call(P.global("torch.jit._pickle", "build_intlist"))),
      .arguments(function: "build_intlist", expected: "a list, and a type where one is noted"),
      36
    ),
    (
      P.pickle(P.ascii("]q") + [0] + P.ascii("h") + [0] + P.ascii("a")), .cycle, nil
    ),
  ]

  @Test("broken rules are named with their place", arguments: refusals)
  func refuses(_ row: (bytes: [UInt8], reason: TorchError.Reason, offset: Int?)) {
    #expect(failure(row.bytes) == TorchError(row.reason, offset: row.offset))
  }

  @Test("a pickle may not take more steps than the limit")
  func stepLimit() {
    var limits = Limits()
    limits.pickleValueCount = 10
    let bytes = P.pickle(P.ascii("(") + [UInt8](repeating: 0x4E, count: 20) + P.ascii("t"))
    #expect(failure(bytes, limits: limits) == TorchError(.valueCount(limit: 10), offset: 11))
  }

  @Test("values may be nested up to the limit and no deeper", arguments: [200, 201, 100_000])
  func depth(_ count: Int) {
    let lists =
      [UInt8](repeating: UInt8(ascii: "]"), count: count)
      + [UInt8](repeating: UInt8(ascii: "a"), count: count - 1)
    let tuples = P.none + [UInt8](repeating: 0x85, count: count)
    let expected = count <= 200 ? nil : TorchError(.tooDeep(limit: 200))
    #expect(failure(P.pickle(tuples)) == expected)
    #expect(failure(P.pickle(lists)) == expected)
  }

  @Test("a chain that is built from its inner end is measured as a whole")
  func chainBuiltBackwards() {
    // Each new list is appended to the one before, which a tuple around it has seen as shallow.
    var bytes = P.ascii("(")
    for index in 0..<5000 {
      bytes += P.ascii("]r")
      bytes.appendLittleEndian(UInt32(index))
      guard index > 0 else { continue }
      bytes += P.ascii("0j")
      bytes.appendLittleEndian(UInt32(index - 1))
      bytes += P.ascii("j")
      bytes.appendLittleEndian(UInt32(index))
      bytes += P.ascii("a0j")
      bytes.appendLittleEndian(UInt32(index))
    }
    bytes += P.ascii("0j") + [0, 0, 0, 0] + P.ascii("t")
    #expect(failure(P.pickle(bytes)) == TorchError(.tooDeep(limit: 200)))
  }

  @Test("every global is noted with its place, whatever comes after")
  func notedGlobals() {
    let bytes = P.pickle(P.global("torch", "Size") + P.ascii("0") + P.global("os", "system"))
    var session = PickleSession(
      options: TorchReadingOptions(), policy: .strict, fileByteCount: 1 << 30)
    let size = GlobalUse(
      module: "torch", name: "Size", record: "a/data.pkl", byteOffset: 2, verdict: .data)
    let system = GlobalUse(
      module: "os", name: "system", record: "a/data.pkl", byteOffset: 15, verdict: .dangerous)
    let error = TorchFormatTests.failure { () throws(TorchError) in
      try session.read(ByteRegion(copying: bytes), record: "a/data.pkl", .zip)
    }
    #expect(error == TorchError(.globalRefused(system), record: "a/data.pkl", offset: 15))
    #expect(session.globals == [size, system])
  }
}
