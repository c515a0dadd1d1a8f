import ByteIO
import ConvNeXtSchema
import Convert
import TensorModel

/// What a conversion did, or would do.
struct ConversionReport {
  private let plan: ConversionPlan
  private let result: ConversionResult?
  private let byteCount: Int
  private let file: String
  private let output: String

  /// - Parameter result: What was written; `nil` for a dry run.
  init(
    _ plan: ConversionPlan, result: ConversionResult?, byteCount: Int, file: String, output: String
  ) {
    self.plan = plan
    self.result = result
    self.byteCount = byteCount
    self.file = file
    self.output = output
  }

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
    if let result {
      for path in result.paths {
        let size = path == result.paths.first ? "  \(readableByteCount(byteCount))" : ""
        lines.append("wrote \(escaped(path))\(size)")
      }
      if let digest = result.contentDigest { lines.append("content digest \(digest.hex)") }
    } else {
      let weights = plan.paths(at: output).first ?? output
      lines.append(
        "would write \(escaped(weights))  \(readableByteCount(byteCount)) "
          + "(\(byteCount) bytes); nothing was written")
      lines += plan.paths(at: output).dropFirst().map { "  and \(escaped($0))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func json(explanation: ConversionExplanation?) -> JSONValue {
    .object([
      "schema": "convnext.convert/1",
      "file": .string(file),
      "output": .array((result?.paths ?? plan.paths(at: output)).map { .string($0) }),
      "written": .bool(result != nil),
      "container": .string(plan.request.container.rawValue),
      "sourceNaming": .string(plan.match.candidate.naming.rawValue),
      "wrapper": .optional(plan.match.candidate.wrapper) { .string($0) },
      "prefix": .string(plan.match.candidate.prefix),
      "naming": .string(plan.naming.rawValue),
      "tensors": .integer(plan.steps.count),
      "reshaped": .integer(reshapedCount),
      "bytes": .integer(byteCount),
      "contentDigest": .optional(result?.contentDigest) { .string($0.hex) },
      "problems": .array(plan.match.problems.map { .string($0.sentence) }),
      "leftOut": .integer(plan.match.leftOut.count),
      "plan": .optional(explanation) { $0.json },
    ])
  }
}
