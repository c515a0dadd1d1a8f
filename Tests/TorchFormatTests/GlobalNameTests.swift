import Testing

@testable import TorchFormat

@Suite("GlobalName")
struct GlobalNameTests {
  @Test("names are the same if both parts have the same bytes, and only shown as one text")
  func equality() {
    let name = GlobalName(module: "a.b", name: "c")
    #expect(name == GlobalName(module: "a.b", name: "c"))
    #expect(name.qualifiedName == "a.b.c")
    for other in [("a", "b.c"), ("a.b", "C"), ("a.b.c", ""), ("c", "a.b")] {
      #expect(name != GlobalName(module: other.0, name: other.1))
    }
    let composed = GlobalName(module: "m", name: "\u{E9}")
    let decomposed = GlobalName(module: "m", name: "e\u{301}")
    #expect(composed != decomposed && Set([composed, decomposed, composed]).count == 2)
  }

  @Test(
    "only identifiers in modules are plain names; more can be found, and more still is looked up",
    arguments: [
      ("torch", "Size", true, true, true), ("torch.nn", "Module.half", false, true, true),
      ("my-file", "run", false, false, true), ("my-file", "\u{F6}", false, false, true),
      ("torch", "", false, false, true), ("", "eval", false, false, false),
      ("{\"a\"", "b", false, false, false), ("a b", "\"", false, false, false),
      ("torch", "<computed>", false, true, true), ("<computed>", "x", false, true, true),
    ])
  func spelling(
    _ module: String, _ name: String, isPlain: Bool, canBeFound: Bool, mayBeLookedUp: Bool
  ) {
    let global = GlobalName(module: module, name: name)
    #expect(global.isPlain == isPlain)
    #expect(global.canBeFound == canBeFound)
    #expect(global.mayBeLookedUp == mayBeLookedUp)
  }

  @Test("modules of Python 2 have their current names, and others stay as they are")
  func current() {
    let names = [
      ("__builtin__", "set"), ("copy_reg", "x"), ("builtins", "set"), ("m", "__builtin__"),
    ]
    let current = names.map { GlobalName(module: $0.0, name: $0.1).current { $0 } }
    #expect(
      current.map(\.qualifiedName) == [
        "builtins.set", "copyreg.x", "builtins.set", "m.__builtin__",
      ])
  }
}
