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

  @Test("Markdown's own characters are escaped")
  func markdown() {
    #expect(
      table.markdown() == """
        | NAME | BYTES |
        | --- | ---: |
        | a,"b" | 1 |
        | c\\|\\_d | 20 |

        """)
  }
}
