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
    func refused(_ expected: String) -> TorchError {
      error(.arguments(function: "\(object.module).\(object.name)", expected: expected))
    }
    switch state {
    // `addict.Dict` is its own state.
    case .object(let other) where other === object && object.isKnownDictionary: return
    case .object, .global: throw refused("a state of attributes, and no object for it")
    case .dictionary(let attributes): try check(attributes.entries, of: object, isSet: false)
    case .tuple(let tuple):
      if object.isPartial { try checkPartial(tuple.items, refused) }
      // Attributes, and those that `setattr` sets (`copyreg`).
      guard tuple.items.count == 2 else { break }
      for (index, part) in tuple.items.enumerated() {
        if case .dictionary(let attributes) = part {
          try check(attributes.entries, of: object, isSet: index == 1)
        }
      }
    default: break
    }
    if case .dictionary(let attributes) = state, object.isOptimizer {
      guard Self.isOptimizerState(attributes.entries) else {
        throw refused("parameter groups, defaults and states that are dictionaries")
      }
    }
  }

  /// - Parameter isSet: Whether `setattr` sets them, which may change the object's class.
  private mutating func check(
    _ entries: PickleEntries, of object: PickleObject, isSet: Bool
  ) throws(TorchError) {
    try countCopy(byteCount: entries.pairs.count * MemoryLayout<PickleValue>.stride)
    for (key, value) in entries.pairs {
      guard case .text(let name) = key else { continue }
      if isSet && Self.isSpecial(name) { throw attributeRefused(name, object) }
      try checkAttribute(name, value, of: object, hidesMethods: object.isKnownDictionary)
    }
  }

  /// Throws where an entry of a dictionary that shows its entries as attributes would be called.
  func checkEntry(
    _ key: PickleValue, _ value: PickleValue, of object: PickleObject
  ) throws(TorchError) {
    guard case .text(let name) = key, object.isKnownDictionary,
      !GlobalTables.plainDictionaryModules.contains(object.module)
    else { return }
    try checkAttribute(
      name, value, of: object,
      hidesMethods: GlobalTables.methodHidingModules.contains(object.module))
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

  /// What `functools.partial` is to call: a class or function that makes no tensors of a file.
  private func checkPartial(
    _ parts: [PickleValue], _ refused: (String) -> TorchError
  ) throws(TorchError) {
    guard parts.first?.isClassOrFunction ?? false else { throw refused("a class first") }
  }

  /// What an optimizer's `__setstate__` calls methods of (`torch/optim`).
  private static func isOptimizerState(_ entries: PickleEntries) -> Bool {
    entries.pairs.allSatisfy { key, value in
      guard case .text(let name) = key else { return true }
      if name.hasBytes(of: "defaults") { return value.entriesOfDictionary != nil }
      if name.hasBytes(of: "param_groups") {
        guard case .list(let groups) = value else { return false }
        return groups.items.allSatisfy { $0.entriesOfDictionary != nil }
      }
      guard name.hasBytes(of: "state") else { return true }
      return value.entriesOfDictionary?.pairs.allSatisfy { !$0.value.mayHaveMethods } ?? false
    }
  }

  /// Throws where an argument of a function that makes tensors of some kind has attributes, which
  /// the function might call.
  func requireTensorArguments(
    _ arguments: [PickleValue], of name: String
  ) throws(TorchError) {
    guard arguments.allSatisfy({ $0.isTensorArgument(depth: 0) }) else {
      throw error(.arguments(function: name, expected: "tensors, types and plain values"))
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
  fileprivate var mayBeCalled: Bool {
    switch self {
    case .global(let global): if case .elementType = global.meaning { false } else { true }
    case .object(let object):
      !object.isKnown || object.isPartial || GlobalTables.layerModules.contains(object.module)
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

  fileprivate func isTensorArgument(depth: Int) -> Bool {
    switch self {
    case .none, .bool, .integer, .bigInteger, .float, .text, .bytes, .global, .storage, .tensor:
      true
    case .list(let list): Self.areTensorArguments(list.items, depth)
    case .tuple(let tuple): Self.areTensorArguments(tuple.items, depth)
    case .dictionary(let dictionary):
      dictionary.attributes == nil
        && Self.areTensorArguments(dictionary.entries.pairs.map(\.value), depth)
    case .object(let object): object.hasNoAttributes || object.isNumpyArray
    case .set: false
    }
  }

  private static func areTensorArguments(_ items: [PickleValue], _ depth: Int) -> Bool {
    depth < 4 && items.count <= 4096 && items.allSatisfy { $0.isTensorArgument(depth: depth + 1) }
  }
}
