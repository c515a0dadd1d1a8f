import ByteIO

/// What a pickle sets on objects. Python finds methods on the object first, so that an attribute
/// with the name of one is called in its place: `append` by APPEND, `__setstate__` by BUILD, `items`
/// by whatever takes a dictionary. Nothing that could be called may have such a name.
///
/// The rules are for classes that are known: of others nobody says that they are harmless.
extension PickleMachine {
  /// Throws where Python would call a part of an object's state, or take it for something else.
  mutating func check(_ state: PickleValue, of object: PickleObject) throws(TorchError) {
    guard object.isKnown else { return }
    switch state {
    case .none: return
    case .object(let other) where other === object && object.isItsOwnState: return
    case .dictionary(let attributes) where attributes.attributes == nil && !object.isItsOwnState:
      try check(attributes.entries, of: object, isSet: false)
      if object.isOptimizer { try checkOptimizer(attributes.entries, object) }
    case .tuple(let tuple) where GlobalTables.tupleStateModules.contains(object.module):
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

  private func refused(_ object: PickleObject, _ expected: String) -> TorchError {
    error(.arguments(function: "\(object.module).\(object.name)", expected: expected))
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
      let isInternal = name.utf8.first == UInt8(ascii: "_")
      // Their own code calls what it keeps under such names, and goes through it.
      if object.isOptimizer && value.mayBeCalled || object.isLayer && isInternal && value.isActive {
        throw attributeRefused(name, object)
      }
      if object.isHistoryBuffer, name.hasBytes(of: "statistics_methods") {
        try checkStatistics(value, object)
      }
      if GlobalTables.generatorModules.contains(object.module), value.makesMissingValues {
        throw attributeRefused(name, object)
      }
      if object.isConfiguration { try checkConfiguration(name, value, object) }
    }
  }

  /// omegaconf asks the metadata of a configuration for types, and makes types of them: another
  /// configuration would compute what it is asked for.
  private func checkConfiguration(
    _ name: String, _ value: PickleValue, _ object: PickleObject
  ) throws(TorchError) {
    let isMetadata = object.name.utf8.suffix(8).elementsEqual("Metadata".utf8)
    let isInOrder =
      switch value {
      case .object(let metadata) where name.hasBytes(of: "_metadata"):
        metadata.module.hasBytes(of: "omegaconf.base")
      case _ where name.hasBytes(of: "_metadata"): false
      case .tuple where isMetadata: false
      case .object(let part) where isMetadata: !part.isConfiguration
      default: true
      }
    guard isInOrder else { throw refused(object, "metadata that are types and plain values") }
  }

  /// mmengine's buffers call the statistics that are kept with them, which all buffers share.
  private mutating func checkStatistics(
    _ value: PickleValue, _ object: PickleObject
  ) throws(TorchError) {
    guard case .dictionary(let methods) = value, methods.attributes == nil else {
      throw refused(object, "its own methods as statistics")
    }
    try countCopy(of: methods.entries)
    guard
      methods.entries.pairs.allSatisfy({ key, value in
        guard case (.text(let name), .global(let method)) = (key, value) else { return false }
        return method.module.hasBytes(of: object.module)
          && method.name.hasBytes(of: "\(object.name).\(name)")
      })
    else { throw refused(object, "its own methods as statistics") }
  }

  /// Throws where an entry of a dictionary that shows its entries as attributes would be called,
  /// and counts what a class copies that makes dictionaries of its own of all within an entry.
  mutating func checkEntry(
    _ key: PickleValue, _ value: PickleValue, of object: PickleObject
  ) throws(TorchError) {
    guard object.isKnownDictionary,
      !GlobalTables.plainDictionaryModules.contains(object.module)
    else { return }
    // A text that an object stands for would be a name, too.
    if case .object = key { throw refused(object, "texts as names") }
    if GlobalTables.copyingModules.contains(object.module) { try takeOver(value, depth: 0) }
    guard case .text(let name) = key else { return }
    try checkAttribute(
      name, value, of: object,
      hidesMethods: GlobalTables.methodHidingModules.contains(object.module))
  }

  /// Counts a value that is copied with all within it, and keeps it as it is.
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

  /// - Parameter hidesMethods: Whether an attribute goes before a method of a dictionary's.
  private func checkAttribute(
    _ name: String, _ value: PickleValue, of object: PickleObject, hidesMethods: Bool
  ) throws(TorchError) {
    guard object.isKnown, value.mayBeCalled else { return }
    let isMethod =
      Self.isSpecial(name) || hidesMethods && GlobalTables.dictionaryMethods.contains(name)
    if isMethod { throw attributeRefused(name, object) }
  }

  private func attributeRefused(_ name: String, _ object: PickleObject) -> TorchError {
    error(
      .arguments(
        function: "\(object.module).\(object.name)",
        expected: "attributes that Python does not call, and \(quoted(name)) may be"))
  }

  /// Whether a name is one that Python has a meaning for: `__setstate__`.
  private static func isSpecial(_ name: String) -> Bool { name.utf8.starts(with: "__".utf8) }

  /// Throws where attributes of a dictionary hide its methods.
  mutating func checkDictionaryAttributes(_ state: PickleValue) throws(TorchError) {
    let refusal = error(
      .arguments(
        function: "OrderedDict", expected: "attributes that have no names of a dictionary's own"))
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

  /// What `functools.partial` is to call, and with what: a class or function that makes no tensors
  /// of a file.
  private func checkPartial(
    _ parts: [PickleValue], _ object: PickleObject
  ) throws(TorchError) {
    guard InertArguments.global.allows(parts) else {
      throw refused(object, InertArguments.global.expectation)
    }
  }

  /// What an optimizer's `__setstate__` calls methods of, and goes through (`torch/optim`).
  private mutating func checkOptimizer(
    _ entries: PickleEntries, _ object: PickleObject
  ) throws(TorchError) {
    for (key, value) in entries.pairs {
      guard case .text(let name) = key else { continue }
      if name.hasBytes(of: "defaults") {
        _ = try dictionaryEntries(value, object)
      } else if name.hasBytes(of: "param_groups") {
        guard case .list(let groups) = value else { throw unusualOptimizer(object) }
        for group in groups.items {
          for case (.text(let name), let value) in try dictionaryEntries(group, object).pairs
          where name.hasBytes(of: "params") && items(of: value) == nil {
            throw unusualOptimizer(object)
          }
        }
      } else if name.hasBytes(of: "state") {
        let states = try dictionaryEntries(value, object)
        if states.pairs.contains(where: \.value.mayHaveMethods) { throw unusualOptimizer(object) }
      }
    }
  }

  /// The entries of what has to be a dictionary, which are counted: many objects may share one.
  private mutating func dictionaryEntries(
    _ value: PickleValue, _ object: PickleObject
  ) throws(TorchError) -> PickleEntries {
    guard let entries = value.entriesOfDictionary else { throw unusualOptimizer(object) }
    try countCopy(of: entries)
    return entries
  }

  private func unusualOptimizer(_ object: PickleObject) -> TorchError {
    refused(
      object,
      "parameter groups, defaults and states that are dictionaries, and lists of parameters")
  }

  /// Counts entries that are gone over, and the long ones among their names.
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

  /// Throws where members of a set, or keys, hold so much that Python takes long to compare them:
  /// it goes over all of a tuple, and over the state of some objects, each time.
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
      let isTuple = object.module.hasBytes(of: "builtins") && object.name.hasBytes(of: "tuple")
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

  /// Throws where a tensor has hooks, which PyTorch does not write.
  func requireNoHooks(_ hooks: PickleValue?, of name: String) throws(TorchError) {
    switch hooks {
    case nil, .some(.none): return
    case .dictionary(let dictionary)
    where dictionary.entries.pairs.isEmpty && dictionary.attributes == nil:
      // Nor does anything come into it later.
      dictionary.isSealed = true
    default: throw error(.arguments(function: name, expected: "no hooks"))
    }
  }
}
