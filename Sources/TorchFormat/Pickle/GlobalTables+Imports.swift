extension GlobalTables {
  /// Capitalised names that the modules of harmless classes import or define and that are not
  /// classes of their own: `torch.nn.modules.activation.Tensor` is `torch.Tensor`, and `F` a whole
  /// module.
  ///
  /// Those of torch 2.13, as `dir()` lists them, and of earlier versions, which import more of
  /// `typing`.
  static let importedNames: Set<String> = [
    // `typing`, `typing_extensions`, `collections.abc`, `enum`, `abc` and `numbers`.
    "ABC", "ABCMeta", "Any", "AnyStr", "AsyncIterator", "Awaitable", "BinaryIO", "Callable",
    "ChainMap", "ClassVar", "Collection", "Concatenate", "Container", "Counter", "DefaultDict",
    "Deque", "Dict", "Enum", "EnumMeta", "Final", "Flag", "ForwardRef", "FrozenSet", "Generator",
    "Generic", "Hashable", "IO", "IntEnum", "Integral", "Iterable", "Iterator", "List", "Literal",
    "Mapping", "MutableMapping", "MutableSequence", "MutableSet", "NamedTuple", "NewType",
    "NoReturn", "Number", "Optional", "OrderedDict", "ParamSpec", "Pattern", "Protocol", "Rational",
    "Real", "Required", "Reversible", "Self", "Sequence", "Set", "Sized", "SupportsFloat",
    "SupportsInt", "Text", "TextIO", "Tuple", "Type", "TypeAlias", "TypeGuard", "TypeVar",
    "TypedDict", "Union", "Unpack", "UserDict", "UserList", "ValuesView",
    // What `torch.nn.modules` imports from its `rnn`.
    "GRU", "GRUCell", "LSTM", "LSTMCell", "RNN", "RNNBase", "RNNCell", "RNNCellBase",
    // Other modules of Python.
    "Decimal", "Fraction", "Lock", "MethodType", "MappingProxyType", "Path", "PathLike", "Popen",
    "PurePath", "RLock", "SimpleNamespace", "StringIO", "BytesIO", "Thread", "UUID",
    // `torch`, its parameters, hooks, functions and types.
    "BFloat16Tensor", "BackwardHook", "Buffer", "DTensor", "Device", "DeviceLikeType", "DeviceMesh",
    "F", "FloatTensor", "Function", "FunctionCtx", "GradScaler", "Graph", "GraphModule",
    "HalfTensor", "LongTensor", "PackedSequence", "Parameter", "ProcessGroup", "ReduceOp",
    "RemovableHandle", "ScriptModule", "Size", "Storage", "Stream", "Tensor", "TensorType",
    "UninitializedBuffer", "UninitializedParameter", "UninitializedTensorMixin", "Variable", "Work",
    // Names for types, and constants.
    "Args", "DEFAULT_A", "DEFAULT_B", "DEFAULT_C", "DEFAULT_NS_STEPS", "DeviceDict",
    "DeviceDtypeDict", "EPOCH_DEPRECATION_WARNING", "EPS", "GlobalOptimizerPostHook",
    "GlobalOptimizerPreHook", "Indices", "Kwargs", "PARAM_LIST", "ParamsT", "R", "ReturnT",
    "StateDict", "T", "T_co", "TYPE_CHECKING", "TensorListList",
    // What Lightning's callbacks import.
    "BarColumn", "BitsandbytesPrecision", "Console", "DeepSpeedPrecision", "DeepSpeedStrategy",
    "DeepSpeedSummary", "DoublePrecision", "FSDPPrecision", "FSDPStrategy", "FabricPrecision",
    "FabricSpikeDetection", "HalfPrecision", "LRSchedulerConfig", "LightningEnum",
    "LightningModule", "MisconfigurationException", "MixedPrecision", "Precision", "Progress",
    "ProgressColumn", "RenderableType", "RunningStage", "STEP_OUTPUT", "Style", "Summary", "Task",
    "TaskID", "TextColumn", "Throughput", "TrainerFn", "TransformerEnginePrecision", "WarningCache",
    "XLAPrecision",
  ]
}
