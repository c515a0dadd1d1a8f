/// Keys and values in the order in which they were set.
struct PickleEntries {
  private(set) var pairs: [(key: PickleValue, value: PickleValue)] = []
  private var keys: Set<PickleKey> = []

  /// Adds an entry; false where the key is there already.
  mutating func add(_ key: PickleValue, _ value: PickleValue) -> Bool {
    if let plain = PickleKey(key), !keys.insert(plain).inserted { return false }
    pairs.append((key, value))
    return true
  }

  /// Puts other values in the place of those that are there.
  mutating func mapValues(_ transform: (PickleValue) -> PickleValue) {
    pairs = pairs.map { ($0.key, transform($0.value)) }
  }

  /// The values, and the keys that are more than plain values.
  var children: [PickleValue] {
    pairs.compactMap { $0.key.node == nil ? nil : $0.key } + pairs.map(\.value)
  }
}

final class PickleDictionary: PickleNode {
  var entries = PickleEntries()
  var attributes: PickleValue?
  /// Whether something has taken it over, which must stay as it was judged: the fields of an element
  /// type of NumPy's, or a state.
  var isSealed = false
  override var children: [PickleValue] { entries.children + (attributes.map { [$0] } ?? []) }
  override func mapChildren(_ transform: (PickleValue) -> PickleValue) {
    entries.mapValues(transform)
    attributes = attributes.map(transform)
  }
  override func empty() {
    entries = PickleEntries()
    attributes = nil
    super.empty()
  }
}
