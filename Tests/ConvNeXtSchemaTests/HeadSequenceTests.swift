import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("Heads that are a sequence of modules")
struct HeadSequenceTests {
  private static let width = 8

  /// A small model under torchvision's names with a head of the user's own.
  private func inputs(_ head: [(name: String, shape: [Int])]) throws -> [SchemaInput] {
    var body = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, Self.width], classes: nil)
    body.head.norm = .none
    let export = try NameExport(body, naming: .torchvision)
    return ConvNeXtSchemaTests.inputs(
      export.entries.map {
        TensorInfo(name: $0.name, elementType: .float32, shape: $0.shape)
      }
        + head.map {
          TensorInfo(
            name: TensorName("classifier.\($0.name)"), elementType: .float32, shape: $0.shape)
        })
  }

  private static let norm = [("0.weight", [width]), ("0.bias", [width])]

  @Test("torchvision's own head is a norm and a classifier")
  func own() throws {
    let match = try ModelMatcher(
      inputs(Self.norm + [("2.weight", [5, Self.width]), ("2.bias", [5])])
    ).match()
    #expect(match.problems == [])
    #expect(match.architecture.head.classes == 5)
  }

  private static let others: [(String, [(String, [Int])], norm: Architecture.Head.Norm)] = [
    (
      "two layers behind the norm",
      norm + [
        ("2.weight", [16, width]), ("2.bias", [16]), ("5.weight", [5, 16]), ("5.bias", [5]),
      ],
      .afterPooling
    ),
    (
      "a norm at the classifier's place",
      [("1.weight", [64, width]), ("2.weight", [64]), ("2.bias", [64]), ("5.weight", [5, 64])],
      .none
    ),
    ("one linear layer", [("weight", [3, width]), ("bias", [3])], .none),
  ]

  @Test("another head has no classes, and its layers are extra", arguments: others.indices)
  func other(_ index: Int) throws {
    let (_, head, norm) = Self.others[index]
    let match = try ModelMatcher(inputs(head)).match()
    #expect(match.architecture.head.classes == nil)
    #expect(match.architecture.head.norm == norm)
    #expect(!match.problems.isEmpty && match.problems.allSatisfy(\.isExtra))
  }

  private static let misplaced: [[(String, [Int])]] = [
    // A linear layer, an activation, a linear layer.
    [("0.weight", [64, width]), ("0.bias", [64]), ("2.weight", [5, 64]), ("2.bias", [5])],
    // What flattens, the norm, the classifier.
    [("1.weight", [width]), ("1.bias", [width]), ("2.weight", [5, width]), ("2.bias", [5])],
  ]

  @Test(
    "a head without a norm at its place does not fit, and its backbone does", arguments: misplaced)
  func backbone(_ head: [(String, [Int])]) throws {
    let matcher = try ModelMatcher(inputs(head))
    #expect(try matcher.match().problems != [])
    let match = try matcher.match(isBackboneOnly: true)
    #expect(match.problems == [])
    #expect(match.architecture.head.norm == .none && match.architecture.head.classes == nil)
    #expect(match.leftOut.count == head.count)
  }

  @Test("a norm that is missing stays missing in the backbone of a model without a head of its own")
  func missingNorm() throws {
    let whole = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    let export = try NameExport(whole, naming: .timm)
    let tensors = export.entries.filter { !$0.name.string.hasPrefix("head.norm") }.map {
      TensorInfo(name: $0.name, elementType: .float32, shape: $0.shape)
    }
    let match = try ModelMatcher(ConvNeXtSchemaTests.inputs(tensors)).match(isBackboneOnly: true)
    #expect(match.problems.count == 2)
  }
}
