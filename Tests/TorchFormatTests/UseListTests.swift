import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("UseList")
struct UseListTests {
  private func use(
    _ name: String, at byteOffset: Int = 0, verdict: GlobalVerdict = .data
  ) -> GlobalUse {
    GlobalUse(
      globalName: GlobalName(module: "torch", name: name), record: nil, byteOffset: byteOffset,
      verdict: verdict)
  }

  @Test("beyond the bound, only what is not in the list is added")
  func bound() {
    var list = UseList<GlobalUse>()
    for round in 0..<3 {
      let offset = round * NotedUses.limit
      list.add((0..<NotedUses.limit).map { use("Size", at: offset + $0) })
      #expect(list.uses.count == NotedUses.limit)
    }
    list.add([use("a"), use("\u{E9}"), use("a"), use("e\u{301}"), use("Size")])
    list.add([use("a"), use("b")])
    #expect(
      list.uses[NotedUses.limit...].map { Array($0.globalName.name.utf8) }
        == [[97], [0xC3, 0xA9], [0x65, 0xCC, 0x81], [98]])
    #expect(list.uses.prefix(NotedUses.limit).map(\.byteOffset).max() == NotedUses.limit - 1)
  }

  @Test("what is harmless in one pickle and dangerous in another is added as both")
  func verdicts() {
    var list = UseList<GlobalUse>()
    list.add((0..<NotedUses.limit).map { _ in use("getattr", verdict: .inert) })
    list.add([use("getattr", verdict: .dangerous), use("getattr", verdict: .inert)])
    #expect(list.uses.count == NotedUses.limit + 1)
    #expect(list.uses.last?.verdict == .dangerous)
  }

  @Test("what is listed at its place is not added again, wherever it was found before")
  func places() {
    var list = UseList<GlobalUse>()
    list.add([use("a", at: 1), use("a", at: 1)])
    list.addNew([use("a", at: 1), use("a", at: 2), use("b", at: 1)])
    list.addNew([use("a", at: 2), use("b", at: 1), use("b", at: 2)])
    let places = list.uses.map { "\($0.globalName.name)\($0.byteOffset)" }
    #expect(places == ["a1", "a1", "a2", "b1", "b2"])
  }

  @Test("an archive of many pickles is listed up to the bound, and each new name behind it")
  func archive() {
    let half = Array(repeatElement(P.global("torch", "Size"), count: NotedUses.limit / 2).joined())
    var members = ZipBytes.members(P.pickle(P.dictionary([:])))
    for index in 0..<3 { members.append(ZipBytes.Member("a/\(index).pkl", P.pickle(half))) }
    let attack = P.call(P.global("os", "system"), P.text("id"))
    members.append(ZipBytes.Member("a/3.pkl", P.pickle(half + attack)))
    let scan = TorchScan(ZipBytes.archive(members))
    #expect(scan.globals.count == NotedUses.limit + 1)
    #expect(scan.globals.last?.qualifiedName == "os.system")
    #expect(scan.calls.map(\.global.qualifiedName) == ["os.system"])
  }
}
