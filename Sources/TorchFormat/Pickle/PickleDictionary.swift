/// Keys and values in the order in which they were set.
struct PickleEntries {
  private(set) var pairs: [(key: PickleValue, value: PickleValue)] = []
  private var keys: Set<PickleKey> = []
  // Kept, because a dictionary may be used very many times, and each use asks for it.
  private var objectKeys = ObjectKeys()
  /// Whether all values are plain ones.
  private(set) var hasPlainValues = true

  /// Adds an entry; returns false if the key is there already.
  mutating func add(_ key: PickleValue, _ value: PickleValue) -> Bool {
    if let plain = PickleKey(key) {
      guard keys.insert(plain).inserted else { return false }
    } else {
      objectKeys.add(key)
    }
    hasPlainValues = hasPlainValues && value.node == nil
    pairs.append((key, value))
    return true
  }

  /// Replaces the values.
  mutating func mapValues(_ transform: (PickleValue) -> PickleValue) {
    pairs = pairs.map { ($0.key, transform($0.value)) }
    hasPlainValues = pairs.allSatisfy { $0.value.node == nil }
  }

  /// Whether every key is an object, or contains one: NumPy's numbers, paths.
  var hasOnlyObjectKeys: Bool { objectKeys.count == pairs.count }

  /// A key that is an object, or a tuple with one, and may be equal to another key: `str('w')` is
  /// `'w'` to Python, and `complex(1)` is 1, so that the dictionary has other values than its
  /// entries say. One object of a class that is equal to nothing else, such as a device, is
  /// allowed, and so is a sole key.
  var ambiguousKey: PickleValue? { pairs.count > 1 ? objectKeys.ambiguous : nil }

  /// The keys that are objects, or contain one.
  private struct ObjectKeys {
    private(set) var count = 0
    private(set) var ambiguous: PickleValue?
    private var hasDistinct = false

    mutating func add(_ key: PickleValue) {
      count += 1
      guard ambiguous == nil else { return }
      if case .object(let object) = key, !hasDistinct, object.traits.contains(.distinct) {
        hasDistinct = true
      } else {
        ambiguous = key
      }
    }
  }

  /// The values, and the keys that are more than plain values.
  var children: [PickleValue] {
    pairs.compactMap { $0.key.node == nil ? nil : $0.key } + pairs.map(\.value)
  }
}

final class PickleDictionary: PickleNode {
  var entries = PickleEntries()
  var attributes: PickleValue?
  /// Whether it is an `OrderedDict`, which has attributes; a plain dictionary has none.
  let isOrdered: Bool
  /// Whether something else has taken its contents, so that it must stay as it was judged: the
  /// fields of a NumPy element type, or a state.
  var isSealed = false

  init(isOrdered: Bool) { self.isOrdered = isOrdered }

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
