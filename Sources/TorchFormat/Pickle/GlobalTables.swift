/// The globals that are known, and what they mean. Everything that is not in a table is unknown.
enum GlobalTables {
  /// Modules that had another name in Python 2, which protocol 2 still writes
  /// (`Lib/_compat_pickle.py`).
  static let renamedModules = [
    "__builtin__": "builtins", "copy_reg": "copyreg", "exceptions": "builtins",
    "cPickle": "pickle", "commands": "subprocess",
  ]

  /// The globals that are used to make tensors and plain values, by module and name.
  static let data: [String: [String: GlobalMeaning]] = {
    var tables: [String: [String: GlobalMeaning]] = [
      "collections": ["OrderedDict": .function(.orderedDictionary)],
      "_codecs": ["encode": .function(.encodedBytes)],
      "builtins": [
        "bytes": .function(.bytes), "set": .function(.set), "frozenset": .function(.set),
      ],
      "torch": [
        "Size": .function(.size), "Tensor": .reference, "per_tensor_affine": .reference,
        "per_tensor_symmetric": .reference, "per_channel_affine": .reference,
        "per_channel_symmetric": .reference, "per_channel_affine_float_qparams": .reference,
      ],
      "torch.cuda": [:],
      "torch.nn.parameter": ["Parameter": .reference, "Buffer": .reference],
      "torch.storage": [
        "UntypedStorage": .storageClass(.untyped), "_UntypedStorage": .storageClass(.untyped),
        "TypedStorage": .reference, "_TypedStorage": .reference,
      ],
      "torch._tensor": [
        "_rebuild_from_type": .function(.rebuildFromType),
        "_rebuild_from_type_v2": .function(.rebuildFromType),
      ],
      // The same module, as PyTorch 1.8 had it (`load_module_mapping` in `torch/serialization.py`).
      "torch.tensor": ["_rebuild_from_type": .function(.rebuildFromType)],
      "torch._utils": [
        "_rebuild_tensor": .function(.rebuildTensor),
        "_rebuild_tensor_v2": .function(.rebuildTensorV2),
        "_rebuild_tensor_v3": .function(.rebuildTensorV3),
        "_rebuild_parameter": .function(.rebuildParameter),
        "_rebuild_parameter_with_state": .function(.rebuildParameterWithState),
        "_rebuild_qtensor": .function(.rebuildQuantized),
        "_rebuild_sparse_tensor": .function(.rebuildSparse),
        "_rebuild_sparse_csr_tensor": .function(.rebuildSparse),
        "_rebuild_meta_tensor_no_storage": .function(.rebuildMeta),
        "_rebuild_nested_tensor": .function(.rebuildOther("nested")),
        "_rebuild_wrapper_subclass": .function(.rebuildOther("a wrapper without data")),
        "_rebuild_device_tensor_from_numpy": .function(.rebuildOther("of a device, in NumPy")),
        "_rebuild_device_tensor_from_cpu_tensor": .function(.rebuildOther("of a device")),
      ],
      "torch.jit._pickle": [
        "build_intlist": .function(.firstArgument), "build_tensorlist": .function(.firstArgument),
        "build_doublelist": .function(.firstArgument), "build_boollist": .function(.firstArgument),
        "restore_type_tag": .function(.firstArgument),
      ],
    ]
    for (name, storageClass) in StorageClass.byName {
      tables["torch"]?[name] = .storageClass(storageClass)
      tables["torch.cuda"]?[name] = .storageClass(storageClass)
    }
    for name in TorchElementTypes.byName.keys { tables["torch"]?[name] = .elementType(name) }
    for name in TorchElementTypes.unreadable { tables["torch"]?[name] = .elementType(name) }
    return tables
  }()

  /// Well-known harmless classes and functions around tensors, by module.
  static let inert: [String: [String: InertArguments]] = [
    "argparse": ["Namespace": .nothing],
    "builtins": [
      "bytearray": .contents, "complex": .plain, "int": .plain, "float": .plain, "str": .contents,
      "bool": .plain, "list": .values, "dict": .entries, "tuple": .values, "object": .nothing,
      "slice": .plain, "range": .plain,
      // `int`, `str` and `range` as protocol 2 writes them, under their names in Python 2.
      "long": .plain, "unicode": .plain, "xrange": .plain,
    ],
    "collections": ["Counter": .entries, "defaultdict": .factory, "deque": .values],
    "copyreg": ["_reconstructor": .reconstruction],
    "datetime": [
      "date": .plain, "datetime": .plainObjects, "time": .plainObjects, "timedelta": .plain,
      "timezone": .plainObjects,
    ],
    "decimal": ["Decimal": .values],
    "fractions": ["Fraction": .ratio],
    "functools": ["partial": .global],
    "numpy": numpyTypes,
    "numpy.core.multiarray": ["scalar": .element, "_reconstruct": .emptyArray],
    "numpy._core.multiarray": ["scalar": .element, "_reconstruct": .emptyArray],
    "numpy.core.numeric": ["_frombuffer": .elements],
    "numpy._core.numeric": ["_frombuffer": .elements],
    // How random generators, which trainers save in order to resume, are recreated.
    "numpy.random.bit_generator": [
      "__pyx_unpickle_SeedSequence": .generator, "SeedSequence": .reference,
    ],
    "numpy.random._pickle": [
      "__bit_generator_ctor": .generator, "__generator_ctor": .generator,
      "__randomstate_ctor": .generator,
    ],
    "pathlib": paths,
    "pathlib._local": paths,
    "torch": tensorTypes.merging(["device": .plain]) { _, new in new },
    "torch.cuda": tensorTypes,
    "torch._C": ["Generator": .plainObjects],
    // An activation that is a function: whole models of transformers hold it.
    "torch._C._nn": ["gelu": .reference],
    "torch.serialization": ["_get_layout": .plain],
    "torch.torch_version": ["TorchVersion": .plain],
    "types": ["SimpleNamespace": .nothing],
    "typing": [
      "Any": .reference, "Dict": .reference, "List": .reference, "Optional": .reference,
      "Union": .reference,
    ],
    "uuid": ["UUID": .plain],
    "addict.addict": ["Dict": .nothing],
    // What a training run of mmengine leaves behind: the histories of its records.
    "mmengine.logging.history_buffer": ["HistoryBuffer": .nothing],
    "mmengine.optim.scheduler.param_scheduler": ["OneCycleParamScheduler": .reference],
    "easydict": ["EasyDict": .nothing],
    "mmengine.config.config": ["ConfigDict": .entries],
    "mmcv.utils.config": ["ConfigDict": .nothing],
    "omegaconf.base": ["ContainerMetadata": .nothing, "Metadata": .nothing],
    "omegaconf.dictconfig": ["DictConfig": .nothing],
    "omegaconf.listconfig": ["ListConfig": .nothing],
    "omegaconf.nodes": [
      "AnyNode": .nothing, "BooleanNode": .nothing, "BytesNode": .nothing, "EnumNode": .nothing,
      "FloatNode": .nothing, "IntegerNode": .nothing, "PathNode": .nothing,
      "StringNode": .nothing,
    ],
    "yacs.config": ["CfgNode": .nothing],
    // fastai's `learn.save` keeps lists of rates of this kind in the optimizer's state.
    "fastcore.foundation": ["L": .nothing],
    "lightning.fabric.utilities.data": ["AttributeDict": .nothing],
    "lightning_fabric.utilities.data": ["AttributeDict": .nothing],
    "pytorch_lightning.utilities.parsing": ["AttributeDict": .nothing],
  ]

  /// The classes of tensors by element type, from before `dtype`; configurations name them.
  private static let tensorTypes = Dictionary(
    uniqueKeysWithValues: [
      "BFloat16", "Bool", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short",
    ].map { ("\($0)Tensor", InertArguments.reference) })

  /// Arrays, and the classes of NumPy's numbers, which mean element types in dictionaries.
  private static let numpyTypes = Dictionary(
    uniqueKeysWithValues: [
      "ndarray", "bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16",
      "uint32", "uint64", "float16", "float32", "float64", "complex64", "complex128", "str_",
      "bytes_",
    ].map { ($0, InertArguments.reference) } + [("dtype", .elementType)])

  static let paths: [String: InertArguments] = [
    "Path": .plain, "PosixPath": .plain, "PurePath": .plain, "PurePosixPath": .plain,
    "PureWindowsPath": .plain, "WindowsPath": .plain,
  ]

  /// Modules, including all below them, whose classes are harmless, and what these are called with.
  /// Layers, optimizers and schedulers take nothing, because their state follows. The others are
  /// only referred to: NumPy's element types and bit generators, and Lightning's callbacks, which
  /// its checkpoints use as keys and some of which open what their arguments name.
  ///
  /// Only names that begin with a capital letter and are not in `importedNames` count as classes;
  /// the functions there, and modules that these import, are not known.
  static let inertClassModules: [(modules: ModuleSet, arguments: InertArguments)] = [
    (["torch.nn.modules", "torch.optim"], .nothing),
    (
      [
        "numpy.dtypes", "numpy.random._mt19937", "numpy.random._pcg64", "numpy.random._philox",
        "numpy.random._sfc64", "pytorch_lightning.callbacks", "lightning.pytorch.callbacks",
      ], .reference
    ),
  ]

  /// The modules whose classes and functions make random number generators.
  static let generatorModules: ModuleSet = ["numpy.random"]

  /// Names under which Python has the same class or element type, each with the one that is used
  /// for both.
  static let otherNames = [
    "long": "int", "unicode": "str", "xrange": "range", "bool_": "bool",
    "_UntypedStorage":
      "UntypedStorage", "_TypedStorage": "TypedStorage",
  ]

  /// The module of what TorchScript compiles, whose classes can have any names.
  static let compiledModules: ModuleSet = ["__torch__"]
}
