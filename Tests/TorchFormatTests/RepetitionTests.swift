import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// Small files that would make much of themselves by using their values again and again.
@Suite("Repetition")
struct RepetitionTests {
  private static let store = P.ascii("q")
  private static let load = P.ascii("h")
  private static let pop = P.ascii("0")

  /// The bytes of the storage that all tensors are on.
  private let data = [UInt8](repeating: 0, count: 16)

  /// Opcodes that store values in the memo, at 0 and up.
  private func stored(_ values: [[UInt8]]) -> [UInt8] {
    values.enumerated().flatMap { index, value in
      value + Self.store + [UInt8(index)] + Self.pop
    }
  }

  /// A pickle that stores values in the memo and then makes its result of them.
  private func archive(storing values: [[UInt8]], _ result: [UInt8]) -> ByteRegion {
    ZipBytes.archive(stored(values) + result, storages: ["0": data])
  }

  private func loaded(_ index: UInt8) -> [UInt8] { Self.load + [index] }

  /// Lists of two each, so that 2^depth paths lead to one tensor.
  private func doubling(_ depth: UInt8) -> ByteRegion {
    let lists = (0..<depth).map { P.list(loaded($0), loaded($0)) }
    return archive(storing: [P.tensor()] + lists, loaded(depth))
  }

  @Test("pickles of one archive copy no more together than the file allows")
  func severalPickles() throws {
    let encode = loaded(0) + P.tuple(loaded(1), loaded(2)) + P.ascii("R")
    let values = [
      P.global("_codecs", "encode"), P.text(String(repeating: "x", count: 10_000)),
      P.text("latin1"),
    ]
    let copying = P.pickle(
      stored(values) + P.tuple([[UInt8]](repeating: encode, count: 100)))
    func file(_ others: [[UInt8]]) -> ByteRegion {
      ZipBytes.archive(
        ZipBytes.members(P.pickle(P.tensor()), storages: ["0": data])
          + others.enumerated().map { ZipBytes.Member("a/\($0).pkl", $1) })
    }
    // 11 kB come to 1 MB, which is in order in a file of 45 kB, and not four times.
    let plain = P.pickle(P.text(String(repeating: "x", count: 11_000)))
    #expect(reason(file([plain, plain, copying, plain])) == nil)
    let copies = file([copying, copying, copying, copying])
    #expect(reason(copies) == .repetition(limit: 64 * copies.byteCount))
  }

  @Test("a file of a kilobyte names no more than a thousand tensors")
  func tensors() throws {
    #expect(try TorchFile(doubling(8)).tensors.count == 256)
    let file = doubling(16)
    #expect(file.byteCount < 1024)
    #expect(reason(file) == .repetition(limit: 65536))
    #expect(reason(file) { $0.pickleRepetitionRatio = 1 << 20 } == nil)
    #expect(reason(file) { $0.tensorCount = 1000 } == .tensorCount(limit: 1000))
  }

  @Test("long keys in one another do not make longer names than the file allows")
  func names() {
    let key = P.text(String(repeating: "k", count: 300))
    // {k: {k: ... [tensor, ...]}}: every name has all keys before it.
    let depth = 60
    let opening = (0..<depth).flatMap { _ in P.ascii("}") + loaded(0) }
    let tensors = P.list(loaded(1), loaded(1), loaded(1), loaded(1), loaded(1), loaded(1))
    let closing = [UInt8](repeating: UInt8(ascii: "s"), count: depth)
    let file = archive(storing: [key, P.tensor()], opening + tensors + closing)
    #expect(reason(file) == .repetition(limit: 64 * file.byteCount))
    #expect(reason(file) { $0.pickleRepetitionRatio = 1000 } == nil)
  }

  @Test("long paths are made for tensors alone, and counted")
  func paths() throws {
    let key = P.text(String(repeating: "k", count: 20_000))
    func file(_ value: [UInt8]) -> ByteRegion {
      archive(storing: [key, P.tensor()], P.ascii("}") + loaded(0) + value + P.ascii("s"))
    }
    // What lies beside a tensor has no path.
    let list = P.tuple([[UInt8]](repeating: P.none, count: 5000) + [loaded(1)])
    var dictionary = P.ascii("}(")
    for index in 0..<500 { dictionary += P.integer(index) + [0x85] + P.none }
    dictionary += P.text("w") + loaded(1) + P.ascii("u")
    for (value, suffix) in [(list, ".5000"), (dictionary, ".w")] {
      let tensors = try TorchFile(file(value)).tensors
      let name = try #require(tensors.first).name.string
      #expect(name.utf8.count == 20_000 + suffix.utf8.count && name.hasSuffix(suffix))
    }
    // Tuples in one another, each of which has a path, around two tensors.
    let tuples = loaded(1) + [UInt8](repeating: 0x85, count: 90)
    let deep = file(P.list(tuples, tuples))
    #expect(reason(deep) == .repetition(limit: 64 * deep.byteCount))
    #expect(reason(deep) { $0.pickleRepetitionRatio = 1000 } == nil)
  }

  @Test("a state without tensors is not looked through for each object that has it")
  func states() throws {
    let count = 20_000
    let entries = (0..<count).map { P.integer($0) + P.none }
    let state = P.ascii("}(") + entries.flatMap(\.self) + P.ascii("u")
    let object =
      loaded(2) + P.tuple(loaded(0)) + P.ascii("R") + loaded(1) + P.ascii("b")
    let file = archive(
      storing: [P.tensor(), state, P.global("mine", "Point")],
      P.tuple([[UInt8]](repeating: object, count: count)))
    let options = TorchReadingOptions(skipsUnknownGlobals: true)
    #expect(try TorchFile(file, options: options).tensors.count == count)
  }

  @Test("a state is not held against the rules for each of very many objects that have it")
  func judgedStates() {
    let state = P.ascii("}(") + (0..<2000).flatMap { P.text("a\($0)") + P.none } + P.ascii("u")
    let object = loaded(0) + P.ascii(")") + [0x81] + loaded(1) + P.ascii("b")
    let file = archive(
      storing: [P.global("argparse", "Namespace"), state],
      P.tuple([[UInt8]](repeating: object, count: 2000)))
    #expect(reason(file) == .repetition(limit: 64 * file.byteCount))
  }

  @Test("what generators keep is not gone over for each of very many of their attributes")
  func generatorStates() {
    let shared = P.ascii("}(") + (0..<2000).flatMap { P.text("a\($0)") + P.none } + P.ascii("u")
    func file(count: Int) -> ByteRegion {
      let attributes = (0..<count).flatMap { P.text("b\($0)") + loaded(0) }
      let generator = P.call(P.global("numpy.random._pickle", "__randomstate_ctor"))
      return archive(
        storing: [shared], generator + P.ascii("}(") + attributes + P.ascii("ub"))
    }
    #expect(reason(file(count: 20)) == nil)
    let many = file(count: 2000)
    #expect(reason(many) == .repetition(limit: 64 * many.byteCount))
  }

  @Test("the names of one set are not gone over for very many modules")
  func bufferNames() {
    let names = [0x8F] + P.ascii("(") + P.text(String(repeating: "k", count: 10_000)) + [0x90]
    func dictionary(_ entries: [UInt8]...) -> [UInt8] {
      P.ascii("}(") + entries.flatMap(\.self) + P.ascii("u")
    }
    let state = dictionary(
      P.text("_parameters") + dictionary(), P.text("_modules") + dictionary(),
      P.text("_buffers") + dictionary(P.text("b") + loaded(1)),
      P.text("_non_persistent_buffers_set") + loaded(0))
    func file(count: Int) -> ByteRegion {
      let module = loaded(2) + P.ascii(")") + [0x81] + state + P.ascii("b")
      return archive(
        storing: [names, P.tensor(), P.global("torch.nn.modules.linear", "Identity")],
        P.tuple([[UInt8]](repeating: module, count: count)))
    }
    #expect(reason(file(count: 10)) == nil)
    let many = file(count: 1000)
    #expect(reason(many) == .repetition(limit: 64 * many.byteCount))
  }

  @Test("one long key is not gone over for very many dictionaries")
  func keys() {
    let text = P.text(String(repeating: "k", count: 2000))
    let bytes = P.ascii("B") + [0xD0, 7, 0, 0] + [UInt8](repeating: 0, count: 2000)
    for key in [text, bytes, P.tuple(P.none, text)] {
      func file(count: Int) -> ByteRegion {
        let dictionary = P.ascii("}") + loaded(0) + P.none + P.ascii("s")
        return archive(
          storing: [key], P.tuple([[UInt8]](repeating: dictionary, count: count)))
      }
      #expect(reason(file(count: 20)) == nil)
      let many = file(count: 500)
      #expect(reason(many) == .repetition(limit: 64 * many.byteCount))
    }
  }

  @Test("tensors do not take the same sizes, metadata and texts over and over")
  func tensorParts() {
    let sizes = P.tuple(integers: [Int](repeating: 1, count: 64))
    let entries = (0..<200).map { P.text("\($0)") + P.none }
    let metadata = P.ascii("}(") + entries.flatMap(\.self) + P.ascii("u")
    func arguments(_ sizes: [UInt8], _ more: [UInt8]...) -> [UInt8] {
      P.tuple([P.storage(), P.integer(0), sizes, sizes, P.no, P.none] + more)
    }
    let layout = P.call(
      P.global("torch.serialization", "_get_layout"), P.text(String(repeating: "x", count: 2000)))
    let scheme = P.global("__torch__", String(repeating: "x", count: 1000))
    for (function, arguments) in [
      ("_rebuild_tensor_v2", arguments(sizes)),
      ("_rebuild_tensor_v2", arguments(P.tuple(), metadata)),
      ("_rebuild_sparse_tensor", P.tuple(layout)),
      ("_rebuild_qtensor", P.tuple(P.none, P.none, P.none, P.none, P.tuple(scheme))),
    ] {
      func file(count: Int) -> ByteRegion {
        let call = loaded(0) + loaded(1) + P.ascii("R")
        return archive(
          storing: [P.global("torch._utils", function), arguments],
          P.tuple([[UInt8]](repeating: call, count: count)))
      }
      #expect(reason(file(count: 10)) == nil)
      let many = file(count: 2000)
      #expect(reason(many) == .repetition(limit: 64 * many.byteCount), "\(function)")
    }
  }

  @Test("texts of very many accents are compared by their bytes, not put in order")
  func accents() {
    let letter = "x" + String(repeating: "\u{301}\u{323}", count: 60)
    let codec = P.text("latin1" + String(repeating: letter, count: 2000))
    let file = archive(
      storing: [codec], P.call(P.global("_codecs", "encode"), P.text("a"), loaded(0)))
    #expect(
      reason(file)
        == .arguments(
          function: "encode", expected: "a string of Latin-1 characters and 'latin1'"))
  }

  @Test("calls do not copy one text or list over and over")
  func calls() {
    let count = 2000
    let text = P.text(String(repeating: "x", count: 2000))
    let encode = loaded(0) + P.tuple(loaded(1), loaded(2)) + P.ascii("R")
    let texts = archive(
      storing: [P.global("_codecs", "encode"), text, P.text("latin1")],
      P.tuple([[UInt8]](repeating: encode, count: count)))
    #expect(reason(texts) == .repetition(limit: 64 * texts.byteCount))

    let pairs = P.list((0..<500).map { P.tuple(P.integer($0), P.none) }.flatMap(\.self))
    let dictionary = loaded(0) + P.tuple(loaded(1)) + P.ascii("R")
    let dictionaries = archive(
      storing: [P.global("collections", "OrderedDict"), pairs],
      P.tuple([[UInt8]](repeating: dictionary, count: count)))
    #expect(reason(dictionaries) == .repetition(limit: 64 * dictionaries.byteCount))
  }

  @Test("long names are not gone over again and again")
  func globalNames() {
    let name = P.text(String(repeating: "A", count: 1000))
    let use = loaded(0) + loaded(1) + [0x93]
    let file = archive(
      storing: [P.text("torch.nn.modules.a"), name],
      P.tuple([[UInt8]](repeating: use, count: 1000)))
    #expect(reason(file) == .repetition(limit: max(1 << 16, 64 * file.byteCount)))
    let few = archive(
      storing: [P.text("torch.nn.modules.a"), name], P.tuple([[UInt8]](repeating: use, count: 20)))
    #expect(reason(few) == nil)
  }

  @Test("values do not take over the members of one tuple or list over and over")
  func members() {
    let nones = P.tuple([[UInt8]](repeating: P.none, count: 2000))
    let arguments = P.tuple(
      [P.global("argparse", "Namespace")] + [[UInt8]](repeating: P.none, count: 2000))
    let list = P.list(Array(nones.dropFirst().dropLast()))
    let call = loaded(0) + loaded(1) + P.ascii("R")
    let callOfOne = loaded(0) + loaded(1) + [0x85] + P.ascii("R")
    for (function, argument, call) in [
      (P.global("functools", "partial"), arguments, call),
      (P.global("datetime", "timezone"), nones, call),
      (P.global("torch", "Size"), nones, callOfOne),
      (P.global("builtins", "frozenset"), nones, callOfOne),
      // A list that is shared is copied when something is appended to it.
      (P.global("torch", "Size"), list, callOfOne + loaded(1) + P.none + P.ascii("a0")),
    ] {
      func file(callCount: Int) -> ByteRegion {
        archive(
          storing: [function, argument],
          P.tuple([[UInt8]](repeating: call, count: callCount)))
      }
      #expect(reason(file(callCount: 2)) == nil)
      let many = file(callCount: 200)
      #expect(reason(many) == .repetition(limit: max(1 << 16, 64 * many.byteCount)))
    }
  }

  /// A list that is shared is copied once something is appended to it.
  @Test("calls do not go over one text or list again and again")
  func contentsOfArguments() {
    let list = P.list([[UInt8]](repeating: P.none, count: 2000).flatMap(\.self))
    let digits = P.text(String(repeating: "1", count: 20_000))
    let text = P.ascii("X") + [0x10, 0x27, 0, 0] + [UInt8](repeating: 0x61, count: 10_000)
    for (function, argument) in [
      (P.global("builtins", "list"), list), (P.global("decimal", "Decimal"), digits),
      (P.global("fractions", "Fraction"), digits), (P.global("builtins", "complex"), text),
    ] {
      func file(callCount: Int) -> ByteRegion {
        archive(
          storing: [function, argument],
          P.tuple(
            [[UInt8]](
              repeating: loaded(0) + loaded(1) + [0x85] + P.ascii("R"), count: callCount)))
      }
      #expect(reason(file(callCount: 2)) == nil)
      let many = file(callCount: 500)
      #expect(reason(many) == .repetition(limit: max(1 << 16, 64 * many.byteCount)))
    }
  }
}
