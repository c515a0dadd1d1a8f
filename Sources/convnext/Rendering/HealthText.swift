import ByteIO
import Inspect
import TensorModel

/// Health findings for people: the verdict, then each rule with its tensors and why it matters.
struct HealthText {
  private(set) var lines: [String]

  /// How many findings of a rule are listed; JSON has them all.
  static let listedCount = 12

  init(_ health: ModelHealth) {
    lines = ["HEALTH  \(health.verdict)"]
    for group in health.groups {
      lines.append("\(group.severity.rawValue)  \(group.rule.title): \(group.rule.reason)")
      for finding in group.findings.prefix(Self.listedCount) {
        let tensor = finding.tensor.map { "\(escaped($0.string)): " } ?? ""
        lines.append("  \(tensor)\(finding.evidence)")
      }
      let rest = group.findings.count - Self.listedCount
      if rest > 0 { lines.append("  and \(rest) more; --json lists all") }
    }
    if let sentence = health.unexamined { lines.append(sentence) }
  }
}

extension ModelHealth {
  /// The findings as an array of objects.
  var json: JSONValue {
    .array(
      findings.map { finding in
        .object([
          "rule": .string(finding.rule.rawValue),
          "severity": .string(finding.severity.rawValue),
          "tensor": .optional(finding.tensor) { .string($0.string) },
          "evidence": .string(finding.evidence),
          "reason": .string(finding.rule.reason),
        ])
      })
  }
}
