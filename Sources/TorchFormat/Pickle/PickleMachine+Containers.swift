extension PickleMachine {
  mutating func append(_ items: [PickleValue], _ opcode: PickleOpcode) throws(TorchError) {
    switch try top(for: opcode) {
    case .list(let list) where list.isSealed:
      throw error(.wrongOperand(opcode, found: "a list that something has taken over"))
    case .list(let list): list.items += items
    // On others, Python calls whatever is named `append`.
    case .object(let object) where object.isSealed:
      throw error(.wrongOperand(opcode, found: "a list that something has taken over"))
    case .object(let object) where object.isKnownList || !object.isKnown: object.items += items
    case let other: throw error(.wrongOperand(opcode, found: other.kind))
    }
  }

  mutating func addToSet(_ items: [PickleValue], _ opcode: PickleOpcode) throws(TorchError) {
    try requireKeys(items)
    switch try top(for: opcode) {
    case .set(let set): set.items += items
    case .object(let object) where !object.isKnown: object.items += items
    case let other: throw error(.wrongOperand(opcode, found: other.kind))
    }
  }

  /// Sets keys and values, which alternate, in a dictionary or an object that acts as one.
  mutating func setItems(_ items: [PickleValue], _ opcode: PickleOpcode) throws(TorchError) {
    guard items.count % 2 == 0 else { throw error(.itemsOdd(count: items.count)) }
    let target = try top(for: opcode)
    for index in stride(from: 0, to: items.count, by: 2) {
      try set(items[index], to: items[index + 1], in: target, opcode)
    }
    if items.isEmpty { try requireEntries(of: target, opcode) }
  }

  private func requireEntries(
    of target: PickleValue, _ opcode: PickleOpcode
  ) throws(TorchError) {
    switch target {
    case .dictionary(let dictionary) where dictionary.isSealed:
      throw error(.wrongOperand(opcode, found: "a dictionary that something has taken over"))
    case .object(let object) where object.isSealed:
      throw error(.wrongOperand(opcode, found: "a dictionary that something has taken over"))
    case .dictionary: break
    case .object(let object) where object.isKnownDictionary || !object.isKnown: break
    default: throw error(.wrongOperand(opcode, found: target.kind))
    }
  }

  mutating func set(
    _ key: PickleValue, to value: PickleValue, in target: PickleValue, _ opcode: PickleOpcode
  ) throws(TorchError) {
    try requireEntries(of: target, opcode)
    try countCopy(byteCount: PickleKey.byteCount(of: key))
    switch key {
    case .list, .dictionary, .set, .storage:
      throw error(.keyKind(found: key.kind))
    default: try requireKeys([key])
    }
    if case .object(let object) = target { try checkEntry(key, value, of: object) }
    let isNew =
      switch target {
      case .dictionary(let dictionary): dictionary.entries.add(key, value)
      case .object(let object): object.entries.add(key, value)
      default: true
      }
    guard isNew else { throw error(.keyDuplicate(pathComponent(of: key))) }
  }
}
