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
