import TensorModel
import Testing

@Suite("Name patterns with stars")
struct NameGlobTests {
  @Test(
    "match whole names",
    arguments: [
      ("*", "", true), ("*", "a.b", true), ("", "", true), ("", "a", false),
      ("a.b", "a.b", true), ("a.b", "a.bc", false), ("a.b", "aXb", false),
      ("*.weight", "stem.0.weight", true), ("*.weight", "weight", false),
      ("stages.?.blocks.*", "stages.0.blocks.1.norm", true),
      ("stages.?.blocks.*", "stages.10.blocks.1.norm", false),
      ("*a*b", "xaxab", true), ("*a*b", "xaxabc", false), ("a**b", "ab", true),
      ("?", "é", true), ("??", "e\u{301}", true), ("é", "e\u{301}", false),
      ("[a]", "[a]", true), ("[a]", "a", false), ("a?", "a\r", true),
    ])
  func matches(pattern: String, name: String, expected: Bool) {
    #expect(NameGlob(pattern).matches(TensorName(name)) == expected)
  }

  @Test("many stars do not take forever")
  func manyStars() {
    let pattern = String(repeating: "a*", count: 50) + "b"
    #expect(!NameGlob(pattern).matches(TensorName(String(repeating: "a", count: 2000))))
  }
}
