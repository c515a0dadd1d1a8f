import ByteIO

/// What kind of class an object has, for the rules about its state.
extension PickleObject {
  /// Whether it is a dictionary of a class that is known.
  var isKnownDictionary: Bool { traits.contains(.dictionary) }

  /// Whether it is a list of a class that is known.
  var isKnownList: Bool { traits.contains(.list) }

  var isPartial: Bool {
    className == GlobalName(module: "functools", name: "partial")
  }

  /// Whether it is a layer or a model.
  var isLayer: Bool {
    isKnown && GlobalTables.isOfClassModule(className.module) && !isOptimizer
  }

  var isHistoryBuffer: Bool {
    className == GlobalName(module: "mmengine.logging.history_buffer", name: "HistoryBuffer")
  }

  /// Whether it is one of omegaconf's: a configuration, a value in one, or what omegaconf knows
  /// about these.
  var isConfiguration: Bool {
    isKnown && GlobalTables.configurationModules.contains(className.module)
  }

  var isOptimizer: Bool {
    GlobalTables.optimizerModules.contains(className.module)
      // Schedulers' modules also have the base class of optimizers, which they import.
      && (!GlobalTables.schedulerModules.contains(className.module)
        || className.name.hasBytes(of: "Optimizer"))
  }

  /// Whether it is a device or a layout.
  var isPlainValue: Bool {
    hasNoAttributes
      && (className.module.hasBytes(of: "torch")
        || className.module.hasBytes(of: "torch.serialization"))
  }

  /// Whether it is a value that nothing was set on: a device, a layout.
  var hasNoAttributes: Bool { state == nil && entries.pairs.isEmpty && items.isEmpty }
}
