import Testing

@testable import convnext

@Suite("TextTable")
struct TextTableTests {
  private func table() -> TextTable {
    var table = TextTable([("NAME", .left), ("COUNT", .right), ("NOTE", .left)])
    table.append(["stages.0.blocks.0.depthwise", "1", "a"])
    table.append(["stem", "1,000", ""])
    return table
  }

  @Test("columns are aligned, without spaces at the end of a line")
  func aligned() {
    #expect(
      table().aligned(columnCount: nil) == """
        NAME                         COUNT  NOTE
        stages.0.blocks.0.depthwise      1  a
        stem                         1,000

        """)
  }

  @Test("names are cut in the middle where the terminal is too narrow")
  func cut() {
    #expect(
      table().aligned(columnCount: 31) == """
        NAME                COUNT  NOTE
        stages.0…depthwise      1  a
        stem                1,000

        """)
    // A wide terminal changes nothing.
    #expect(table().aligned(columnCount: 200) == table().aligned(columnCount: nil))
  }

  @Test("into a pipe: tabs, and nothing is cut")
  func tabs() {
    #expect(
      table().tabSeparated() == """
        name\tcount\tnote
        stages.0.blocks.0.depthwise\t1\ta
        stem\t1,000\t

        """)
  }

  @Test(
    "texts are cut in the middle",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"), ("abcdef", 4, "a…ef"), ("abcdef", 2, "…f"),
      ("abcdef", 1, "abcdef"), ("", 3, ""),
    ])
  func cutsInMiddle(_ text: String, _ width: Int, _ expected: String) {
    #expect(cutInMiddle(text, to: width) == expected)
  }
}
