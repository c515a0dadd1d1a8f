import ByteIO
import TestSupport
import Testing

/// Holds `docs/library.md` against `Tests/KitProbe`, the program that it shows.
///
/// `UPDATE_DOCS=1` in the environment writes the parts that follow from the program.
@Suite("docs/library.md")
struct LibraryDocumentTests {
  private let document = Document("docs/library.md")

  @Test("the program is the one that is built and run here")
  func hasProgram() throws {
    let source = try #require(
      FileMapping(path: Repository.path("Tests/KitProbe/main.swift")).region.text)
    let text = "```swift\n\(source)```\n"
    #expect(try document.part("program", expected: text) == text)
  }

  @Test("the examples are those that are built here")
  func hasExamples() throws {
    let source = try #require(
      FileMapping(path: Repository.path("Tests/KitProbe/Examples.swift")).region.text)
    let text = "```swift\n\(source)```\n"
    #expect(try document.part("examples", expected: text) == text)
  }

  @Test("the program prints what the page says, and refuses to replace its output")
  func hasOutput() throws {
    let folder = try TemporaryFolder()
    let command = [
      try BuiltProduct.path("KitProbe"), Repository.path("fixtures/digits/convnext_digits.pth"),
      folder.path("digits.convnext"),
    ]
    for part in ["output", "again"] {
      let result = try ProcessResult(running: command)
      #expect(result.status == 0)
      let text = "```\n\(result.output)```\n"
      #expect(try document.part(part, expected: text) == text)
    }
  }
}
