/// What is known about the objects of harmless classes: what opcodes add to them, what their states
/// are, and what their own code does with these.
extension GlobalTables {
  /// Modules whose classes make as much as a number in their state says: recurrent layers.
  static let unboundedClassModules: ModuleSet = ["torch.nn.modules.rnn"]

  /// Whether a module is one of layers, optimizers and schedulers.
  static func isOfClassModule(_ module: String) -> Bool {
    inertClassModules.contains { $0.arguments == .nothing && $0.modules.contains(module) }
  }

  /// Modules whose objects may have a tuple as their state: NumPy's, `functools.partial`, and those
  /// with slots.
  static let tupleStateModules: ModuleSet = [
    "datetime", "decimal", "fractions", "functools", "numpy", "pathlib", "torch._C", "uuid",
  ]

  /// Modules of configurations that compute what they are asked for.
  static let configurationModules: ModuleSet = ["omegaconf"]

  /// Modules of optimizers, which call methods of what their state holds. Those of schedulers and
  /// averages, although below them, are not counted.
  static let optimizerModules: ModuleSet = ["torch.optim"]
  static let schedulerModules: ModuleSet = ["torch.optim.lr_scheduler", "torch.optim.swa_utils"]

  /// The methods of Python's dictionaries, except those with underscores.
  static let dictionaryMethods: Set<String> = [
    "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update",
    "values",
  ]
}
