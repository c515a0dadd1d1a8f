import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("TensorTree")
struct TensorTreeTests: TensorArchives {
  @Test("paths go through dictionaries, lists, tuples, sets and attributes")
  func paths() throws {
    let object =
      P.global("argparse", "Namespace") + P.ascii(")") + [0x81]
      + P.dictionary(["ema": P.tensor()]) + P.ascii("b")
    let value = P.dictionary([
      "model": P.dictionary(["stem.0.weight": P.tensor()]),
      "list": P.list(P.none, P.tensor()),
      "pair": P.tuple(P.tensor(), P.tensor()),
      "args": object,
    ])
    let intKey = P.ascii("}") + P.integer(7) + P.tensor() + P.ascii("s")
    #expect(
      try open(value).tensors.map(\.name.string) == [
        "model.stem.0.weight", "list.1", "pair.0", "pair.1", "args.ema",
      ])
    #expect(try open(intKey).tensors.map(\.name.string) == ["7"])
  }

  /// Python has these under no key: an entry of the same name would be another one.
  @Test("attributes of a dictionary or a tensor are listed apart from entries")
  func attributes() throws {
    let attributes = P.dictionary(["head.bias": P.tensor()]) + P.ascii("b")
    let state = P.orderedDictionary + P.text("head.weight") + P.tensor() + P.ascii("s")
    #expect(
      try open(P.dictionary(["model": state + attributes])).tensors.map(\.name.string) == [
        "model.head.weight", "model.__dict__.head.bias",
      ])
    let counter =
      P.call(P.global("collections", "Counter"), P.dictionary(["w": P.tensor()])) + attributes
    let file = try open(P.dictionary(["sd": counter]))
    #expect(file.tensors.map(\.name.string) == ["sd.w", "sd.__dict__.head.bias"])
    let parameter = P.call(
      P.global("torch._utils", "_rebuild_parameter_with_state"), P.tensor(), P.yes,
      P.orderedDictionary, P.dictionary(["bias": P.tensor()]))
    #expect(
      try open(P.dictionary(["head": parameter])).tensors.map(\.name.string) == [
        "head", "head.__dict__.bias",
      ])
    #expect(try open(state + attributes).dictionaryPaths == ["", "__dict__"])
  }

  /// SHORT_BINBYTES.
  private static func bytes(_ text: String, _ more: [UInt8] = []) -> [UInt8] {
    let content = P.ascii(text) + more
    return [0x43, UInt8(content.count)] + content
  }

  /// LONG1 of a highest byte and so many others.
  private static func long(_ highest: UInt8, above byte: UInt8 = 0, count: Int) -> [UInt8] {
    [0x8A, UInt8(count + 1)] + [UInt8](repeating: byte, count: count) + [highest]
  }

  private static let odd: [(key: [UInt8], name: String)] = [
    (bytes("w"), "b'w'"), (bytes("\t\n\r\\'", [0, 0xFF]), #"b"\t\n\r\\'\x00\xff""#),
    (bytes("'\""), #"b'\'"'"#), (long(1, count: 10), "1208925819614629174706176"),
    (long(0xFF, count: 10), "-1208925819614629174706176"),
    (long(0, above: 0xFF, count: 8), "18446744073709551615"),
    (long(0x10, count: 12), "1267650600228229401496703205376"), (P.yes, "True"),
    (P.none, "None"), (P.tuple(P.integer(1), P.yes), "(1, True)"),
  ]

  @Test("keys that are no texts are parts of paths as Python writes them", arguments: odd)
  func keys(_ key: [UInt8], _ name: String) throws {
    let value = P.ascii("}") + key + P.tensor() + P.ascii("s")
    #expect(try open(value).tensors.map(\.name.string) == [name])
  }

  @Test("a module's tensors have the names that state_dict() gives them")
  func modules() throws {
    func module(
      _ parameters: [UInt8] = P.ascii("}"), _ modules: [UInt8] = P.ascii("}"),
      _ others: KeyValuePairs<String, [UInt8]> = [:]
    ) -> [UInt8] {
      let attributes =
        P.dictionary(others) + P.ascii("(")
        + P.text("_parameters") + parameters + P.text("_buffers")
        + P.dictionary(["count": P.tensor()]) + P.text("_modules") + modules + P.ascii("u")
      return P.global("torch.nn.modules.container", "Sequential") + P.ascii(")") + [0x81]
        + attributes + P.ascii("b")
    }
    let leaf = module(P.dictionary(["weight": P.tensor()]))
    let value = P.dictionary([
      "model": module(P.ascii("}"), P.dictionary(["0": leaf]), ["mean": P.tensor()])
    ])
    #expect(
      try open(value).tensors.map(\.name.string) == [
        "model.__dict__.mean", "model.count", "model.0.weight", "model.0.count",
      ])
    // What is no part of the state dict is in no dictionary of the model's.
    #expect(try open(value).dictionaryPaths == ["model.__dict__", "model", "model", "model"])
    let nonPersistent = module(
      P.ascii("}"), P.ascii("}"),
      ["_non_persistent_buffers_set": P.call(P.global("builtins", "set"), P.list(P.text("count")))])
    #expect(try open(nonPersistent).tensors.map(\.name.string) == ["__dict__.count"])
    // Attributes of these names that are not all three there are like others.
    let object =
      P.global("argparse", "Namespace") + P.ascii(")") + [0x81]
      + P.dictionary(["_modules": P.dictionary(["w": P.tensor()])]) + P.ascii("b")
    #expect(try open(object).tensors.map(\.name.string) == ["_modules.w"])
  }

  @Test("an object that knows where it lies, or is its own state, is cut off there")
  func referencesBack() throws {
    func object(
      _ memo: UInt8, _ state: [UInt8], of global: [UInt8] = P.global("argparse", "Namespace")
    ) -> [UInt8] {
      global + P.ascii(")") + [0x81] + P.ascii("q") + [memo] + state + P.ascii("b")
    }
    func back(_ memo: UInt8) -> [UInt8] { P.ascii("h") + [memo] }
    let own = object(2, back(2), of: P.global("addict.addict", "Dict"))
    let child = object(1, P.dictionary(["parent": back(0), "w": P.tensor()]))
    let parent = object(
      0, P.dictionary(["children": P.list(child), "pair": P.tuple(back(0), back(1))]))
    let file = try open(P.dictionary(["configuration": parent, "own": own]))
    #expect(
      file.tensors.map(\.name.string) == [
        "configuration.children.0.w", "configuration.pair.1.w",
      ])
  }

  /// What is cut off there, Python has along the other path: `r['other']['model']['weight']`.
  @Test("what refers back to an object with tensors is refused where another path leads to it")
  func referencesBackFromElsewhere() throws {
    func file(_ content: [UInt8]) -> [UInt8] {
      let part = P.ascii("}q\u{2}") + P.text("model") + P.ascii("h\u{1}s")
      let object =
        P.global("collections", "Counter") + P.ascii(")Rq\u{1}") + P.text("w") + content
        + P.ascii("s") + P.text("back") + part + P.ascii("s")
      return P.ascii("}(") + P.text("x") + object + P.text("other") + P.ascii("h\u{2}u")
    }
    #expect(failure(file(P.tensor()))?.reason == .cycle)
    _ = try open(file(P.integer(1)))
  }

  @Test("an object that lies in its own set, or is a key below itself, is refused")
  func referencesBackInKeys() throws {
    let back = P.ascii("h") + [0]
    let containers = [
      [0x8F] + P.ascii("(") + back + [0x90], P.ascii("}") + back + P.none + P.ascii("s"),
    ]
    for container in containers {
      let object =
        P.global("argparse", "Namespace") + P.ascii(")") + [0x81] + P.ascii("q") + [0]
        + P.dictionary(["w": P.tensor(), "own": container]) + P.ascii("b")
      #expect(failure(object)?.reason == .cycle)
    }
  }

  @Test("tied tensors have each of their names and one storage")
  func ties() throws {
    let value =
      P.ascii("}(") + P.text("a") + P.tensor() + P.ascii("q") + [0] + P.text("b") + P.ascii("h")
      + [0] + P.text("c") + P.tensor(shape: [2], offset: 2) + P.ascii("u")
    let file = try open(value)
    #expect(file.tensors.map(\.name.string) == ["a", "b", "c"])
    #expect(file.tensors.allSatisfy { $0.storage === file.tensors[0].storage })
    guard case .dictionary(let root) = file.root else {
      Issue.record("the root is no dictionary")
      return
    }
    #expect(root["a"] == .tensor(0))
    #expect(root["b"] == .tensor(0))
    #expect(root["c"] == .tensor(2))
    #expect(root["d"] == nil)
  }

  @Test("a dictionary in two places gives its tensors twice")
  func sharedDictionary() throws {
    let value =
      P.ascii("}(") + P.text("raw") + P.dictionary(["w": P.tensor()]) + P.ascii("q") + [0]
      + P.text("ema") + P.ascii("h") + [0] + P.ascii("u")
    #expect(try open(value).tensors.map(\.name.string) == ["raw.w", "ema.w"])
  }

  @Test("two tensors cannot have one path")
  func duplicatePath() {
    let value = P.dictionary(["a.b": P.tensor(), "a": P.dictionary(["b": P.tensor()])])
    let error = failure(value)
    #expect(error?.reason == .tensorDuplicate)
    #expect(error?.place.tensor == "a.b")
  }

  @Test("names that String takes for equal stay apart")
  func canonicalEquivalence() throws {
    let value = P.dictionary(["e\u{301}": P.tensor(), "\u{E9}": P.tensor()])
    #expect(
      try open(value).tensors.map { Array($0.name.utf8) } == [
        [0x65, 0xCC, 0x81], [0xC3, 0xA9],
      ])
  }

  @Test("a bomb of strides can be listed and not be written out")
  func budget() throws {
    let value = P.dictionary([
      "bomb": P.tensor(shape: [1 << 20, 1 << 20], strides: [0, 0]), "honest": P.tensor(),
    ])
    let region = ZipBytes.archive(value, storages: ["0": Self.data])
    let file = try TorchFile(region)
    #expect(file.tensors.map(\.byteCount) == [1 << 42, 16])
    #expect(try file.tensors[1].contiguousBytes().array == Self.data)
    var found: TorchError?
    do {
      try file.tensors[0].forEachChunk { _ in }
    } catch { found = error as? TorchError }
    #expect(found?.reason == .tensorBudget(byteCount: 1 << 42, limit: 64 << 20))
    #expect(found?.place.tensor == "bomb")
  }

  @Test("limits hold for the numbers of tensors and of steps to them")
  func limits() {
    var limits = Limits()
    limits.tensorCount = 2
    let three = P.list(P.tensor(), P.tensor(), P.tensor())
    #expect(
      TorchFormatTests.failure { () throws(TorchError) in
        try open(three, options: TorchReadingOptions(limits: limits))
      } == TorchError(.tensorCount(limit: 2), record: "a/data.pkl"))
    limits = Limits()
    limits.pickleVisitCount = 2
    #expect(
      TorchFormatTests.failure { () throws(TorchError) in
        try open(three, options: TorchReadingOptions(limits: limits))
      } == TorchError(.visitCount(limit: 2), record: "a/data.pkl"))
  }

  @Test("the state of an optimizer, whose keys are the parameters, is listed by their places")
  func tensorKeys() throws {
    let state =
      P.call(P.global("collections", "defaultdict"), P.global("builtins", "dict")) + P.ascii("(")
      + P.tensor() + P.dictionary(["step": P.tensor(shape: [1])])
      + P.tensor() + P.tensor(shape: [2]) + P.ascii("u")
    let optimizer =
      P.global("torch.optim.adamw", "AdamW") + P.tuple() + [0x81] + P.dictionary(["state": state])
      + P.ascii("b")
    let file = try open(P.dictionary(["optimizer": optimizer]))
    #expect(
      file.tensors.map(\.name) == [
        "optimizer.state.tensor0", "optimizer.state.tensor0.step", "optimizer.state.tensor1",
        "optimizer.state.tensor1.value",
      ])
  }
}
