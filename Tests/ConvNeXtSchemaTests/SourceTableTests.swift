import Testing

@testable import ConvNeXtSchema

@Suite("SourceTable")
struct SourceTableTests {
  @Test("any amount of white space sets columns apart, and lines may have their own number of them")
  func rows() {
    let table = """
      a.{i}   b.*    1,*
        c d

      e
      """
    #expect(Array(SourceTable.rows(of: table)) == [["a.{i}", "b.*", "1,*"], ["c", "d"], ["e"]])
    #expect(Array(SourceTable.rows(of: "")).isEmpty)
  }

  @Test("a column has parts")
  func parts() {
    #expect(SourceTable.parts(of: "2,2,6,2", by: ",") == ["2", "2", "6", "2"])
    #expect(SourceTable.parts(of: "patch", by: ":") == ["patch"])
  }
}
