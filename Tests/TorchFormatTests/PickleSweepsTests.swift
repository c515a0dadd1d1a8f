import ByteIO
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

@Suite("Sweeps over pickles one behind the other")
struct PickleSweepsTests {
  private static let attack = P.pickle(P.call(P.global("os", "system"), P.text("id")))

  private func names(_ bytes: [UInt8], onlyPlausible: Bool) -> [String] {
    PickleSweeps(ByteRegion(copying: bytes), record: nil, onlyPlausible: onlyPlausible)
      .globals.map(\.qualifiedName)
  }

  @Test("each pickle behind another is swept", arguments: [false, true])
  func sequence(onlyPlausible: Bool) {
    let bytes = P.pickle(P.none) + Self.attack + P.ascii("N.") + Self.attack.dropLast()
    #expect(names(bytes, onlyPlausible: onlyPlausible) == ["os.system", "os.system"])
  }

  @Test("no pickle finds what another one has memoized, or left on the stack")
  func separate() {
    // STACK_GLOBAL with the first pickle's texts.
    let memoized = P.text("os") + P.ascii("q\u{0}0") + P.text("system") + P.ascii("q\u{1}0N.")
    #expect(names(memoized + P.ascii("h\u{0}h\u{1}") + [0x93], onlyPlausible: false).isEmpty)
    let left = P.text("os") + P.text("system") + P.ascii("N.")
    #expect(names(left + [0x93] + P.ascii("."), onlyPlausible: false).isEmpty)
    // A place that readers take differently makes what is fetched in the same pickle anything.
    #expect(names(P.ascii("Np 1\n.(g1\ng1\n") + [0x93], onlyPlausible: false).isEmpty)
    #expect(
      names(P.ascii("Np 1\n(g1\ng1\n") + [0x93], onlyPlausible: false)
        == ["<computed>.<computed>"])
  }

  @Test("a pickle behind very many harmless uses is swept")
  func behindMany() {
    let harmless = Array(
      repeatElement(P.global("torch", "Size"), count: NotedUses.limit).joined())
    let bytes = P.pickle(harmless) + P.pickle(P.global("torch", "Size")) + Self.attack
    let found = names(bytes, onlyPlausible: true)
    #expect(found.count == NotedUses.limit + 1)
    #expect(found.last == "os.system")
  }

  @Test("bytes that are no pickle name nothing where it has to be plausible")
  func implausible() {
    let text = P.ascii("class\nfunction\nN and so on")
    #expect(names(text, onlyPlausible: false) == ["lass.function"])
    #expect(names(text, onlyPlausible: true).isEmpty)
    #expect(names(P.ascii("cos\nsystem\n"), onlyPlausible: true) == ["os.system"])
  }

  @Test("the cost is what was looked at")
  func cost() {
    let pickles = PickleSweeps(ByteRegion(copying: P.ascii("N.N.") + [0xFF, 0xFF]), record: nil)
    #expect(pickles.cost == 4)
    #expect(PickleSweeps(ByteRegion(copying: P.ascii("Ixxx")), record: nil).cost == 4)
  }

  static let records: [(String, [UInt8], isPickle: Bool)] = [
    ("a pickle", attack, true),
    ("a pickle with bytes behind it", attack + [0, 0], true),
    ("a pickle that is cut off behind what it asks for", [0x80, 2] + P.global("a", "b"), true),
    ("a pickle without globals", P.pickle(P.none), true),
    ("text opcodes", P.ascii("cos\nsystem\n."), true),
    ("text opcodes that are cut off", P.ascii("cos\nsystem\n"), true),
    ("text opcodes that call something unknown", P.ascii("cx\ny\n(tR"), true),
    ("any name of a dangerous module", P.ascii("cctypes\ncdll.my lib/weights\n"), true),
    ("text opcodes behind others", P.ascii("N0I1\n0cos\nsystem\n"), true),
    ("a text of two short lines", P.ascii("cat\ndog\nmouse"), false),
    ("code", P.ascii("class os:\n  system\n"), false),
    ("a number", P.ascii("3\n"), false),
    ("PROTO and no opcode", [0x80, 2, 0x00, 0xFF], false),
    ("zeros", [UInt8](repeating: 0, count: 64), false),
    ("one byte", P.ascii("."), false),
    ("no bytes", [], false),
  ]

  @Test("a pickle is told by its bytes", arguments: records)
  func isPickle(name: String, bytes: [UInt8], isPickle: Bool) {
    #expect(PickleSweep.isPickle(ByteRegion(copying: bytes), isCut: false) == isPickle)
  }

  @Test("the first bytes of a large pickle are enough")
  func large() {
    #expect(PickleSweep.isPickle(ByteRegion(copying: [0x80, 2, 0]), isCut: true))
    #expect(!PickleSweep.isPickle(ByteRegion(copying: [0x80, 9, 0]), isCut: true))
  }
}
