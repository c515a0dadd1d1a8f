import TensorModel
import TestSupport
import Testing

@testable import Quantize

/// Holds the tables of the documents against the code; `UPDATE_DOCS=1` writes the recipes anew.
@Suite("docs/quantization.md")
struct QuantizationDocumentTests {
  @Test("the table of recipes is the code's")
  func recipes() throws {
    let builtIn = Recipe.BuiltIn.allCases
    var text =
      "| role |" + builtIn.map { " `\($0.rawValue)` |" }.joined() + "\n|---|"
      + builtIn.map { _ in "---|" }.joined() + "\n"
    for role in TensorRole.allCases {
      text += "| `\(role.rawValue)` |"
      for recipe in builtIn {
        let rule = try #require(recipe.recipe.rules.first { $0.subject == .role(role) })
        text += " \(rule.formats.map(\.rawValue).joined(separator: ", ")) |"
      }
      text += "\n"
    }
    #expect(try Document("docs/quantization.md").part("recipes", expected: text) == text)
  }

  @Test("the table of schemes in the format's description is the code's")
  func schemes() throws {
    let rows = try Document("docs/native-format.md").table("schemes")
    #expect(
      rows.map { $0.prefix(3).joined(separator: "|") }
        == QuantizationScheme.allCases.map {
          "\($0.rawValue)|\($0.codeType.name), -\($0.largestCode) to \($0.largestCode)|"
            + ($0.blockSize.map(String.init) ?? "null")
        })
  }

  @Test("the document names every format, policy and role")
  func names() throws {
    let text =
      try Document("docs/quantization.md").text + Document("docs/command-line.md").text
    for name in WeightFormat.allCases.map(\.rawValue) + OverflowPolicy.allCases.map(\.rawValue)
      + TensorRole.allCases.map(\.rawValue)
    {
      #expect(text.contains("`\(name)`"), "\(name)")
    }
  }
}
