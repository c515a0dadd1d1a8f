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
      .global(GlobalName(module: "torch", name: "float32"))
    ),
    (
      "STACK_GLOBAL", P.pickle(P.text("torch") + P.text("Tensor") + [0x93], protocolVersion: 4),
      .global(GlobalName(module: "torch", name: "Tensor"))
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
      P.pickle(P.orderedDictionary + P.dictionary([:]) + P.ascii("b")),
      .dictionary(
        TorchDictionary(
          entries: [], attributes: .dictionary(TorchDictionary(entries: [], attributes: nil))))
    ),
    (
      "an object of a known class",
      P.pickle(
        P.global("argparse", "Namespace") + P.ascii(")") + [0x81]
          + P.dictionary(["lr": P.integer(1)]) + P.ascii("b")),
      .object(
        TorchObject(
          GlobalName(module: "argparse", name: "Namespace"),
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
          GlobalName(module: "argparse", name: "Namespace"),
          arguments: [.global(GlobalName(module: "builtins", name: "object")), .none]))
    ),
    (
      "a counter, which copies its dictionary",
      P.pickle(
        P.ascii("}q") + [0] + P.text("a") + P.integer(1) + P.ascii("s0")
          + P.global("collections", "Counter") + P.ascii("h") + [0] + [0x85] + P.ascii("R")
          + P.ascii("h") + [0] + P.text("b") + P.integer(2) + P.ascii("s0")),
      .object(
        TorchObject(
          GlobalName(module: "collections", name: "Counter"), items: [],
          entries: [.init(key: .string("a"), value: .integer(1))], state: nil))
    ),
    (
      "an object whose class takes arguments when it is made",
      P.pickle(
        P.global("torch.torch_version", "TorchVersion") + P.tuple(P.text("2.0")) + [0x81]),
      .object(
        TorchObject(
          GlobalName(module: "torch.torch_version", name: "TorchVersion"),
          arguments: [.string("2.0")],
          items: [], entries: [], state: nil))
    ),
    (
      "an object whose class ignores them",
      P.pickle(
        P.global("addict.addict", "Dict") + P.tuple(P.tuple(P.text("a"), P.none)) + [0x81]),
      .object(
        TorchObject(GlobalName(module: "addict.addict", name: "Dict")))
    ),
  ]

  @Test("values are those that Python makes", arguments: values)
  func givesValue(_ row: (name: String, bytes: [UInt8], value: TorchValue)) throws {
    #expect(try value(row.bytes) == row.value)
  }

  @Test("every global is noted with its place, whatever comes after")
  func notedGlobals() {
    let bytes = P.pickle(P.global("torch", "Size") + P.ascii("0") + P.global("os", "system"))
    var session = PickleSession(
      options: TorchReadingOptions(), policy: .strict, fileByteCount: 1 << 30)
    let size = GlobalUse(
      globalName: GlobalName(module: "torch", name: "Size"), record: "a/data.pkl", byteOffset: 2,
      verdict: .data)
    let system = GlobalUse(
      globalName: GlobalName(module: "os", name: "system"), record: "a/data.pkl", byteOffset: 15,
      verdict: .dangerous)
    let error = TorchFormatTests.failure { () throws(TorchError) in
      try session.read(ByteRegion(copying: bytes), record: "a/data.pkl", .zip)
    }
    #expect(error == TorchError(.globalRefused(system), record: "a/data.pkl", offset: 15))
    #expect(session.globals == [size, system])
  }
}
