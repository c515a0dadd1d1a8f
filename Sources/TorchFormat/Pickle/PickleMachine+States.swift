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
    try countCopy(byteCount: entries.pairs.count * MemoryLayout<PickleValue>.stride)
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
    }
  }

  /// mmengine's buffers call the statistics that are kept with them, which all buffers share.
  private func checkStatistics(
    _ value: PickleValue, _ object: PickleObject
  ) throws(TorchError) {
    guard case .dictionary(let methods) = value, methods.attributes == nil,
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
      try countCopy(
        byteCount: (1 + dictionary.entries.pairs.count) * MemoryLayout<PickleValue>.stride)
      for (_, value) in dictionary.entries.pairs { try takeOver(value, depth: depth + 1) }
    case .list(let list):
      list.isSealed = true
      try countCopy(of: list.items)
      for item in list.items { try takeOver(item, depth: depth + 1) }
    case .tuple(let tuple):
      try countCopy(of: tuple.items)
      for item in tuple.items { try takeOver(item, depth: depth + 1) }
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
      try countCopy(
        byteCount: attributes.entries.pairs.count * MemoryLayout<PickleValue>.stride)
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
    guard parts.first?.isClassOrFunction ?? false,
      parts.dropFirst().allSatisfy({ $0.isPlainArgument(depth: 0) })
    else { throw refused(object, InertArguments.global.expectation) }
  }

  /// What an optimizer's `__setstate__` calls methods of, and goes through (`torch/optim`).
  private func checkOptimizer(
    _ entries: PickleEntries, _ object: PickleObject
  ) throws(TorchError) {
    let isInOrder = entries.pairs.allSatisfy { key, value in
      guard case .text(let name) = key else { return false }
      if name.hasBytes(of: "defaults") { return value.entriesOfDictionary != nil }
      if name.hasBytes(of: "param_groups") {
        guard case .list(let groups) = value else { return false }
        return groups.items.allSatisfy { group in
          group.entriesOfDictionary?.pairs.allSatisfy { key, value in
            guard case .text(let name) = key, name.hasBytes(of: "params") else { return true }
            return items(of: value) != nil
          } ?? false
        }
      }
      guard name.hasBytes(of: "state") else { return true }
      return value.entriesOfDictionary?.pairs.allSatisfy { !$0.value.mayHaveMethods } ?? false
    }
    guard isInOrder else {
      throw refused(
        object,
        "parameter groups, defaults and states that are dictionaries, and lists of "
          + "parameters")
    }
  }

  /// Throws where an argument of a function that makes tensors of some kind has attributes, which
  /// the function might call.
  func requireTensorArguments(
    _ arguments: [PickleValue], of name: String
  ) throws(TorchError) {
    guard arguments.allSatisfy({ $0.isPlainArgument(depth: 0) }) else {
      throw error(.arguments(function: name, expected: "tensors, types and plain values"))
    }
  }

  /// Throws where members of a set, or keys, hold so much that Python takes long to compare them.
  func requireKeys(_ items: [PickleValue]) throws(TorchError) {
    for item in items {
      switch item {
      case .tuple where PickleKey(item) == nil:
        throw error(.keyKind(found: "a tuple that is long or holds other than keys"))
      case .object(let object)
      where object.module.hasBytes(of: "builtins") && object.name.hasBytes(of: "tuple"):
        throw error(.keyKind(found: item.kind))
      default: continue
      }
    }
  }

  /// Throws where a tensor has hooks, which PyTorch does not write.
  func requireNoHooks(_ hooks: PickleValue?, of name: String) throws(TorchError) {
    switch hooks {
    case nil, .some(.none): return
    case .dictionary(let dictionary)
    where dictionary.entries.pairs.isEmpty && dictionary.attributes == nil:
      return
    default: throw error(.arguments(function: name, expected: "no hooks"))
    }
  }
}

extension PickleObject {
  /// Whether it is a dictionary of a class that is known.
  var isKnownDictionary: Bool { has(GlobalTables.dictionaryClasses) }

  /// Whether it is a list of a class that is known.
  var isKnownList: Bool { has(GlobalTables.listClasses) }

  private func has(_ classes: [String: Set<String>]) -> Bool {
    classes[module]?.contains(name) ?? false
  }

  fileprivate var isPartial: Bool {
    module.hasBytes(of: "functools") && name.hasBytes(of: "partial")
  }

  /// Whether it is a layer or a model.
  fileprivate var isLayer: Bool {
    isKnown && GlobalTables.isOfClassModule(module) && !isOptimizer
  }

  fileprivate var isHistoryBuffer: Bool { name.hasBytes(of: "HistoryBuffer") }

  /// Whether its class gives itself for its state: `addict.Dict` and those made of it.
  fileprivate var isItsOwnState: Bool { GlobalTables.ownStateModules.contains(module) }

  fileprivate var isOptimizer: Bool {
    GlobalTables.optimizerModules.contains(module)
      && !GlobalTables.schedulerModules.contains(module)
  }

  /// Whether it is a value that nothing was set on: a device, a layout.
  var hasNoAttributes: Bool { state == nil && entries.pairs.isEmpty && items.isEmpty }
}

extension PickleValue {
  /// Whether it is a class, a function, or an object that acts as one: a partial, a layer, or what
  /// is not known.
  var mayBeCalled: Bool {
    switch self {
    case .global(let global): if case .elementType = global.meaning { false } else { true }
    case .object(let object):
      !object.isKnown || object.isPartial || GlobalTables.isOfClassModule(object.module)
    default: false
    }
  }

  /// Whether it is anything but a plain value, a tensor, or a container of Python's own.
  fileprivate var isActive: Bool {
    switch self {
    case .global, .object: true
    case .dictionary(let dictionary): dictionary.attributes != nil
    default: false
    }
  }

  /// Whether the file may have given it methods.
  fileprivate var mayHaveMethods: Bool {
    switch self {
    case .object(let object):
      !object.hasNoAttributes
        && (object.state != nil || !object.isKnownDictionary && !object.isKnownList)
    case .global: true
    case .dictionary(let dictionary): dictionary.attributes != nil
    default: false
    }
  }

  /// The entries of a dictionary that nothing was set on, of a class that is known; `nil`: it is
  /// none.
  fileprivate var entriesOfDictionary: PickleEntries? {
    switch self {
    case .dictionary(let dictionary) where dictionary.attributes == nil: dictionary.entries
    case .object(let object) where object.isKnownDictionary && object.state == nil: object.entries
    default: nil
    }
  }

  /// Whether it is a class, or a function other than those that are imitated.
  var isClassOrFunction: Bool {
    guard case .global(let global) = self else { return false }
    switch global.meaning {
    case .inert, .reference, .function(.orderedDictionary), .function(.bytes), .function(.set),
      .function(.size):
      return true
    case .function, .storageClass, .elementType: return false
    }
  }

  /// Whether nothing in it has attributes that a function could call.
  func isPlainArgument(depth: Int) -> Bool {
    switch self {
    case .none, .bool, .integer, .bigInteger, .float, .text, .bytes, .storage: true
    case .tensor(let tensor): tensor.attributes == nil
    case .global(let global):
      switch global.meaning {
      case .elementType, .storageClass: true
      default: isClassOrFunction
      }
    case .list(let list): Self.arePlainArguments(list.items, depth)
    case .tuple(let tuple): Self.arePlainArguments(tuple.items, depth)
    case .dictionary(let dictionary):
      dictionary.attributes == nil
        && Self.arePlainArguments(dictionary.entries.pairs.map(\.value), depth)
    case .object(let object):
      object.isNumpyArray
        || object.hasNoAttributes
          && (object.module.hasBytes(of: "torch")
            || object.module.hasBytes(of: "torch.serialization"))
    case .set: false
    }
  }

  private static func arePlainArguments(_ items: [PickleValue], _ depth: Int) -> Bool {
    depth < 4 && items.count <= 4096 && items.allSatisfy { $0.isPlainArgument(depth: depth + 1) }
  }
}
