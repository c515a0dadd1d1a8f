/// What Python could call in a value, or in what it holds.
extension PickleValue {
  /// Whether it is a class, a function, or an object that acts as one: a partial, a layer, or
  /// anything that is not known.
  var mayBeCalled: Bool {
    switch self {
    case .global(let global): if case .elementType = global.meaning { false } else { true }
    case .object(let object):
      !object.isKnown || object.isPartial || GlobalTables.isOfClassModule(object.className.module)
    default: false
    }
  }

  /// Whether it is anything but a plain value, a tensor, or one of Python's own containers.
  var isActive: Bool {
    switch self {
    case .global(let global): if case .elementType = global.meaning { false } else { true }
    case .object(let object): !(object.isKnown && object.isPlainValue)
    case .dictionary(let dictionary): dictionary.attributes != nil
    default: false
    }
  }

  /// Whether it is an object of a class that is not known, which the caller chose to let pass.
  var isUnknownObject: Bool {
    if case .object(let object) = self { !object.isKnown } else { false }
  }

  /// Whether a state has plain values only, alone or by name.
  var isPlainState: Bool {
    switch self {
    case .dictionary(let attributes):
      attributes.attributes == nil && attributes.entries.hasPlainValues
    case .tuple(let parts):
      parts.items.allSatisfy {
        if case .dictionary = $0 { $0.isPlainState } else { $0.node == nil }
      }
    default: node == nil
    }
  }

  /// Whether the file may have given it methods.
  var mayHaveMethods: Bool {
    switch self {
    case .object(let object):
      !object.hasNoAttributes
        && (object.state != nil || !object.isKnownDictionary && !object.isKnownList)
        || makesMissingValues
    case .global: true
    case .dictionary(let dictionary): dictionary.attributes != nil
    default: false
    }
  }

  /// Whether it is a dictionary that calls something for a key that it does not have, or holds one.
  var makesMissingValues: Bool {
    switch self {
    case .object(let object): object.isKnownDictionary && !object.arguments.isEmpty
    case .dictionary(let dictionary):
      dictionary.entries.pairs.contains {
        if case .object = $0.value { $0.value.makesMissingValues } else { false }
      }
    default: false
    }
  }

  /// The entries of a dictionary of a known class without attributes set on it; `nil` if it is not
  /// one.
  var entriesOfDictionary: PickleEntries? {
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

  /// Whether nothing in some arguments has attributes that a function could call.
  static func arePlainArguments(_ arguments: some Collection<PickleValue>) -> Bool {
    var remaining = arguments.count + 512
    return arguments.allSatisfy { $0.isPlainArgument(&remaining, depth: 0) }
  }

  /// - Parameter remaining: How many more values are visited: one may occur very many times, and in
  ///   very many calls.
  private func isPlainArgument(_ remaining: inout Int, depth: Int) -> Bool {
    remaining -= 1
    guard remaining >= 0, depth <= 4 else { return false }
    func arePlain(_ items: [PickleValue]) -> Bool {
      for item in items where !item.isPlainArgument(&remaining, depth: depth + 1) { return false }
      return true
    }
    switch self {
    case .none, .bool, .integer, .bigInteger, .float, .text, .bytes, .storage: return true
    case .tensor(let tensor): return tensor.attributes == nil && !tensor.isExpanded
    case .global(let global):
      switch global.meaning {
      case .elementType, .storageClass: return true
      default: return isClassOrFunction
      }
    case .list(let list): return arePlain(list.items)
    case .tuple(let tuple): return arePlain(tuple.items)
    case .dictionary(let dictionary):
      return dictionary.attributes == nil && arePlain(dictionary.entries.pairs.map(\.value))
    case .object(let object):
      return object.isNumpyArray || object.isPlainValue
    case .set: return false
    }
  }
}
