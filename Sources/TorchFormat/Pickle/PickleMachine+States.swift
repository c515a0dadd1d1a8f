import ByteIO

/// What a pickle sets on objects. Python looks for methods on the object first, so an attribute
/// with the name of a method is called in its place: `append` by APPEND, `__setstate__` by BUILD,
/// `items` by whatever takes a dictionary. Nothing that could be called may have such a name.
///
/// The rules are for classes that are known: others are not claimed to be harmless.
extension PickleMachine {
  /// Throws where Python would call a part of an object's state, or mistake it for something else.
  mutating func check(_ state: PickleValue, of object: PickleObject) throws(TorchError) {
    guard object.isKnown else { return }
    switch state {
    case .none: return
    case .object(let other) where other === object && object.traits.contains(.isOwnState): return
    case .dictionary(let attributes)
    where attributes.attributes == nil && !object.traits.contains(.isOwnState):
      try check(attributes.entries, of: object, isSet: false)
      if object.isOptimizer { try checkOptimizer(attributes.entries, object) }
    case .tuple(let tuple) where GlobalTables.tupleStateModules.contains(object.className.module):
      if object.isPartial { return try checkPartial(tuple.items, object) }
      // Attributes, and those that `setattr` sets (`copyreg`).
      guard tuple.items.count == 2 else { return }
      for (index, part) in tuple.items.enumerated() {
        if case .dictionary(let attributes) = part {
          try check(attributes.entries, of: object, isSet: index == 1)
        }
      }
    default: throw refused(object, "a state of attributes by name")
    }
  }

  func refused(_ object: PickleObject, _ expected: String) -> TorchError {
    error(.arguments(function: object.className.qualifiedName, expected: expected))
  }

  /// - Parameter isSet: Whether `setattr` sets them, which may change the object's class.
  private mutating func check(
    _ entries: PickleEntries, of object: PickleObject, isSet: Bool
  ) throws(TorchError) {
    try countCopy(of: entries)
    for (key, value) in entries.pairs {
      guard case .text(let name) = key else { throw refused(object, "texts as names") }
      if isSet && Self.isSpecial(name) { throw attributeRefused(name, object) }
      try checkAttribute(name, value, of: object, hidesMethods: object.isKnownDictionary)
      try checkByClass(name, value, of: object)
    }
  }

  /// Throws where an entry of a dictionary that shows its entries as attributes would be called,
  /// and counts what is copied by a class that turns everything in an entry into dictionaries of
  /// that class.
  mutating func checkEntry(
    _ key: PickleValue, _ value: PickleValue, of object: PickleObject
  ) throws(TorchError) {
    guard object.traits.contains(.showsEntries) else { return }
    // An object that represents a text would also be a name.
    if case .object = key { throw refused(object, "texts as names") }
    if object.traits.contains(.copiesEntries) { try takeOver(value, depth: 0) }
    guard case .text(let name) = key else { return }
    try checkAttribute(
      name, value, of: object,
      hidesMethods: object.traits.contains(.entriesHideMethods))
  }

  /// Counts a value that is copied with everything in it, and keeps it as it is.
  private mutating func takeOver(_ value: PickleValue, depth: Int) throws(TorchError) {
    guard depth <= limits.pickleDepth else { throw error(.tooDeep(limit: limits.pickleDepth)) }
    switch value {
    case .dictionary(let dictionary):
      dictionary.isSealed = true
      try countCopy(of: dictionary.entries)
      for (_, value) in dictionary.entries.pairs { try takeOver(value, depth: depth + 1) }
    case .list(let list):
      list.isSealed = true
      try countCopy(of: list.items)
      for item in list.items { try takeOver(item, depth: depth + 1) }
    case .tuple(let tuple):
      try countCopy(of: tuple.items)
      for item in tuple.items { try takeOver(item, depth: depth + 1) }
    case .object(let part) where part.isKnownDictionary || part.isKnownList:
      part.isSealed = true
      try countCopy(of: part.entries)
      for (_, value) in part.entries.pairs { try takeOver(value, depth: depth + 1) }
      try countCopy(of: part.items)
      for item in part.items { try takeOver(item, depth: depth + 1) }
    default: return
    }
  }

  /// - Parameter hidesMethods: Whether an attribute takes precedence over a dictionary's method.
  private func checkAttribute(
    _ name: String, _ value: PickleValue, of object: PickleObject, hidesMethods: Bool
  ) throws(TorchError) {
    guard object.isKnown, value.mayBeCalled else { return }
    let isMethod =
      Self.isSpecial(name) || hidesMethods && GlobalTables.dictionaryMethods.contains(name)
    if isMethod { throw attributeRefused(name, object) }
  }

  func attributeRefused(_ name: String, _ object: PickleObject) -> TorchError {
    error(
      .arguments(
        function: object.className.qualifiedName,
        expected: "attributes that Python does not call, found \(quoted(name))"))
  }

  /// Whether a name is one that means something to Python: `__setstate__`.
  private static func isSpecial(_ name: String) -> Bool { name.utf8.starts(with: "__".utf8) }

  /// Throws where attributes of a dictionary hide its methods.
  mutating func checkDictionaryAttributes(_ state: PickleValue) throws(TorchError) {
    let refusal = error(
      .arguments(
        function: "OrderedDict", expected: "attributes that hide no methods of a dictionary"))
    switch state {
    case .none: return
    case .dictionary(let attributes):
      try countCopy(of: attributes.entries)
      for (key, value) in attributes.entries.pairs {
        guard case .text(let name) = key, !GlobalTables.dictionaryMethods.contains(name),
          !(Self.isSpecial(name) && value.mayBeCalled)
        else { throw refusal }
      }
    default: throw refusal
    }
  }

  /// Counts entries that are visited, and those of their names that are long.
  mutating func countCopy(of entries: PickleEntries) throws(TorchError) {
    try countCopy(byteCount: (1 + entries.pairs.count) * MemoryLayout<PickleValue>.stride)
    for case (.text(let name), _) in entries.pairs where name.utf8.count > Self.usualNameByteCount {
      try countCopy(byteCount: name.utf8.count)
    }
  }

  private static let usualNameByteCount = 64

  /// Throws where an argument of a function that makes tensors of some kind has attributes, which
  /// the function might call.
  func requireTensorArguments(
    _ arguments: [PickleValue], of name: String
  ) throws(TorchError) {
    guard PickleValue.arePlainArguments(arguments) else {
      throw error(.arguments(function: name, expected: "tensors, types and plain values"))
    }
  }

  /// Throws where a tensor has hooks, which PyTorch does not write.
  func requireNoHooks(_ hooks: PickleValue?, of name: String) throws(TorchError) {
    switch hooks {
    case nil, .some(.none): return
    case .dictionary(let dictionary)
    where dictionary.entries.pairs.isEmpty && dictionary.attributes == nil:
      // Nor may anything be added to it later.
      dictionary.isSealed = true
    default: throw error(.arguments(function: name, expected: "no hooks"))
    }
  }
}
