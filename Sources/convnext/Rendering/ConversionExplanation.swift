import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel

/// How each tensor is converted: its names, the rule that fired, the reshape.
struct ConversionExplanation {
  private let plan: ConversionPlan

  init(_ plan: ConversionPlan) { self.plan = plan }

  /// A table for people, or columns separated by tabs.
  func table(isForPeople: Bool) -> String {
    var table = TextTable([
      ("SOURCE", .left), ("CANONICAL", .left), ("TARGET", .left), ("RULE", .left),
      ("RESHAPE", .left),
    ])
    for step in plan.steps {
      table.append([
        escaped(step.sourceName.string), step.parameter.name, escaped(step.output.name.string),
        step.rule, reshape(step) ?? "-",
      ])
    }
    return isForPeople ? table.aligned(columnCount: nil) : table.tabSeparated()
  }

  var json: JSONValue {
    .array(
      plan.steps.map { step in
        .object([
          "source": .string(step.sourceName.string),
          "canonical": .string(step.parameter.name),
          "target": .string(step.output.name.string),
          "rule": .string(step.rule),
          "sourceShape": .integers(step.sourceShape),
          "targetShape": .integers(step.output.shape),
        ])
      })
  }

  private func reshape(_ step: ConversionPlan.Step) -> String? {
    step.sourceShape == step.output.shape
      ? nil : "\(readableShape(step.sourceShape)) -> \(readableShape(step.output.shape))"
  }
}
