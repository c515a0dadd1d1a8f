import Testing

@testable import convnext

@Suite("Table formats")
struct TextTableFormatsTests {
  private let table: TextTable = {
    var table = TextTable([("NAME", .left), ("BYTES", .right)])
    table.append(["a,\"b\"", "1"])
    table.append(["c|_d", "20"])
    return table
  }()

  @Test("commas and quotation marks are quoted in CSV")
  func csv() {
    #expect(table.commaSeparated() == "name,bytes\n\"a,\"\"b\"\"\",1\nc|_d,20\n")
  }

  @Test("a text that a spreadsheet would take for a formula is not one; numbers stay numbers")
  func formulas() {
    var table = TextTable([("NAME", .left), ("MIN", .right)])
    for name in ["=1+1", "+x", "-x", "@x", "-", "x=1", ""] { table.append([name, "-0.5"]) }
    table.append(["=a,b", "1"])
    // A mark makes another character of the quotation mark, which ends the cell all the same.
    table.append(["a\"\u{301},=1", "1"])
    table.append(["x;=1", "1"])
    #expect(
      table.commaSeparated() == """
        name,min
        '=1+1,-0.5
        '+x,-0.5
        '-x,-0.5
        '@x,-0.5
        -,-0.5
        x=1,-0.5
        ,-0.5
        "'=a,b",1
        "a""\u{301},=1",1
        "x;=1",1

        """)
  }

  @Test("Markdown's own characters are escaped")
  func markdown() {
    #expect(
      table.markdown() == """
        | NAME | BYTES |
        | --- | ---: |
        | a,"b" | 1 |
        | c\\|\\_d | 20 |

        """)
    var other = TextTable([("A", .left)])
    other.append(["~~s~~ &amp;"])
    #expect(other.markdown().contains(#"| \~\~s\~\~ \&amp; |"#))
  }
}
