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
}
