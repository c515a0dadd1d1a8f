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
  @discardableResult
  func survey(_ value: PickleValue, depth: Int = 1) throws(TorchError) -> PickleSurvey {
    guard let node = value.node else { return .leaf }
    guard !node.isBeingSurveyed else { throw TorchError(.cycle, record: record) }
    guard depth + (node.survey?.height ?? 1) - 1 <= depthLimit else {
      throw TorchError(.tooDeep(limit: depthLimit), record: record)
    }
    if let known = node.survey {
      let isCut = known.above.contains {
        !$0.isBeingSurveyed && ($0.survey?.tensorPathCount ?? 0) > 0
      }
      guard !isCut else { throw TorchError(.cycle, record: record) }
      return known
    }
    node.isBeingSurveyed = true
    var height = 0
    var count = 0
    if case .tensor = value { count = 1 }
    var above: [PickleObject] = []
    var refersBack = false
    for child in node.children {
      if case .object(let object) = child, object.isBeingSurveyed {
        refersBack = true
        try Self.add([object], to: &above, below: node, record: record)
        continue
      }
      let below = try survey(child, depth: depth + 1)
      try Self.add(below.above, to: &above, below: node, record: record)
      height = max(height, below.height)
      let (sum, overflows) = count.addingReportingOverflow(below.tensorPathCount)
      count = overflows ? .max : sum
    }
    if refersBack {
      node.mapChildren { Self.isBeingSurveyed($0) ? .text("<\($0.kind) above>") : $0 }
      // Members of sets and keys of dictionaries stay what they are.
      guard !node.children.contains(where: Self.isBeingSurveyed) else {
        throw TorchError(.cycle, record: record)
      }
    }
    node.isBeingSurveyed = false
    let result = PickleSurvey(height: height + 1, tensorPathCount: count, above: above)
    node.survey = result
    return result
  }

  /// How many objects one value may refer back to.
  private static let largestAboveCount = 64

  private static func add(
    _ objects: [PickleObject], to above: inout [PickleObject], below node: PickleNode,
    record: String?
  ) throws(TorchError) {
    for object in objects where object !== node && !above.contains(where: { $0 === object }) {
      guard above.count < largestAboveCount else { throw TorchError(.cycle, record: record) }
      above.append(object)
    }
  }

  /// Whether a value is an object that the survey is at work below.
  private static func isBeingSurveyed(_ value: PickleValue) -> Bool {
    if case .object(let object) = value { object.isBeingSurveyed } else { false }
  }
}
