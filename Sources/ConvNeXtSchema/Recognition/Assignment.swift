import ByteIO
import TensorModel

/// Gives each parameter of a model its tensor, by exact name, and notes what does not fit.
struct Assignment {
  private let candidate: Candidate
  private let table: NameTable
  private let architecture: Architecture
  private(set) var matched: [MatchedTensor] = []
  private(set) var repeated: [RepeatedTensor] = []
  private(set) var usedInputs: Set<Int> = []
  private var wrongShapes: [MatchProblem] = []
  private var missing: [(parameter: Parameter, name: TensorName)] = []

  init(candidate: Candidate, table: NameTable, architecture: Architecture) {
    self.candidate = candidate
    self.table = table
    self.architecture = architecture
  }

  /// - Parameter inputs: The tensors at the candidate's place, with their index in the file.
  mutating func assign(_ inputs: [(index: Int, info: TensorInfo)]) {
    let inputByName = Dictionary(inputs.map { ($0.info.name, $0) }) { first, _ in first }
    lazy var inputByUnwrappedName = unwrapped(inputs)
    for parameter in architecture.parameters {
      guard let row = table.row(for: parameter, in: architecture) else {
        // A description inferred from these names has only what the table can name.
        continue
      }
      let rows = [row] + table.aliases(for: parameter)
      let exact = input(for: parameter, by: rows, among: inputByName)
      guard
        let (rule, index, info) = exact
          ?? input(for: parameter, by: rows, among: inputByUnwrappedName)
      else {
        missing.append((parameter, name(of: parameter, row)))
        continue
      }
      usedInputs.insert(index)
      let fits =
        info.shape == parameter.shape
        || withoutUnitDimensions(info.shape) == withoutUnitDimensions(parameter.shape)
      if fits {
        matched.append(
          MatchedTensor(
            parameter: parameter, inputIndex: index, isReshaped: info.shape != parameter.shape,
            isWrapped: exact == nil,
            rule: (rule.isInBody ? candidate.bodyPrefix : "") + rule.theirs.text,
            isAlias: rule.condition == .alias))
        if let second = table.repeatedRow(for: parameter),
          let (secondIndex, secondInfo) = inputByName[name(of: parameter, second)],
          secondIndex != index, secondInfo.shape == info.shape
        {
          repeated.append(
            RepeatedTensor(info: secondInfo, inputIndex: secondIndex, originalIndex: index))
        }
      } else {
        wrongShapes.append(
          .wrongShape(
            name: info.name, canonicalName: parameter.name,
            expected: table.shape(of: parameter, rule), found: info.shape))
      }
    }
  }

  /// The tensors whose names have wrappers after the candidate's path, by the names without them.
  private func unwrapped(
    _ inputs: [(index: Int, info: TensorInfo)]
  ) -> [TensorName: (index: Int, info: TensorInfo)] {
    let path = candidate.path
    let wrapped = inputs.compactMap { input in
      let name = DottedName(input.info.name.utf8.dropFirst(path.utf8.count))
      return name.isWrapped ? (TensorName(path + name.unwrapped), input) : nil
    }
    return Dictionary(wrapped) { first, _ in first }
  }

  /// The tensor under the first of the names that rows give a parameter under which there is one.
  private func input(
    for parameter: Parameter, by rows: [NameTable.Row],
    among inputByName: [TensorName: (index: Int, info: TensorInfo)]
  ) -> (rule: NameTable.Row, index: Int, info: TensorInfo)? {
    for row in rows {
      if let (index, info) = inputByName[name(of: parameter, row)] { return (row, index, info) }
    }
    return nil
  }

  private func name(of parameter: Parameter, _ row: NameTable.Row) -> TensorName {
    let body = row.isInBody ? candidate.bodyPrefix : ""
    return TensorName(candidate.path + body + row.theirs.name(parameter.indices))
  }

  /// Suggestions are for people, who read the first few; each costs a comparison with every name.
  private static let suggestionCount = 16

  /// What does not fit, with similar names for the first of the missing and of the extra tensors.
  func problems(unused: [TensorInfo]) -> [MatchProblem] {
    let unusedNames = unused.map(\.name.string)
    let missingNames = missing.map(\.name.string)
    let allNames =
      unused.isEmpty
      ? []
      : architecture.parameters.compactMap { parameter in
        table.row(for: parameter, in: architecture).map { name(of: parameter, $0).string }
      }
    return missing.enumerated().map { index, entry in
      .missing(
        name: entry.name, canonicalName: entry.parameter.name, shape: entry.parameter.shape,
        nearest: index < Self.suggestionCount
          ? nearestName(to: entry.name.string, in: unusedNames).map { TensorName($0) } : nil)
    } + wrongShapes
      + unused.enumerated().map { index, info in
        .extra(
          name: info.name, shape: info.shape,
          nearest: index < Self.suggestionCount
            ? nearestName(to: info.name.string, in: missingNames)
              ?? nearestName(to: info.name.string, in: allNames) : nil)
      }
  }
}

extension NameTable {
  /// A parameter's shape as the publisher writes it.
  func shape(of parameter: Parameter, _ row: Row) -> [Int] { row.shape.apply(to: parameter.shape) }
}
