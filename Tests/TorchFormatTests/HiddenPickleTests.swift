import ByteIO
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

  @Test(
    "bytes that ask for nothing, or for what is known, hide nothing",
    arguments: [
      [], [0x43], Array("{\"a\": 1}".utf8), P.pickle(P.none),
      P.pickle(P.global("collections", "OrderedDict")), P.pickle(P.global("mine", "Net")),
    ] as [[UInt8]])
  func harmless(_ bytes: [UInt8]) {
    #expect(HiddenPickle(ByteRegion(copying: bytes)) == nil)
  }
}
