import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel

/// What a conversion did, or would do.
struct ConversionReport {
  let plan: ConversionPlan
  let written: WrittenFiles
  let file: String

  private var reshapedCount: Int { plan.steps.count { $0.sourceShape != $0.output.shape } }

  /// What became what, which `isQuiet` leaves out, and what was written.
  func text(isQuiet: Bool) -> String {
    var lines: [String] = []
    if !isQuiet {
      let candidate = plan.match.candidate
      let place = candidate.path.isEmpty ? "" : " at \(quoted(candidate.key))"
      lines.append(
        "\(plan.match.modelName): \(plan.steps.count) tensors, \(candidate.naming.rawValue) names"
          + "\(place) -> \(plan.naming.rawValue) names"
          + (reshapedCount > 0 ? ", \(reshapedCount) reshaped by unit dimensions" : ""))
    }
    return (lines + written.lines).joined(separator: "\n") + "\n"
  }

  func json(explanation: ConversionExplanation?) -> JSONValue {
    .object([
      "schema": "convnext.convert/1",
      "file": .string(file),
      "output": .array(written.paths.map { .string($0) }),
      "written": .bool(written.areWritten),
      "container": .string(plan.request.container.rawValue),
      "sourceNaming": .string(plan.match.candidate.naming.rawValue),
      "wrapper": .optional(plan.match.candidate.wrapper) { .string($0) },
      "prefix": .string(plan.match.candidate.prefix),
      "naming": .string(plan.naming.rawValue),
      "tensors": .integer(plan.steps.count),
      "reshaped": .integer(reshapedCount),
      "bytes": .integer(written.byteCount),
      "contentDigest": .optional(written.contentDigest) { .string($0.hex) },
      "problems": .array(plan.match.problems.map { .string($0.sentence) }),
      "leftOut": .integer(plan.match.leftOut.count),
      "plan": .optional(explanation) { $0.json },
    ])
  }
}
