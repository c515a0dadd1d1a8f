import ByteIO
import TensorModel

/// The examination of one tensor.
struct TensorHealth: Sendable {
  /// The tensor's figures; `nil` for complex and packed types.
  let statistics: TensorStatistics?
  /// What is wrong with it alone.
  private(set) var findings: [HealthFinding] = []
  /// Whether it has the value that training starts from; `nil` if that is random.
  private(set) var isInitial: Bool?

  /// Whether the numbers could be judged. Numbers of a model that are not floating-point, but
  /// represent floating-point numbers by an unknown rule, could not.
  var isExamined: Bool {
    statistics != nil
      && (subject.parameter == nil || subject.tensor.elementType.isFloatingPoint)
  }

  private let subject: HealthSubject

  /// Goes over the elements twice for the statistics, and once more if these leave a question.
  init(_ subject: HealthSubject) throws {
    self.subject = subject
    statistics = try TensorStatistics(of: subject.tensor)
    guard let statistics, subject.tensor.elementType.isFloatingPoint else { return }
    checkFiniteness(statistics)
    guard subject.isOfModel, let minimum = statistics.minimum, let maximum = statistics.maximum
    else { return }
    try checkRange(minimum, maximum)
    switch subject.kind {
    case .weight: try checkWeight(statistics, minimum, maximum)
    case .normWeight: isInitial = minimum == 1 && maximum == 1
    case .startsFromZero: isInitial = minimum == 0 && maximum == 0
    case .layerScale: isInitial = Self.isInitialLayerScale(minimum, maximum)
    case .other: break
    }
    if isInitial == false { try checkVector(statistics, minimum, maximum) }
  }

  private mutating func add(_ rule: HealthRule, _ severity: HealthSeverity, _ evidence: String) {
    findings.append(
      HealthFinding(rule, severity, tensor: subject.tensor.name, evidence: evidence))
  }

  private mutating func checkFiniteness(_ statistics: TensorStatistics) {
    let counts = [(statistics.nanCount, "NaN"), (statistics.infinityCount, "infinite")]
    let parts = counts.filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
    guard !parts.isEmpty else { return }
    // What is next to the model is not deployed with it.
    add(
      .notFinite, subject.isOfModel ? .error : .warning,
      "\(parts.joined(separator: " and ")) of \(grouped(subject.tensor.elementCount)) elements")
  }

  private mutating func checkRange(_ minimum: Double, _ maximum: Double) throws {
    let limit = HealthThresholds.float16Overflow
    guard max(-minimum, maximum) >= limit, var reader = try NumberReader(subject.tensor) else {
      return
    }
    var count = 0
    while reader.advance() {
      let numbers = reader.numbers
      for index in numbers.indices
      where numbers[index].isFinite && numbers[index].magnitude >= limit { count += 1 }
    }
    add(
      .overflowsFloat16, .warning,
      "\(grouped(count)) of \(grouped(subject.tensor.elementCount)) elements from \(Int(limit)) on; "
        + "the range is \(readableFigure(minimum)) to \(readableFigure(maximum))")
  }

  private mutating func checkWeight(
    _ statistics: TensorStatistics, _ minimum: Double, _ maximum: Double
  ) throws {
    let tensor = subject.tensor
    guard tensor.elementCount > 1 else { return }
    if statistics.zeroCount == tensor.elementCount {
      return add(.allZero, .warning, "all \(grouped(tensor.elementCount)) elements are 0")
    }
    let finiteCount = tensor.elementCount - statistics.nanCount - statistics.infinityCount
    if minimum == maximum, finiteCount == tensor.elementCount {
      return add(
        .constant, .warning,
        "all \(grouped(tensor.elementCount)) elements are \(readableFigure(minimum))")
    }
    let rowCount = tensor.shape.first ?? 1
    guard statistics.zeroCount >= tensor.elementCount / max(1, rowCount),
      let rows = try ZeroRows(of: tensor), rows.count > 0
    else { return }
    let isLarge = Double(rows.count) > HealthThresholds.deadChannelShare * Double(rows.rowCount)
    let named = rows.firstIndices.map(String.init).joined(separator: ", ")
    add(
      .deadChannels, isLarge ? .warning : .note,
      "\(grouped(rows.count)) of \(grouped(rows.rowCount)) output channels have weights of 0 only: "
        + named + (rows.count > rows.firstIndices.count ? ", ..." : ""))
  }

  /// Norm weights, layer scales and biases that are neither as training makes them, nor as it finds
  /// them. Channels of norms that are zero are examined together with their biases.
  private mutating func checkVector(
    _ statistics: TensorStatistics, _ minimum: Double, _ maximum: Double
  ) throws {
    let tensor = subject.tensor
    if subject.kind == .layerScale, statistics.zeroCount > 0 {
      let share = Double(statistics.zeroCount) / Double(tensor.elementCount)
      add(
        .deadChannels, share > HealthThresholds.deadChannelShare ? .warning : .note,
        "\(grouped(statistics.zeroCount)) of \(grouped(tensor.elementCount)) channels of the block's "
          + "branch are multiplied by 0")
    } else if minimum == maximum, tensor.elementCount > 1, minimum != 0,
      statistics.nanCount + statistics.infinityCount == 0
    {
      add(
        .constant, .note,
        "all \(grouped(tensor.elementCount)) elements are \(readableFigure(minimum))")
    }
  }

  private static func isInitialLayerScale(_ minimum: Double, _ maximum: Double) -> Bool {
    minimum == maximum
      && HealthThresholds.initialLayerScales.contains { value in
        (minimum - value).magnitude <= HealthThresholds.layerScaleTolerance * value
      }
  }
}
