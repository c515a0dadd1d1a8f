/// What is known about the objects of a harmless class, beyond what it is called with.
struct ClassTraits: OptionSet, Sendable {
  let rawValue: UInt16

  /// Objects are lists, to which APPEND adds.
  static let list = ClassTraits(rawValue: 1 << 0)
  /// Objects are dictionaries, in which SETITEM sets.
  static let dictionary = ClassTraits(rawValue: 1 << 1)
  /// Entries of the dictionary are also attributes, at least where there is no other attribute.
  static let showsEntries = ClassTraits(rawValue: 1 << 2)
  /// Entries are attributes even where the dictionary has a method of that name.
  static let entriesHideMethods = ClassTraits(rawValue: 1 << 3)
  /// Everything that is set in the dictionary is copied.
  static let copiesEntries = ClassTraits(rawValue: 1 << 4)
  /// The dictionary is its own state.
  static let isOwnState = ClassTraits(rawValue: 1 << 5)
  /// Objects are never equal to a number, text or bytes, so that Python does not mistake them for
  /// such a key.
  static let distinct = ClassTraits(rawValue: 1 << 6)
  /// `__new__`, which is all that NEWOBJ calls, uses arguments.
  static let newTakesArguments = ClassTraits(rawValue: 1 << 7)
  /// `__new__` ignores arguments, and pickles give some.
  static let newIgnoresArguments = ClassTraits(rawValue: 1 << 8)
}

extension GlobalTables {
  /// The traits of the classes in `inert` that have any, by module.
  static let traits: [String: [String: ClassTraits]] = [
    "addict.addict": [
      "Dict": [.dictionary, .showsEntries, .isOwnState, .newIgnoresArguments]
    ],
    "builtins": [
      "bool": .newTakesArguments, "complex": .newTakesArguments, "dict": .dictionary,
      "float": .newTakesArguments, "int": .newTakesArguments, "list": .list,
      "str": .newTakesArguments, "tuple": .newTakesArguments,
    ],
    "collections": ["Counter": .dictionary, "defaultdict": .dictionary, "deque": .list],
    "datetime": [
      "date": [.distinct, .newTakesArguments], "datetime": [.distinct, .newTakesArguments],
      "time": [.distinct, .newTakesArguments], "timedelta": [.distinct, .newTakesArguments],
      "timezone": [.distinct, .newTakesArguments],
    ],
    "decimal": ["Decimal": .newTakesArguments],
    "easydict": ["EasyDict": [.dictionary, .showsEntries, .entriesHideMethods, .copiesEntries]],
    "fractions": ["Fraction": .newTakesArguments],
    "lightning.fabric.utilities.data": ["AttributeDict": [.dictionary, .showsEntries]],
    "lightning_fabric.utilities.data": ["AttributeDict": [.dictionary, .showsEntries]],
    "mmcv.utils.config": [
      "ConfigDict": [.dictionary, .showsEntries, .isOwnState, .newIgnoresArguments]
    ],
    "mmengine.config.config": [
      "ConfigDict": [
        .dictionary, .showsEntries, .copiesEntries, .isOwnState, .newIgnoresArguments,
      ]
    ],
    "pathlib": pathTraits,
    "pathlib._local": pathTraits,
    "pytorch_lightning.utilities.parsing": ["AttributeDict": [.dictionary, .showsEntries]],
    "torch": ["device": .distinct],
    "torch.torch_version": ["TorchVersion": .newTakesArguments],
    "uuid": ["UUID": .distinct],
    "yacs.config": ["CfgNode": [.dictionary, .showsEntries]],
  ]

  private static let pathTraits = paths.mapValues { _ in ClassTraits.distinct }
}
