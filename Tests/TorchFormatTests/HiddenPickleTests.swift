import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Pickles in files of another kind")
struct HiddenPickleTests {
  @Test("what would be called is named, behind whatever the opcodes pass over")
  func named() throws {
    let attack = P.pickle(P.call(P.global("os", "system"), P.text("id")))
    // SHORT_BINBYTES: the bytes of another format, passed over.
    let hidden = ByteRegion(copying: [0x43, 4] + Array("head".utf8) + attack.dropFirst(2))
    let pickle = try #require(HiddenPickle(hidden))
    #expect(pickle.worst.qualifiedName == "os.system")
    #expect(pickle.calls.map(\.global.qualifiedName) == ["os.system"])
    #expect(pickle.error.rule == "pickle-global")
    #expect(pickle.error.place.byteOffset == pickle.worst.byteOffset)
  }

  @Test("a call behind very many harmless uses is no better hidden")
  func behindMany() {
    let harmless = Array(
      repeatElement(P.global("torch", "Size"), count: NotedUses.limit).joined())
    for separator in [[], P.ascii(".")] {
      let bytes = harmless + separator + P.call(P.global("os", "system"), P.text("id"))
      #expect(
        HiddenPickle(ByteRegion(copying: bytes + P.ascii(".")))?.worst.qualifiedName == "os.system")
    }
  }

  /// A function that is known calls what it is given, and so does what is built.
  @Test(
    "what is not known is harm beside any call, and beside a state",
    arguments: [
      P.call(
        P.global("torch._tensor", "_rebuild_from_type_v2"), P.global("mine", "run"),
        P.global("builtins", "object"), P.tuple(P.text("id")), P.dictionary([:])),
      P.call(
        P.global("numpy.random._pickle", "__generator_ctor"), P.text("id"),
        P.global("mine", "run")),
      P.dictionary(["x": P.global("mine", "run")]) + P.dictionary([:]) + P.ascii("b"),
    ])
  func asArgument(_ value: [UInt8]) {
    let hidden = HiddenPickle(ByteRegion(copying: P.pickle(value)))
    #expect(hidden?.worst.qualifiedName == "mine.run")
    // There are no tensors in the pickle that leaving something out could save.
    #expect(hidden?.error.hint?.contains("--skip-unknown") == false)
  }

  private static let names = P.text("os") + P.text("system")

  /// Python looks up what the pickle has made by then, whatever it is made of.
  @Test(
    "a name behind dots, in escapes or computed is as bad as one that is written out",
    arguments: [
      (P.text("torch") + P.text("serialization.os.system"), "torch.serialization.os.system"),
      // Of the number 0o557, Python keeps the byte 0o157.
      (P.ascii("S'\\557s'\nS'system'\n"), "os.system"),
      (P.call(P.global("builtins", "str"), P.text("os")) + P.text("system"), "<computed>.system"),
      (P.text("os") + P.call(P.global("builtins", "str"), P.text("system")), "os.<computed>"),
      (
        P.ascii("S'os'\np99999999999999999999\n0g099999999999999999999\nS'system'\n"),
        "<computed>.system"
      ),
    ] as [([UInt8], String)])
  func disguised(_ names: [UInt8], _ worst: String) {
    let call = names + [0x93] + P.tuple(P.text("id")) + P.ascii("R")
    #expect(HiddenPickle(ByteRegion(copying: P.pickle(call)))?.worst.qualifiedName == worst)
  }

  /// To import a module is to run it, and objects such as `ctypes.cdll` load what they are asked for.
  @Test(
    "what is not known is harm without a call, and so is any name of a module that is found",
    arguments: [
      (P.global("mine", "Net"), "mine.Net"), (P.global("mine", "Net.inner"), "mine.Net.inner"),
      (P.text("ctypes") + P.text("cdll.my lib/weights") + [0x93], "ctypes.cdll.my lib/weights"),
      (P.text("lib/weights") + P.text("x") + [0x93], "lib/weights.x"),
      (P.global("torch", "ctypes.cdll.lib/weights"), "torch.ctypes.cdll.lib/weights"),
    ] as [([UInt8], String)])
  func lookedUp(_ bytes: [UInt8], _ worst: String) {
    #expect(HiddenPickle(ByteRegion(copying: P.pickle(bytes)))?.worst.qualifiedName == worst)
  }

  /// What a checkpoint's own pickle is held to is not asked here: an element type without flags
  /// crashes NumPy, and a size of gigabytes takes them.
  @Test("what is known to be harmless has no place in another file, and needs no end")
  func harmlessNames() {
    for name in ["bytearray", "list"] {
      let call = P.call(P.global("builtins", name), P.integer(1 << 31))
      for bytes in [call, P.pickle(call)] {
        #expect(
          HiddenPickle(ByteRegion(copying: bytes))?.worst.qualifiedName == "builtins.\(name)")
      }
    }
    // Python imports a module before it finds that the pickle has no end.
    #expect(
      HiddenPickle(ByteRegion(copying: P.global("this", "x")))?.worst.globalName.module == "this")
  }

  /// One of Python's readers ends a number at a NUL, and takes any number of zeros in front.
  @Test(
    "what is fetched by a number that readers take differently counts as computed",
    arguments: ["5\0x", String(repeating: "0", count: 1500) + "5", " 5", "+5", "5_0", "-1", ""])
  func memoNumbers(_ number: String) {
    let names =
      P.text("posix") + P.ascii("p\(number)\n0") + P.text("collections") + P.ascii("p7\n0")
      + P.ascii("g7\n") + P.text("OrderedDict")
    let call = names + [0x93] + P.tuple(P.text("id")) + P.ascii("R")
    #expect(
      HiddenPickle(ByteRegion(copying: P.pickle(call)))?.worst.qualifiedName
        == "<computed>.OrderedDict")
  }

  @Test("a name that is too long to be kept counts as computed, unless it has quotes")
  func longNames() {
    // The part that would be kept ends with a dot.
    let path = "os" + String(repeating: ".path.os", count: 200) + ".system"
    for names in [P.text("torch") + P.text(path) + [0x93], P.global("torch", path)] {
      let call = names + P.tuple(P.text("id")) + P.ascii("R")
      #expect(
        HiddenPickle(ByteRegion(copying: P.pickle(call)))?.worst.qualifiedName == "torch.<computed>"
      )
    }
    let header = String(repeating: "\"a\":[0],", count: 200)
    #expect(HiddenPickle(ByteRegion(copying: P.pickle(P.global(header, header)))) == nil)
  }

  /// The memo's numbers are those of Python, which counts what is no longer kept, too.
  @Test("names that lie beyond what is kept of the stack and the memo count as computed")
  func beyondWhatIsKept() {
    let count = 1 << 20
    let nones = Array(repeatElement(P.ascii("N"), count: count).joined())
    let stack = Self.names + nones + Array(repeating: UInt8(ascii: "0"), count: count)
    let memoized = Array(repeatElement(P.ascii("N") + [0x94] + P.ascii("0"), count: count).joined())
    var gets = P.ascii("j")
    gets.appendLittleEndian(UInt32(count))
    gets += P.ascii("j")
    gets.appendLittleEndian(UInt32(count + 1))
    let memo =
      memoized + P.text("os") + [0x94] + P.text("system") + [0x94] + P.ascii("00") + gets
    for names in [stack, memo] {
      let call = names + [0x93] + P.tuple(P.text("id")) + P.ascii("R")
      #expect(
        HiddenPickle(ByteRegion(copying: P.pickle(call)))?.worst.qualifiedName
          == "<computed>.<computed>")
    }
  }

  @Test("a pickle is found wherever it lies in a large file")
  func farOff() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("large")
    let output = try OutputFile(path: path, replacingExisting: false)
    // BINUNICODE of zeros, which the file does not store.
    let byteCount = Limits.standard.pickleByteCount + 1
    var head = P.ascii("X")
    head.appendLittleEndian(UInt32(byteCount))
    let attack = P.call(P.global("os", "system"), P.text("id")) + P.ascii(".")
    try output.write(head, at: 0)
    try output.write(attack, at: head.count + byteCount)
    try output.commit()
    let hidden = HiddenPickle(try FileMapping(path: path).region)
    #expect(hidden?.worst.byteOffset == head.count + byteCount)
  }

  @Test(
    "bytes that ask for nothing hide nothing; neither do names that are no texts, at which Python ends",
    arguments: [
      [], [0x43], Array("{\"a\": 1}".utf8), P.pickle(P.none),
      // A name without a text below it, and lines that are no names.
      P.pickle([0x93]), P.pickle(P.integer(1) + P.none + [0x93]),
      P.pickle(P.tuple(P.text("os")) + P.text("system") + [0x93]),
      P.pickle(P.ascii("Pid\n") + P.ascii("h") + [9] + [0x93]),
      P.pickle(P.global("a \"module\"", "x")), P.pickle(P.global("\"a\"", "b")),
    ] as [[UInt8]])
  func harmless(_ bytes: [UInt8]) {
    #expect(HiddenPickle(ByteRegion(copying: bytes)) == nil)
  }
}
