import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("NumPy's element types")
struct NumpyElementTypeTests: TensorArchives {
  private static func call(_ kind: String) -> [UInt8] {
    P.call(P.global("numpy", "dtype"), P.text(kind), P.no, P.yes)
  }

  private static func state(
    subarray: [UInt8] = P.none, names: [UInt8] = P.none, fields: [UInt8] = P.none, size: Int = -1,
    alignment: Int? = nil, flags: Int = 0, metadata: [UInt8]? = nil, version: Int = 3
  ) -> [UInt8] {
    let items = [
      P.integer(version), P.text("|"), subarray, names, fields, P.integer(size),
      P.integer(alignment ?? (size == -1 ? -1 : 1)), P.integer(flags),
    ]
    return P.tuple(items + (metadata.map { [$0] } ?? []))
  }

  /// The metadata of types of times.
  private static func unit(_ name: [UInt8], _ rest: [UInt8]...) -> [UInt8] {
    P.tuple(P.none, P.tuple([name] + rest))
  }

  private static func type(_ kind: String, _ state: [UInt8] = state()) -> [UInt8] {
    call(kind) + state + P.ascii("b")
  }

  /// A type of one field.
  private static func record(
    _ kind: String, _ field: [UInt8], offset: Int = 0, size: Int, flags: Int = 0
  ) -> [UInt8] {
    type(
      kind,
      state(
        names: P.tuple(P.text("a")),
        fields: P.dictionary(["a": P.tuple(field, P.integer(offset))]), size: size, flags: flags))
  }

  /// A type of four bytes with some fields.
  private static func named(
    _ names: [String], _ fields: KeyValuePairs<String, [UInt8]>, byteCount: Int = 4, flags: Int = 0
  ) -> [UInt8] {
    type(
      "V\(byteCount)",
      state(
        names: P.tuple(names.map(P.text)), fields: P.dictionary(fields), size: byteCount,
        flags: flags))
  }

  private static func titled(_ type: [UInt8]) -> [UInt8] {
    P.tuple(type, P.integer(0), P.text("t"))
  }

  private static func untitled(_ type: [UInt8]) -> [UInt8] { P.tuple(type, P.integer(0)) }

  private static let object = type("O8", state(flags: 63))
  private static let float = type("f4")
  private static let bytes = P.ascii("C") + [4, 0, 0, 0, 0]

  private static func scalar(_ type: [UInt8], _ value: [UInt8] = bytes) -> [UInt8] {
    P.call(P.global("numpy._core.multiarray", "scalar"), type, value)
  }

  private static func array(_ type: [UInt8], _ content: [UInt8]) -> [UInt8] {
    P.call(
      P.global("numpy.core.multiarray", "_reconstruct"), P.global("numpy", "ndarray"),
      P.tuple(integers: [0]), P.text("b"))
      + P.tuple(P.integer(1), P.tuple(integers: [1]), type, P.no, content) + P.ascii("b")
  }

  /// A type of an object and a number, by their offsets.
  private static func pair(_ offsets: (Int, Int), flags: Int = 27) -> [UInt8] {
    type(
      "V16",
      state(
        names: P.tuple(P.text("a"), P.text("b")),
        fields: P.dictionary([
          "a": P.tuple(object, P.integer(offsets.0)),
          "b": P.tuple(type("i8"), P.integer(offsets.1)),
        ]), size: 16, flags: flags))
  }

  /// NumPy would take numbers for addresses of objects, or not count what refers to them.
  @Test("a number and an object share no bytes, and a type with objects says all of that")
  func objectsInFields() throws {
    for type in [
      Self.pair((0, 0)), Self.pair((0, 4)), Self.pair((8, 1)), Self.pair((0, 8), flags: 1),
      Self.pair((0, 8), flags: 3), Self.pair((0, 8), flags: 5),
    ] {
      #expect(failure(P.dictionary(["x": type]))?.rule == "pickle-argument")
    }
    for type in [Self.pair((0, 8)), Self.pair((8, 0)), Self.pair((0, 8), flags: 155)] {
      _ = try open(P.dictionary(["x": type]))
    }
  }

  private static let sound: [[UInt8]] = [
    float, object, type("U3", state(size: 12, alignment: 4, flags: 8)),
    type("M8", state(metadata: unit(P.text("ns"), P.integer(1), P.integer(1), P.integer(1)))),
    type("f8", state(metadata: P.dictionary(["a": P.integer(1)]))),
    type("S5", state(size: 5)), type("S0", state(size: 0)),
    type("V0", state(names: P.tuple(), fields: P.dictionary([:]), size: 0, flags: 16)),
    named(["a"], ["a": titled(float), "t": titled(float)]),
    record("V8", float, offset: 4, size: 8), record("V12", object, offset: 4, size: 12, flags: 27),
    record("V8", record("V8", float, size: 8), size: 8),
    type("V8", state(subarray: P.tuple(float, P.tuple(integers: [2])), size: 8)),
    scalar(float), array(float, bytes), array(object, P.list(P.none)),
    P.call(
      P.global("numpy.core.numeric", "_frombuffer"), bytes, float, P.tuple(integers: [1]),
      P.text("C")),
  ]

  @Test("types, numbers and arrays as NumPy writes them are named values", arguments: sound)
  func accepted(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value])) == nil)
  }

  /// NumPy would take bytes for addresses, or read behind the array.
  private static let lies: [[UInt8]] = [
    record("V8", object, size: 8), record("V8", record("V8", object, size: 8, flags: 27), size: 8),
    type("V8", state(subarray: P.tuple(object, P.tuple(integers: [1])), size: 8)),
    type("V8", state(size: 8, flags: 63)), type("O8"), record("V4", float, offset: 1, size: 4),
    record("V4", float, size: 4, flags: 27), record("V4", float, offset: -1, size: 4),
    record("V4", float, size: 5), record("O8", float, size: 8, flags: 63),
    type("V8", state(subarray: P.tuple(float, P.tuple(integers: [3])), size: 8)),
    // Versions that other fields stand in.
    type("f4", state(version: 1)), type("f4", state(version: 5)),
    // Sizes and alignments that NumPy takes from the state.
    type("S8", state()), type("V8", state(alignment: 1)), type("U2", state()),
    type("S8", state(size: 4)), type("U2", state(size: 8, alignment: 0)),
    type("V8", state(size: 8, alignment: 3)), type("f4", state(alignment: 0)),
    // Names without a field, fields without a name, and two names of one field.
    named(["z"], ["a": untitled(float)]), named([], ["a": untitled(float)]),
    named(["a", "a"], ["a": untitled(float)]),
    named(["a"], ["a": untitled(float), "b": untitled(float)]),
    named(["a"], ["a": titled(float), "t": titled(type("f2"))]),
    named(["a"], ["a": titled(float), "u": titled(float)]),
    named(["a"], ["a": titled(object), "t": titled(object)], byteCount: 8, flags: 27),
    named(["a"], ["a": titled(type("i8")), "t": titled(object)], byteCount: 8),
    // Units of time that are not there.
    type("M8"), type("m8", state(metadata: P.none)),
    type("m8", state(metadata: unit(P.integer(1), P.integer(1), P.integer(1), P.integer(1)))),
    type("m8", state(metadata: unit(P.text("s"), P.integer(1)))),
    type("f4", state(metadata: P.integer(1))),
    // Only fields are arrays.
    array(
      type("V4", state(subarray: P.tuple(float, P.tuple(integers: [1])), size: 4)), bytes),
    scalar(type("V4", state(subarray: P.tuple(float, P.tuple(integers: [1])), size: 4))),
    // Types that are not yet what they will be.
    record("V4", call("V4"), size: 4), scalar(call("V4")), array(call("V4"), bytes),
    // Bytes have no objects.
    scalar(object, P.global("torch.nn.modules.linear", "Linear")),
    P.call(
      P.global("numpy.core.numeric", "_frombuffer"), bytes, object, P.tuple(integers: [1]),
      P.text("C")),
    // Types of which another letter tells more than is judged, and NumPy's own, not a copy.
    call("O8,f4"), call("object"), P.call(P.global("numpy", "dtype"), P.text("f4"), P.no, P.no),
    P.call(P.global("numpy", "dtype"), P.global("builtins", "object"), P.no, P.yes),
  ]

  @Test("a state that does not fit, and what it would be believed for, is refused", arguments: lies)
  func refused(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  @Test("the fields of a type stay as they are")
  func sealed() {
    let fields =
      P.dictionary(["a": P.tuple(Self.float, P.integer(0))]) + P.ascii("q") + [0]
    let type = Self.type(
      "V8", Self.state(names: P.tuple(P.text("a")), fields: fields, size: 8))
    let change =
      P.ascii("h") + [0] + P.text("b") + P.tuple(Self.object, P.integer(0)) + P.ascii("s")
    #expect(failure(P.list(type, change))?.rule == "pickle-container")
  }
}
