import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("Assignment")
struct AssignmentTests {
  private let architecture = Architecture(depths: [1, 1], widths: [4, 8], classes: 3)

  private func candidate(_ naming: Naming, prefix: String = "", bodyPrefix: String = "")
    -> Candidate
  {
    Candidate(
      naming: naming, title: naming.rawValue, wrapper: nil, prefix: prefix, bodyPrefix: bodyPrefix,
      blockCount: 2, tensorCount: 0, byteCount: 0)
  }

  /// The model's tensors as a publisher names them.
  private func tensors(_ table: NameTable, prefix: String = "", body: String = "") -> [TensorInfo] {
    architecture.parameters.compactMap { parameter in
      table.row(for: parameter, in: architecture).map { row in
        TensorInfo(
          name: TensorName(
            prefix + (row.isInBody ? body : "") + row.theirs.name(parameter.indices)),
          elementType: .float32, shape: table.shape(of: parameter, row))
      }
    }
  }

  private func assigned(
    _ tensors: [TensorInfo], _ table: NameTable, _ candidate: Candidate
  ) -> (assignment: Assignment, problems: [MatchProblem]) {
    var assignment = Assignment(candidate: candidate, table: table, architecture: architecture)
    assignment.assign(tensors.enumerated().map { ($0.offset, $0.element) })
    let unused = tensors.indices.filter { !assignment.usedInputs.contains($0) }
    return (assignment, assignment.problems(unused: unused.map { tensors[$0] }))
  }

  private func renamed(
    _ tensors: [TensorInfo], _ change: (String) -> String
  ) -> [TensorInfo] {
    tensors.map { tensor in
      var tensor = tensor
      tensor.name = TensorName(change(tensor.name.string))
      return tensor
    }
  }

  @Test("every parameter gets its tensor, whatever the order in the file")
  func anyOrder() {
    let tensors = Array(tensors(.facebook, prefix: "module.").reversed())
    let (assignment, problems) = assigned(
      tensors, .facebook, candidate(.facebook, prefix: "module."))
    #expect(problems == [])
    #expect(assignment.matched.map(\.parameter) == architecture.parameters)
    #expect(assignment.matched.map(\.inputIndex) == tensors.indices.reversed())
    #expect(assignment.usedInputs == Set(tensors.indices))
    #expect(assignment.matched.allSatisfy { !$0.isReshaped && !$0.isWrapped })
  }

  @Test("unit dimensions make no other shape, and are said")
  func reshaped() {
    let body = "features."
    let (assignment, problems) = assigned(
      tensors(.torchvision, body: body), .torchvision,
      candidate(.torchvision, bodyPrefix: body))
    #expect(problems == [])
    #expect(
      assignment.matched.filter(\.isReshaped).map(\.parameter.name)
        == ["stages.0.blocks.0.layer_scale", "stages.1.blocks.0.layer_scale"])
    #expect(assignment.matched.first?.rule == "features.0.0.weight")
    #expect(assignment.matched.last?.rule == "classifier.2.bias")
  }

  @Test("a tensor under another name that occurs in files is taken, and the rule says which")
  func alias() {
    let old = renamed(tensors(.timm)) { $0.replacing(".gamma", with: ".weight") }
    let (assignment, problems) = assigned(old, .timm, candidate(.timm))
    #expect(problems == [])
    #expect(
      assignment.matched.filter { $0.parameter.role == .layerScale }.map(\.rule)
        == ["stages.{i}.blocks.{j}.weight", "stages.{i}.blocks.{j}.weight"])
  }

  @Test("of a name and the same name with a wrapper in it, the first is the model's")
  func wrapped() throws {
    let names = tensors(.timm, prefix: "m.")
    let wrapped = renamed(names) { $0.replacing(".blocks.", with: "._orig_mod.blocks.") }
    let alone = assigned(wrapped, .timm, candidate(.timm, prefix: "m."))
    #expect(alone.problems == [])
    #expect(alone.assignment.matched.count { $0.isWrapped } == 18)
    let twice = assigned(wrapped + names, .timm, candidate(.timm, prefix: "m."))
    #expect(twice.assignment.matched.allSatisfy { !$0.isWrapped })
    #expect(twice.problems.count == wrapped.count)
  }

  @Test("a tensor of another shape has both shapes, and is not missing")
  func wrongShape() throws {
    var tensors = tensors(.timm)
    let index = try #require(tensors.firstIndex { $0.name == "head.fc.weight" })
    tensors[index].shape = [8, 3]
    let (assignment, problems) = assigned(tensors, .timm, candidate(.timm))
    #expect(
      problems == [
        .wrongShape(
          name: "head.fc.weight", canonicalName: "head.classifier.weight", expected: [3, 8],
          found: [8, 3])
      ])
    #expect(assignment.usedInputs.contains(index))
  }

  @Test("a second name of the final norm is the model's where its shape is the first one's")
  func repeated() {
    let second = { (shape: [Int]) in
      [TensorInfo(name: "norms.3.weight", elementType: .float32, shape: shape)]
    }
    let names = tensors(.facebook)
    let same = assigned(names + second([8]), .facebook, candidate(.facebook)).assignment
    #expect(same.repeated.map(\.inputIndex) == [names.count])
    #expect(same.repeated.map { names[$0.originalIndex].name } == ["norm.weight"])
    let other = assigned(names + second([1, 8]), .facebook, candidate(.facebook)).assignment
    #expect(other.repeated.isEmpty)
  }

  @Test("what is missing comes first, then wrong shapes, then what is too much")
  func order() throws {
    var tensors = tensors(.timm)
    tensors[0].shape = [1]
    tensors[1].name = "stem.0.bais"
    let problems = assigned(tensors, .timm, candidate(.timm)).problems
    #expect(problems.map(\.tensorName) == ["stem.0.bias", "stem.0.weight", "stem.0.bais"])
  }

  @Test("only the first of many problems have suggestions")
  func suggestions() {
    let others = renamed(tensors(.timm)) { $0 + "s" }
    let problems = assigned(others, .timm, candidate(.timm)).problems
    let nearest = problems.map { problem -> Bool in
      switch problem {
      case .missing(_, _, _, let nearest): nearest != nil
      case .extra(_, _, let nearest): nearest != nil
      case .wrongShape, .unreadable: false
      }
    }
    let count = architecture.tensorCount
    #expect(nearest.indices.filter { nearest[$0] } == Array(0..<16) + (count..<count + 16))
  }
}
