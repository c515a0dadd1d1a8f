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
      table().aligned(columnCount: 31, isASCII: false) == """
        NAME                COUNT  NOTE
        stages.0…depthwise      1  a
        stem                1,000

        """)
    // A wide terminal changes nothing.
    #expect(table().aligned(columnCount: 200) == table().aligned(columnCount: nil))
  }

  @Test("one long name does not make every row as long")
  func longName() {
    let name = String(repeating: "a", count: 100_000)
    var table = TextTable([("NAME", .left), ("COUNT", .right)])
    table.append([name, "1"])
    table.append(["stem", "2"])
    let rows = table.aligned(columnCount: nil).split(separator: "\n")
    #expect(rows[1] == "\(name)      1")
    #expect(rows[2].utf8.count == 263)
    let cut = table.aligned(columnCount: 40, isASCII: true).split(separator: "\n")
    #expect(cut[1] == "aaaaaaaaaaaaaaa...aaaaaaaaaaaaaaa      1")
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
    #expect(cutInMiddle(text, to: width, isASCII: false) == expected)
  }

  @Test(
    "where there is only ASCII, three dots stand for the middle",
    arguments: [
      ("abcdefgh", 8, "abcdefgh"), ("abcdefgh", 7, "ab...gh"), ("abcdefgh", 6, "a...gh"),
      ("abcdefgh", 4, "...h"), ("abcdefgh", 3, "abcdefgh"),
    ])
  func cutsInASCII(_ text: String, _ width: Int, _ expected: String) {
    #expect(cutInMiddle(text, to: width, isASCII: true) == expected)
  }

  @Test("names stay whole where cutting them would not make the table fit")
  func wide() {
    #expect(table().aligned(columnCount: 27) == table().aligned(columnCount: nil))
  }

  @Test("names are cut where that leaves them apart, as near to the middle as can be")
  func apart() {
    var table = TextTable([("NAME", .left), ("COUNT", .right)])
    for block in 0..<3 { table.append(["stages.1.blocks.\(block).depthwise.weight", "1"]) }
    #expect(
      table.aligned(columnCount: 31, isASCII: false) == """
        NAME                      COUNT
        stages.1.blocks.0…weight      1
        stages.1.blocks.1…weight      1
        stages.1.blocks.2…weight      1

        """)
  }

  @Test("columns of characters that take two are as wide as they look")
  func wideCharacters() {
    var table = TextTable([("NAME", .left), ("COUNT", .right)])
    table.append(["\u{65E5}\u{672C}", "1"])
    table.append(["abcd", "2"])
    #expect(
      table.aligned(columnCount: nil) == """
        NAME  COUNT
        \u{65E5}\u{672C}      1
        abcd      2

        """)
    #expect(
      cutInMiddle("\u{65E5}\u{672C}\u{8A9E}\u{91CD}\u{307F}", to: 6, isASCII: false)
        == "\u{65E5}…\u{307F}")
  }
}
