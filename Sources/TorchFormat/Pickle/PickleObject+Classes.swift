import ByteIO

/// What kind of class an object is of, as far as the rules for its state go.
extension PickleObject {
  /// Whether it is a dictionary of a class that is known.
  var isKnownDictionary: Bool { has(GlobalTables.dictionaryClasses) }

  /// Whether it is a list of a class that is known.
  var isKnownList: Bool { has(GlobalTables.listClasses) }

  private func has(_ classes: [String: Set<String>]) -> Bool {
    classes[module]?.contains(name) ?? false
  }

  var isPartial: Bool {
    module.hasBytes(of: "functools") && name.hasBytes(of: "partial")
  }

  /// Whether it is a layer or a model.
  var isLayer: Bool {
    isKnown && GlobalTables.isOfClassModule(module) && !isOptimizer
  }

  var isHistoryBuffer: Bool {
    module.hasBytes(of: "mmengine.logging.history_buffer") && name.hasBytes(of: "HistoryBuffer")
  }

  /// Whether it is one of omegaconf's: a configuration, a value in one, or what it knows of these.
  var isConfiguration: Bool { isKnown && GlobalTables.configurationModules.contains(module) }

  /// Whether its class gives itself for its state: `addict.Dict` and those made of it.
  var isItsOwnState: Bool { GlobalTables.ownStateModules.contains(module) }

  var isOptimizer: Bool {
    GlobalTables.optimizerModules.contains(module)
      // Schedulers' modules have their base class, which they import.
      && (!GlobalTables.schedulerModules.contains(module) || name.hasBytes(of: "Optimizer"))
  }

  /// Whether it is a device or a layout.
  var isPlainValue: Bool {
    hasNoAttributes
      && (module.hasBytes(of: "torch") || module.hasBytes(of: "torch.serialization"))
  }

  /// Whether it is a value that nothing was set on: a device, a layout.
  var hasNoAttributes: Bool { state == nil && entries.pairs.isEmpty && items.isEmpty }
}
