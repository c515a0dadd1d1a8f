import ByteIO
import ConvNeXtSchema
import TensorModel

/// What is wrong with the numbers of a checkpoint, and the statistics that show it.
public struct ModelHealth: Sendable {
  /// The findings: errors first, then warnings, then notes; within these by rule, then in the
  /// file's order.
  public private(set) var findings: [HealthFinding]
  /// The statistics of each subject; `nil` for complex and packed types.
  public let statistics: [TensorStatistics?]
  /// Tensors whose elements could not be judged: complex and packed ones, and integers among the
  /// model's weights.
  public let unexaminedCount: Int

  /// Examines tensors on all cores, in constant memory for each.
  ///
  /// Throws what the storages throw.
  public init(of subjects: [HealthSubject]) throws {
    let results = try concurrentMap(byteCounts: subjects.map(\.storedByteCount)) {
      try TensorHealth(subjects[$0])
    }
    statistics = results.map(\.statistics)
    unexaminedCount = results.count { !$0.isExamined }
    findings = Self.sorted(
      try results.flatMap(\.findings) + Self.zeroNorms(subjects, results)
        + Self.initialValues(subjects, results) + Duplicates(subjects, statistics).findings)
  }

  /// Adds findings in their places, such as those that do not come from the tensors' numbers.
  public mutating func add(_ further: [HealthFinding]) {
    findings = Self.sorted(findings + further)
  }

  private static func sorted(_ findings: [HealthFinding]) -> [HealthFinding] {
    let order = Dictionary(uniqueKeysWithValues: HealthRule.allCases.enumerated().map { ($1, $0) })
    func key(_ finding: HealthFinding) -> (HealthSeverity, Int) {
      (finding.severity, order[finding.rule] ?? 0)
    }
    // The standard library's sort keeps the order of equal elements.
    return findings.sorted { key($0) < key($1) }
  }

  /// The findings by rule and severity, in order.
  public var groups: [HealthFindingGroup] {
    findings.chunked { $0.rule == $1.rule && $0.severity == $1.severity }.map {
      HealthFindingGroup(rule: $0[0].rule, severity: $0[0].severity, findings: $0)
    }
  }

  /// What was not examined, as a sentence; `nil` if everything was.
  public var unexamined: String? {
    unexaminedCount == 0
      ? nil
      : counted(unexaminedCount, "tensor")
        + " of complex, packed or integer elements could not be examined"
  }

  /// How many findings are of a severity.
  public func count(_ severity: HealthSeverity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// The result in a line: `2 errors, 1 note`, or `nothing was found`.
  public var verdict: String {
    let counts = HealthSeverity.allCases.map { (count: count($0), name: $0.rawValue) }
    let parts = counts.filter { $0.count > 0 }.map {
      "\($0.count) \($0.name)\($0.count == 1 ? "" : "s")"
    }
    return parts.isEmpty ? "nothing was found" : parts.joined(separator: ", ")
  }

  /// Norms with channels of weight zero, each together with its bias.
  private static func zeroNorms(
    _ subjects: [HealthSubject], _ results: [TensorHealth]
  ) throws -> [HealthFinding] {
    var byName: [String: Tensor] = [:]
    for subject in subjects { subject.parameter.map { byName[$0.name] = subject.tensor } }
    return try zip(subjects, results).flatMap { subject, result -> [HealthFinding] in
      guard subject.kind == .normWeight, let parameter = subject.parameter,
        (result.statistics?.zeroCount ?? 0) > 0
      else { return [] }
      let bias = byName[parameter.name.replacing(".weight", with: ".bias")]
      let channels = try ZeroNormChannels(weight: subject.tensor, bias: bias)
      let total = grouped(subject.tensor.elementCount)
      return [
        HealthFinding(
          .zeroNormWeights, .warning, tensor: subject.tensor.name,
          evidence: "\(grouped(channels.zeroWeightCount)) of \(total) weights are 0"
            + (channels.deadCount > 0
              ? "; \(grouped(channels.deadCount)) of these channels have no bias either and are dead"
              : ""))
      ]
    }
  }

  /// Tensors that still have the value that training starts from: one note if nearly all do.
  private static func initialValues(
    _ subjects: [HealthSubject], _ results: [TensorHealth]
  ) -> [HealthFinding] {
    let judged = results.count { $0.isInitial != nil }
    let initial = zip(subjects, results).filter { $0.1.isInitial == true }
    guard !initial.isEmpty else { return [] }
    if Double(initial.count) >= HealthThresholds.untrainedShare * Double(judged) {
      let scale = initial.first { $0.0.kind == .layerScale }?.1.statistics?.minimum
      return [
        HealthFinding(
          .untrained, .note,
          evidence:
            "\(initial.count) of \(judged) norms, biases and layer scales have their initial "
            + "values" + (scale.map { "; layer scales are \(readableFigure($0))" } ?? ""))
      ]
    }
    return initial.map { subject, result in
      let value = result.statistics?.minimum.map { readableFigure($0) } ?? ""
      let count = subject.tensor.elementCount
      let evidence =
        count == 1 ? "its one element is \(value)" : "all \(grouped(count)) are \(value)"
      return subject.kind == .layerScale
        ? HealthFinding(
          .initialLayerScale, .warning, tensor: subject.tensor.name, evidence: evidence)
        : HealthFinding(.unchanged, .note, tensor: subject.tensor.name, evidence: evidence)
    }
  }
}

extension Array {
  /// Runs of neighbours that belong together.
  func chunked(_ belongTogether: (Element, Element) -> Bool) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.last?.last, belongTogether(last, element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
