extension PickleMachine {
  /// Throws where members of a set, or keys, hold so much that Python takes long to compare them:
  /// each time, it goes over all of a tuple, and over the state of some objects.
  mutating func requireKeys(_ items: [PickleValue]) throws(TorchError) {
    for item in items { try countKey(item, depth: 0) }
  }

  private mutating func countKey(_ key: PickleValue, depth: Int) throws(TorchError) {
    switch key {
    case .tuple(let tuple): try countKeys(tuple.items, depth)
    case .set(let set): try countKeys(set.items, depth)
    case .text(let text): try countCopy(byteCount: text.utf8.count)
    case .bytes(let bytes), .bigInteger(let bytes): try countCopy(byteCount: bytes.count)
    case .object(let object) where object.isKnown:
      if case .tuple(let parts) = object.state { try countCopy(of: parts.items) }
      let isTuple = object.className == GlobalName(module: "builtins", name: "tuple")
      guard !isTuple, object.state?.isPlainState ?? true else {
        throw error(.keyKind(found: key.kind))
      }
      try countContents(of: object.arguments)
    case .list, .dictionary, .storage: throw error(.keyKind(found: key.kind))
    default: return
    }
  }

  private mutating func countKeys(_ items: [PickleValue], _ depth: Int) throws(TorchError) {
    guard depth < Self.keyDepth else {
      throw error(.keyKind(found: "a tuple in very many others"))
    }
    try countCopy(of: items)
    for item in items { try countKey(item, depth: depth + 1) }
  }

  private static let keyDepth = 16
}
