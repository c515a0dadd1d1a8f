import ByteIO

/// Rules for the states of individual classes, by what their own code does.
extension PickleMachine {
  /// Throws where the code of an object's own class would call an attribute, or mistake it for
  /// something else.
  mutating func checkByClass(
    _ name: String, _ value: PickleValue, of object: PickleObject
  ) throws(TorchError) {
    let isInternal = name.utf8.first == UInt8(ascii: "_")
    // Their own code calls what it keeps under such names, and iterates over it.
    if object.isOptimizer && value.mayBeCalled || object.isLayer && isInternal && value.isActive {
      throw attributeRefused(name, object)
    }
    if object.isHistoryBuffer, name.hasBytes(of: "statistics_methods") {
      try checkStatistics(value, object)
    }
    if GlobalTables.generatorModules.contains(object.className.module) {
      if case .dictionary(let dictionary) = value { try countCopy(of: dictionary.entries) }
      if value.makesMissingValues { throw attributeRefused(name, object) }
    }
    if object.isConfiguration { try checkConfiguration(name, value, object) }
  }

  /// omegaconf asks the metadata of a configuration for types, and makes types from them: another
  /// configuration would compute what it is asked for.
  private func checkConfiguration(
    _ name: String, _ value: PickleValue, _ object: PickleObject
  ) throws(TorchError) {
    let isMetadata = object.className.name.hasSuffix("Metadata")
    let isInOrder =
      switch value {
      case .object(let metadata) where name.hasBytes(of: "_metadata"):
        metadata.className.module.hasBytes(of: "omegaconf.base")
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
        let own = GlobalName(
          module: object.className.module, name: "\(object.className.name).\(name)")
        return method.globalName == own
      })
    else { throw refused(object, "its own methods as statistics") }
  }

  /// Checks what `functools.partial` is to call, and with what: a class or function that makes no
  /// tensors from a file.
  func checkPartial(
    _ parts: [PickleValue], _ object: PickleObject
  ) throws(TorchError) {
    guard InertArguments.global.allows(parts) else {
      throw refused(object, InertArguments.global.expectation)
    }
  }

  /// Checks what an optimizer's `__setstate__` calls methods of, and iterates over (`torch/optim`).
  mutating func checkOptimizer(
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

  /// The entries of what must be a dictionary, which are counted: many objects may share one.
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
}
