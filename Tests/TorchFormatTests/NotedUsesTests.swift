import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("NotedUses")
struct NotedUsesTests {
  @Test("uses keep their places, and each global its meaning")
  func places() {
    var uses = NotedUses(record: "r")
    let first = uses.add(GlobalName(module: "torch", name: "Size"), at: 1)
    let old = uses.add(GlobalName(module: "__builtin__", name: "set"), at: 2)
    let again = uses.add(GlobalName(module: "torch", name: "Size"), at: 3)
    #expect([first.index, old.index, again.index] == [0, 1, 2])
    #expect(first.meaning == .function(.size) && again.meaning == first.meaning)
    #expect(uses.globals.map(\.qualifiedName) == ["torch.Size", "builtins.set", "torch.Size"])
    #expect(uses.globals.map(\.byteOffset) == [1, 2, 3])
    #expect(uses.globals.allSatisfy { $0.record == "r" && $0.verdict == .data })
    uses.addCall(ofUse: again.index, .reduce, at: 4)
    #expect(uses.calls.map(\.byteOffset) == [4] && uses.calls.map(\.global.byteOffset) == [3])
  }

  @Test("names that differ in their bytes, or in where they are split, are different globals")
  func pairs() {
    var uses = NotedUses(record: nil)
    for (module, name) in [("a.b", "c"), ("a", "b.c"), ("\u{E9}", "c"), ("e\u{301}", "c")] {
      _ = uses.add(GlobalName(module: module, name: name), at: 0)
    }
    #expect(uses.globals.map { Array($0.globalName.module.utf8).count } == [3, 1, 2, 3])
    #expect(uses.globals.map(\.verdict) == [.unknown, .dangerous, .dangerous, .dangerous])
  }

  @Test("beyond the bound, what was not asked for or called before is noted all the same")
  func bound() {
    var uses = NotedUses(record: nil)
    for offset in 0..<NotedUses.limit + 10 {
      let index = uses.add(GlobalName(module: "torch", name: "Size"), at: offset).index
      #expect(index == (offset < NotedUses.limit ? offset : 0))
      uses.addCall(ofUse: index, .reduce, at: offset)
    }
    let system = uses.add(GlobalName(module: "os", name: "system"), at: 1 << 20).index
    #expect(uses.add(GlobalName(module: "os", name: "system"), at: 1 << 21).index == system)
    for offset in [5, 6] { uses.addCall(ofUse: system, .reduce, at: offset) }
    #expect(uses.globals.count == NotedUses.limit + 1)
    #expect(uses.globals.last?.qualifiedName == "os.system")
    #expect(uses.calls.count == NotedUses.limit + 1)
    #expect(uses.calls.last?.byteOffset == 5)
  }

  @Test("a pickle of very many uses and calls is listed to its last one")
  func wholePickle() {
    let call = P.ascii("h\u{0})R0")
    let calls = Array(repeatElement(call, count: NotedUses.limit + 10).joined())
    let attack = P.call(P.global("os", "system"), P.text("id"))
    let file = ZipBytes.archive(
      P.global("builtins", "bytes") + P.ascii("q\u{0}0") + calls + attack)
    let scan = TorchScan(file)
    #expect(scan.failure == nil)
    #expect(scan.globals.map(\.qualifiedName) == ["builtins.bytes", "os.system"])
    #expect(scan.calls.count == NotedUses.limit + 1)
    #expect(scan.calls.last?.global.qualifiedName == "os.system")
  }
}
