import ByteIO

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
  static func isKnownMethod(_ global: GlobalName) -> Bool {
    guard let classes = methods[global.module] else { return false }
    return classes.contains { owner, names in
      names.contains { global.name.hasBytes(of: "\(owner).\($0)") }
    }
  }
}
