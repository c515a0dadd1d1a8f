/// What is below a value of a pickle.
struct PickleSurvey {
  /// Levels of values: 1 for a value without others in it.
  let height: Int
  /// Paths to tensors, at most `Int.max`.
  let tensorPathCount: Int
  /// The objects above the node to which something below it refers back.
  var above: [PickleObject] = []

  static var leaf: PickleSurvey { PickleSurvey(height: 1, tensorPathCount: 0) }
}

/// Looks at every value once, before anything walks along paths, of which there can be 2^60 to a
/// single tensor.
struct PickleSurveyor {
  let depthLimit: Int
  let record: String?

  /// Notes in each node what is below it; throws where values are nested too deep or contain
  /// themselves.
  ///
  /// Only objects may contain themselves: configurations know the one that they are part of
  /// (omegaconf), or are their own state (addict). Such a back reference becomes a text. A value
  /// that has one may not be reached from elsewhere if there are tensors in the object that it
  /// refers to, because these would not be listed.
  ///
  /// What does not need to be in this function is in others: it calls itself, and stacks are small.
  @discardableResult
  func survey(_ value: PickleValue, depth: Int = 1) throws(TorchError) -> PickleSurvey {
    guard let node = value.node else { return .leaf }
    if let known = try knownSurvey(of: node, depth: depth) { return known }
    node.isBeingSurveyed = true
    var sum = Sum(value)
    for child in node.children {
      if try sum.addBackReference(child, below: node, record: record) { continue }
      try sum.add(survey(child, depth: depth + 1), below: node, record: record)
    }
    return try finish(node, sum)
  }

  /// What is below a node that was surveyed before; `nil` for a new one.
  private func knownSurvey(
    of node: PickleNode, depth: Int
  ) throws(TorchError) -> PickleSurvey? {
    guard !node.isBeingSurveyed else { throw TorchError(.cycle, record: record) }
    guard depth + (node.survey?.height ?? 1) - 1 <= depthLimit else {
      throw TorchError(.tooDeep(limit: depthLimit), record: record)
    }
    guard let known = node.survey else { return nil }
    let isCut = known.above.contains {
      !$0.isBeingSurveyed && ($0.survey?.tensorPathCount ?? 0) > 0
    }
    guard !isCut else { throw TorchError(.cycle, record: record) }
    return known
  }

  /// Notes what is below a node, and replaces its back references.
  private func finish(_ node: PickleNode, _ sum: Sum) throws(TorchError) -> PickleSurvey {
    if sum.refersBack {
      node.mapChildren { Self.isBeingSurveyed($0) ? .text("<\($0.kind) above>") : $0 }
      // Members of sets and keys of dictionaries stay what they are.
      guard !node.children.contains(where: Self.isBeingSurveyed) else {
        throw TorchError(.cycle, record: record)
      }
    }
    node.isBeingSurveyed = false
    let result = PickleSurvey(
      height: sum.height + 1, tensorPathCount: sum.tensorPathCount, above: sum.above)
    node.survey = result
    return result
  }

  /// What was found below a node so far.
  private struct Sum {
    private(set) var height = 0
    private(set) var tensorPathCount = 0
    private(set) var above: [PickleObject] = []
    private(set) var refersBack = false

    init(_ value: PickleValue) {
      if case .tensor = value { tensorPathCount = 1 }
    }

    /// Adds a child that is an object which this is below; false for any other.
    mutating func addBackReference(
      _ child: PickleValue, below node: PickleNode, record: String?
    ) throws(TorchError) -> Bool {
      guard case .object(let object) = child, object.isBeingSurveyed else { return false }
      refersBack = true
      try add([object], below: node, record: record)
      return true
    }

    /// Adds what is below a child.
    mutating func add(
      _ child: PickleSurvey, below node: PickleNode, record: String?
    ) throws(TorchError) {
      try add(child.above, below: node, record: record)
      height = max(height, child.height)
      let (sum, overflows) = tensorPathCount.addingReportingOverflow(child.tensorPathCount)
      tensorPathCount = overflows ? .max : sum
    }

    private mutating func add(
      _ objects: [PickleObject], below node: PickleNode, record: String?
    ) throws(TorchError) {
      for object in objects where object !== node && !above.contains(where: { $0 === object }) {
        guard above.count < PickleSurveyor.largestAboveCount else {
          throw TorchError(.cycle, record: record)
        }
        above.append(object)
      }
    }
  }

  /// How many objects one value may refer back to.
  private static let largestAboveCount = 64

  /// Whether a value is an object that the survey is at work below.
  private static func isBeingSurveyed(_ value: PickleValue) -> Bool {
    if case .object(let object) = value { object.isBeingSurveyed } else { false }
  }
}
