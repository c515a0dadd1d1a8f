public import TensorModel

/// A fault in a checkpoint's numbers, with its evidence.
public struct HealthFinding: Equatable, Sendable {
  /// What is wrong.
  public let rule: HealthRule
  /// How much it matters.
  public let severity: HealthSeverity
  /// The tensor, by its name in the file; `nil` if it is not a single one.
  public let tensor: TensorName?
  /// The numbers that show it, in words.
  public let evidence: String

  /// Creates a finding from its parts.
  public init(
    _ rule: HealthRule, _ severity: HealthSeverity, tensor: TensorName? = nil, evidence: String
  ) {
    self.rule = rule
    self.severity = severity
    self.tensor = tensor
    self.evidence = evidence
  }
}

/// The findings of one rule and severity.
public struct HealthFindingGroup: Sendable {
  /// What is wrong.
  public let rule: HealthRule
  /// How much it matters.
  public let severity: HealthSeverity
  /// The findings, at least one.
  public let findings: [HealthFinding]
}
