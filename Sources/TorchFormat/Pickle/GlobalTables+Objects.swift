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

  /// Modules of dictionaries that are their own state.
  static let ownStateModules: ModuleSet = [
    "addict.addict", "mmcv.utils.config", "mmengine.config.config",
  ]

  /// Modules of dictionaries that copy everything that is set in them.
  static let copyingModules: ModuleSet = ["easydict", "mmengine.config.config"]

  /// Modules of configurations that compute what they are asked for.
  static let configurationModules: ModuleSet = ["omegaconf"]

  /// Modules of optimizers, which call methods of what their state holds. Those of schedulers and
  /// averages, although below them, are not counted.
  static let optimizerModules: ModuleSet = ["torch.optim"]
  static let schedulerModules: ModuleSet = ["torch.optim.lr_scheduler", "torch.optim.swa_utils"]

  /// Known classes, by module, whose objects are lists, to which APPEND adds.
  static let listClasses: [String: Set<String>] = ["builtins": ["list"], "collections": ["deque"]]

  /// Known classes, by module, whose objects are dictionaries, in which SETITEM sets. Those of
  /// modules other than `plainDictionaryModules` also show their entries as attributes.
  static let dictionaryClasses: [String: Set<String>] = [
    "addict.addict": ["Dict"],
    "builtins": ["dict"],
    "collections": ["Counter", "defaultdict"],
    "easydict": ["EasyDict"],
    "lightning.fabric.utilities.data": ["AttributeDict"],
    "lightning_fabric.utilities.data": ["AttributeDict"],
    "mmcv.utils.config": ["ConfigDict"],
    "mmengine.config.config": ["ConfigDict"],
    "pytorch_lightning.utilities.parsing": ["AttributeDict"],
    "yacs.config": ["CfgNode"],
  ]

  /// Modules of dictionaries whose entries are not attributes.
  static let plainDictionaryModules: Set<String> = ["builtins", "collections"]

  /// Modules of dictionaries whose entries are attributes, rather than only looked up where there
  /// is no attribute.
  static let methodHidingModules: Set<String> = ["easydict"]

  /// The methods of Python's dictionaries, except those with underscores.
  static let dictionaryMethods: Set<String> = [
    "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update",
    "values",
  ]
}
