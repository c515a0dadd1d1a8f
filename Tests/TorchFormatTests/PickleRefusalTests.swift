import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// What a pickle must not do, rule by rule, and the limits of what it may.
@Suite("PickleMachine: refusals")
struct PickleRefusalTests {
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
    // A plain dictionary has no attributes, and Python ends here.
    (P.pickle(P.ascii("}}b")), .wrongOperand(.build, found: "a dictionary"), 4),
    (P.pickle(P.ascii("q") + [0]), .stackEmpty(.binput), 2),
    (P.pickle(P.none + P.ascii("t")), .markMissing(.tuple), 3),
    (P.pickle(P.none + P.none), .stackLeftOver(count: 2), 4),
    (P.pickle(P.none + P.ascii("(")), .stackLeftOver(count: 1), 4),
    (P.pickle(P.ascii("h") + [9]), .memoMissing(index: 9), 2),
    (P.pickle(P.ascii("j") + [0xFF, 0xFF, 0xFF, 0xFF]), .memoMissing(index: 0xFFFF_FFFF), 2),
    (P.pickle(P.ascii("X") + [1, 0, 0, 0, 0xFF]), .textEncoding, 7),
    (P.pickle(P.ascii("X") + [3, 0, 0, 0, 0xED, 0xA0, 0x80]), .textEncoding, 7),
    (P.pickle(P.text("a" + String(repeating: "\u{301}", count: 129))), .textMarks(limit: 128), 7),
    (
      P.pickle(
        P.ascii("T") + [3, 1, 0, 0] + P.ascii("a" + String(repeating: "\u{301}", count: 129))),
      .textMarks(limit: 128), 7
    ),
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
      .keyKind(found: "a list"), 9
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
      // Takes time in the square of the text's length.
      P.pickle(P.call(P.global("builtins", "str"), P.text("x"), P.text("punycode"))),
      .arguments(function: "str", expected: "bytes, or a string and 'latin-1'"), 37
    ),
    (
      P.pickle(P.call(P.global("builtins", "bytearray"), P.integer(1 << 40))),
      .arguments(function: "bytearray", expected: "bytes, or a string and 'latin-1'"), 34
    ),
    (
      P.pickle(P.call(P.global("torch", "Tensor"), P.integer(1 << 40))),
      .arguments(function: "torch.Tensor", expected: "a reference, not a call"), 28
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
      .arguments(function: "partial", expected: "a class, and plain arguments for it"), 29
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

  @Test("values may be nested up to the limit and no deeper", arguments: [100, 101, 100_000])
  func depth(_ count: Int) {
    let lists =
      [UInt8](repeating: UInt8(ascii: "]"), count: count)
      + [UInt8](repeating: UInt8(ascii: "a"), count: count - 1)
    let tuples = P.none + [UInt8](repeating: 0x85, count: count)
    let expected = count <= 100 ? nil : TorchError(.tooDeep(limit: 100))
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
    #expect(failure(P.pickle(bytes)) == TorchError(.tooDeep(limit: 100)))
  }
}
