import ByteIO
import Inspect
import TensorModel
import Terminal

/// What the `diff` command prints.
struct DiffReport {
  let diff: ModelDiff
  let first: String
  let second: String

  /// The verdict, the tensors that differ most, and those that only one file has.
  func text(top: Int) -> String {
    let isForPeople = StandardStream.output.isTerminal
    var text = diff.verdict + "\n"
    let worst = diff.worst
    if !worst.isEmpty {
      var table = TextTable([
        ("NAME", .left), ("STATUS", .left), ("A", .left), ("B", .left), ("MAX DIFFERENCE", .right),
        ("RELATIVE L2", .right), ("COSINE", .right), ("ULPS", .right),
      ])
      for pair in worst.prefix(top) { table.append(cells(pair, isForPeople: isForPeople)) }
      text +=
        isForPeople
        ? "\n" + table.aligned(columnCount: StandardStream.output.terminalColumnCount)
        : table.tabSeparated()
      text += rest(of: worst.count, beyond: top)
    }
    let lists = [
      ("only in \(first)", diff.missing), ("only in \(second)", diff.extra),
      ("not compared, not part of the model in \(first)", diff.firstOther),
      ("not compared, not part of the model in \(second)", diff.secondOther),
    ]
    for (title, tensors) in lists where !tensors.isEmpty {
      text += "\n\(escaped(title)):\n"
      for tensor in tensors.prefix(top) {
        text += "  \(escaped(tensor.name.string))  \(described(tensor))\n"
      }
      text += rest(of: tensors.count, beyond: top)
    }
    return text
  }

  private func rest(of count: Int, beyond top: Int) -> String {
    count > top ? "... and \(count - top) more (--top \(count) lists all)\n" : ""
  }

  private func cells(_ pair: ModelDiff.Pair, isForPeople: Bool) -> [String] {
    let difference = pair.difference
    func figure(_ value: Double?) -> String {
      value.map { isForPeople ? readableFigure($0) : "\($0)" } ?? "-"
    }
    return [
      escaped(pair.name.string), pair.status.name, described(pair.first),
      described(pair.second), figure(difference?.maximumDifference),
      figure(difference?.relativeL2),
      difference?.cosine.map { isForPeople ? fixedPoint($0, decimals: 6) : "\($0)" } ?? "-",
      difference?.maximumULPDistance.map { "\($0)" } ?? "-",
    ]
  }

  private func described(_ tensor: TensorInfo) -> String {
    "\(tensor.elementType.name) \(readableShape(tensor.shape))"
  }

  /// The result as one object.
  ///
  /// - Parameter top: How many tensors that are not identical are listed; `nil` for all.
  func json(top: Int?) -> JSONValue {
    let statuses = diff.pairs.map(\.status)
    return .object([
      "schema": "convnext.diff/1",
      "files": .array([.string(first), .string(second)]),
      "same": .bool(diff.isSame),
      "verdict": .string(diff.exactVerdict),
      "modelDifference": .optional(diff.modelDifference) { .string($0) },
      "names": .string(diff.isModel ? "canonical" : "source"),
      "tolerance": .optional(diff.tolerance) { .number($0) },
      "counts": .object([
        "pairs": .integer(statuses.count),
        "identical": .integer(statuses.count { $0 == .identical }),
        "withinRounding": .integer(
          statuses.count { if case .withinRounding = $0 { true } else { false } }),
        "withinTolerance": .integer(statuses.count { $0 == .withinTolerance }),
        "quantized": .integer(
          statuses.count { if case .quantized = $0 { true } else { false } }),
        "different": .integer(statuses.count { $0 == .different }),
        "reshaped": .integer(statuses.count { $0 == .reshaped }),
        "missing": .integer(diff.missing.count),
        "extra": .integer(diff.extra.count),
      ]),
      "tensors": .array(diff.worst.prefix(top ?? .max).map { json(of: $0) }),
      "missing": .array(diff.missing.map { json(of: $0) }),
      "extra": .array(diff.extra.map { json(of: $0) }),
      "other": .array(
        [diff.firstOther, diff.secondOther].map { .array($0.map { json(of: $0) }) }),
    ])
  }

  private func json(of pair: ModelDiff.Pair) -> JSONValue {
    let difference = pair.difference
    return .object([
      "name": .string(pair.name.string),
      "status": .string(pair.status.name),
      "dtypes": .array([pair.first, pair.second].map { .string($0.elementType.name) }),
      "shapes": .array([pair.first, pair.second].map { .integers($0.shape) }),
      "differing": .optional(difference?.differingCount) { .integer($0) },
      "maxDifference": .optional(difference?.maximumDifference) { .number($0) },
      "relativeL2": .optional(difference?.relativeL2) { .number($0) },
      "cosine": .optional(difference?.cosine) { .number($0) },
      "ulps": .optional(difference?.maximumULPDistance) { .integer(Int(clamping: $0)) },
    ])
  }

  private func json(of tensor: TensorInfo) -> JSONValue {
    .object([
      "name": .string(tensor.name.string),
      "dtype": .string(tensor.elementType.name),
      "shape": .integers(tensor.shape),
    ])
  }
}
