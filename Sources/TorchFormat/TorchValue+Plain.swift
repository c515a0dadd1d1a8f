extension TorchValue {
  /// The text keys of a file's outermost dictionary that lead to values without tensors: an epoch,
  /// the arguments of a training run.
  ///
  /// Empty values, which say nothing, and values that are too large to be walked through are left
  /// out.
  package static func namesOfPlainValues(in root: TorchValue) -> [String] {
    guard case .dictionary(let dictionary) = root else { return [] }
    var remaining = totalLimit
    return dictionary.entries.compactMap { entry in
      guard case .string(let name) = entry.key else { return nil }
      let allowed = min(entryLimit, remaining)
      var budget = allowed
      let isPlain = entry.value.isPlain(&budget)
      remaining -= allowed - budget
      return isPlain && !entry.value.isEmpty ? name : nil
    }
  }

  /// How many values of one entry are visited: a pickle can share one along very many paths.
  private static let entryLimit = 10_000
  /// How many values of all entries are visited: entries can share them too.
  private static let totalLimit = 1_000_000

  private var isEmpty: Bool {
    switch self {
    case .none: true
    case .list(let items), .tuple(let items), .set(let items): items.isEmpty
    case .dictionary(let dictionary): dictionary.entries.isEmpty
    default: false
    }
  }

  /// Whether there is no tensor in it.
  private func isPlain(_ budget: inout Int) -> Bool {
    budget -= 1
    guard budget > 0 else { return false }
    switch self {
    case .tensor, .unsupportedTensor: return false
    case .list(let items), .tuple(let items), .set(let items):
      return items.allSatisfy { $0.isPlain(&budget) }
    case .dictionary(let dictionary):
      return dictionary.entries.allSatisfy { $0.value.isPlain(&budget) }
    case .object(let object):
      return object.arguments.allSatisfy { $0.isPlain(&budget) }
        && object.items.allSatisfy { $0.isPlain(&budget) }
        && object.entries.allSatisfy { $0.value.isPlain(&budget) }
        && object.state?.isPlain(&budget) ?? true
    case .none, .bool, .integer, .bigInteger, .float, .string, .bytes, .global: return true
    }
  }
}
