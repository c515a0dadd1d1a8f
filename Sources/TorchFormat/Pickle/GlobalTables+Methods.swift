extension GlobalTables {
  /// Methods of harmless classes, by module and class. Protocols before 4 have no names with dots,
  /// and refer to a method by a call of `getattr`: training runs of mmengine store how they average
  /// (`mmengine/logging/history_buffer.py`), and schedulers how they change the learning rate.
  static let methods: [String: [String: Set<String>]] = [
    "mmengine.logging.history_buffer": ["HistoryBuffer": ["current", "max", "mean", "min"]],
    "mmengine.optim.scheduler.param_scheduler": [
      "OneCycleParamScheduler": ["_annealing_cos", "_annealing_linear"]
    ],
    "torch.optim.lr_scheduler": ["OneCycleLR": ["_annealing_cos", "_annealing_linear"]],
    "torch.optim.swa_utils": ["SWALR": ["_cosine_anneal", "_linear_anneal"]],
  ]

  /// Whether a dotted name, as protocol 4 has it, is one of these methods.
  static func isKnownMethod(module: String, name: String) -> Bool {
    guard let classes = methods[module] else { return false }
    return classes.contains { owner, names in
      names.contains { name.hasBytes(of: "\(owner).\($0)") }
    }
  }

  /// Whether a global is the function by which pickles refer to methods.
  static func looksUpMethods(module: String, name: String) -> Bool {
    module.hasBytes(of: "builtins") && name.hasBytes(of: "getattr")
  }
}
