import Testing

@testable import ConvNeXtSchema

@Suite("DottedName")
struct DottedNameTests {
  @Test(
    "a name is cut at every dot, as split does it",
    arguments: ["", ".", "a", "a.b", ".a", "a.", "a..b", "stages.0.1.gamma", "é.\u{65}\u{301}"])
  func components(text: String) {
    let name = DottedName(text.utf8)
    let expected = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    #expect((0..<name.componentCount).map { Array(name[$0]) } == expected.map { Array($0) })
    #expect(Array(name.last) == expected.last.map { Array($0) })
  }

  @Test("the path before a component ends with its dot")
  func path() {
    let name = DottedName("model.stages.0".utf8)
    let paths = (0..<3).map { String(decoding: name.path(before: $0), as: UTF8.self) }
    #expect(paths == ["", "model.", "model.stages."])
  }

  @Test(
    "wrappers of torch are no components, except at the end",
    arguments: [
      ("stages.0._orig_mod.blocks", ["stages", "0", "blocks"], true),
      (
        "_orig_mod.stages._fsdp_wrapped_module._checkpoint_wrapped_module.0", ["stages", "0"], true
      ),
      ("stages._orig_mod", ["stages", "_orig_mod"], false),
      ("stages._orig_mods.0", ["stages", "_orig_mods", "0"], false),
    ])
  func wrappers(text: String, components: [String], isWrapped: Bool) {
    let name = DottedName(text.utf8)
    #expect(
      (0..<name.componentCount).map { String(decoding: name[$0], as: UTF8.self) } == components)
    #expect(name.isWrapped == isWrapped)
    #expect(name.unwrapped == components.joined(separator: "."))
  }

  @Test("a path keeps the wrappers in it, and loses those at its end where it is asked to")
  func wrappedPath() {
    let name = DottedName("model._orig_mod.stages.0".utf8)
    #expect(String(decoding: name.path(before: 1), as: UTF8.self) == "model._orig_mod.")
    #expect(DottedName.withoutLastWrappers("a._orig_mod._fsdp_wrapped_module.") == "a.")
    #expect(DottedName.withoutLastWrappers("_orig_mod.") == "")
    #expect(DottedName.withoutLastWrappers("my_orig_mod.") == "my_orig_mod.")
  }
}
