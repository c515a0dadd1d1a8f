import ByteIO
import TensorModel
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

/// Python finds methods on an object before those of its class, and loading a pickle calls some.
@Suite("States of objects")
struct ObjectStateTests: TensorArchives {
  private static let newobj: [UInt8] = [0x81]
  private static let function = P.global("torch.jit._pickle", "restore_type_tag")
  private static let size = P.global("torch", "Size")

  /// An object of a class, with attributes.
  private static func object(
    _ module: String, _ name: String, _ attributes: KeyValuePairs<String, [UInt8]>
  ) -> [UInt8] {
    P.global(module, name) + P.ascii(")") + newobj + P.dictionary(attributes) + P.ascii("b")
  }

  private static func namespace(_ attributes: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    object("argparse", "Namespace", attributes)
  }

  private static func entries(_ name: String, _ value: [UInt8]) -> [UInt8] {
    P.text(name) + value + P.ascii("s")
  }

  private static let partial = P.call(P.global("functools", "partial"), size)

  @Test(
    "opcodes that call a method of an object are for lists and dictionaries alone",
    arguments: [
      namespace(["append": P.global("builtins", "bytearray")]) + P.integer(1 << 30) + P.ascii("a"),
      namespace(["extend": size]) + P.ascii("(") + P.integer(1) + P.ascii("e"),
      namespace(["add": size]) + P.ascii("(") + P.integer(1) + [0x90],
      object("torch.nn.modules.container", "ModuleList", [:]) + P.none + P.ascii("a"),
      object("torch.nn.modules.container", "Sequential", [:]) + entries("0", P.none),
      namespace([:]) + entries("a", P.none),
    ])
  func opcodes(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-container")
  }

  @Test(
    "attributes that Python would call are refused",
    arguments: [
      namespace(["__setstate__": size]), namespace(["__torch_function__": size]),
      object("addict.addict", "Dict", ["items": size]),
      object("collections", "Counter", ["keys": size]),
      P.global("addict.addict", "Dict") + P.ascii(")") + newobj + entries("__setstate__", size),
      P.global("easydict", "EasyDict") + P.ascii(")") + newobj + entries("items", size),
      P.global("yacs.config", "CfgNode") + P.ascii(")") + newobj
        + entries(
          "__deepcopy__", P.call(P.global("functools", "partial"), P.global("builtins", "int"))),
      P.call(
        P.global("copyreg", "_reconstructor"), P.global("yacs.config", "CfgNode"),
        P.global("builtins", "dict"), P.dictionary(["__setstate__": size])),
      // `setattr` sets those of the second dictionary, and may change the object's class.
      P.global("argparse", "Namespace") + P.ascii(")") + newobj
        + P.tuple(P.none, P.dictionary(["__class__": P.none])) + P.ascii("b"),
    ])
  func attributes(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  @Test(
    "a state, and what takes a dictionary, gets one and no object that poses as one",
    arguments: [
      P.global("torch.nn.modules.linear", "Linear") + P.ascii(")") + newobj
        + namespace(["keys": size]) + P.ascii("b"),
      P.global("addict.addict", "Dict") + P.ascii(")") + newobj + namespace(["items": size])
        + P.ascii("b"),
      P.call(
        P.global("lightning.fabric.utilities.data", "AttributeDict"), namespace(["keys": size])),
      P.call(P.global("omegaconf.dictconfig", "DictConfig"), P.global("argparse", "Namespace")),
      P.call(P.global("uuid", "UUID"), namespace(["replace": size])),
      P.call(P.global("builtins", "dict"), namespace(["keys": size])),
      object("torch.optim.sgd", "SGD", ["param_groups": P.list(namespace(["setdefault": size]))]),
      object("torch.optim.sgd", "SGD", ["defaults": namespace(["setdefault": size])]),
      object("torch.optim.adam", "Adam", ["state": namespace(["get": size])]),
      P.call(
        P.global("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"),
        namespace(["to": size]), P.global("torch", "float32"), P.text("cpu"), P.no),
      P.call(
        P.global("torch._utils", "_rebuild_sparse_tensor"), P.none,
        P.tuple(namespace(["detach": size]))),
      P.call(P.global("functools", "partial"), P.global("torch._tensor", "_rebuild_from_type_v2")),
    ])
  func poses(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  private static let pairs = P.list(P.tuple(P.text("defaults"), P.none))
  private static let elementType =
    P.call(P.global("numpy", "dtype"), P.text("O8"), P.no, P.yes)
    + P.tuple(
      P.integer(3), P.text("|"), P.none, P.none, P.none, P.integer(8), P.integer(8), P.integer(63))
    + P.ascii("b")

  /// What known classes call, or go through, of what they are given.
  @Test(
    "what a class's own code would call, or take for its own, is refused",
    arguments: [
      // Methods of optimizers, layers and buffers of statistics, under their own names.
      object("torch.optim.sgd", "SGD", ["_patch_step_function": partial]),
      object(
        "torch.optim.sgd", "SGD", ["profile_hook_step": P.global("torch.nn.modules", "Identity")]),
      object("torch.nn.modules.conv", "Conv2d", ["_call_impl": size]),
      object(
        "torch.nn.modules.conv", "Conv2d",
        ["_parameters": object("torch.nn.modules.container", "ParameterDict", [:])]),
      object(
        "mmengine.logging.history_buffer", "HistoryBuffer",
        ["statistics_methods": P.dictionary(["mean": partial])]),
      object(
        "mmengine.logging.history_buffer", "HistoryBuffer",
        ["statistics_methods": namespace(["keys": size])]),
      // A state that is no dictionary, or that is set by a method of the class.
      P.global("torch.optim.sgd", "SGD") + P.ascii(")") + newobj + pairs + P.ascii("b"),
      P.global("torch.nn.modules.linear", "Linear") + P.ascii(")") + newobj + pairs + P.ascii("b"),
      P.global("lightning.fabric.utilities.data", "AttributeDict") + P.ascii(")") + newobj
        + P.integer(1) + P.ascii("b"),
      P.global("yacs.config", "CfgNode") + P.ascii(")") + newobj
        + P.tuple(P.dictionary(["is_frozen": partial]), P.dictionary(["x": P.none])) + P.ascii("b"),
      object("addict.addict", "Dict", ["a": P.none]),
      // A name that an object stands for.
      P.global("easydict", "EasyDict") + P.ascii(")") + newobj
        + P.call(P.global("builtins", "str"), P.text("__setstate__")) + P.none + P.ascii("s"),
      object("argparse", "Namespace", [:]) + P.ascii("0") + P.global("argparse", "Namespace")
        + P.ascii(")") + newobj + P.ascii("}") + P.call(P.global("builtins", "str"), P.text("a"))
        + P.none + P.ascii("sb"),
      // What NumPy's generators are given, and arrays of objects.
      P.call(
        P.global("numpy.random._pickle", "__generator_ctor"), P.integer(1), partial),
      P.call(
        P.global("numpy.core.multiarray", "_reconstruct"), P.global("numpy", "ndarray"),
        P.tuple(integers: [0]), P.text("b"))
        + P.tuple(P.integer(1), P.tuple(integers: [1000]), elementType, P.no, P.list(P.none))
        + P.ascii("b"),
      P.call(P.global("numpy.core.multiarray", "scalar"), elementType),
      // Tensors with methods, with hooks, and partials that carry objects.
      P.call(
        P.global("torch._utils", "_rebuild_parameter_with_state"), P.tensor(), P.no,
        P.orderedDictionary, P.dictionary(["to": partial])),
      P.call(
        P.global("torch._utils", "_rebuild_parameter"), P.tensor(), P.no,
        P.dictionary(["0": partial])),
      P.call(
        P.global("functools", "partial"), P.global("argparse", "Namespace"),
        object("torch.nn.modules.linear", "Identity", [:])),
      P.call(
        P.global("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"),
        P.call(
          P.global("copyreg", "_reconstructor"), P.global("yacs.config", "CfgNode"),
          P.global("builtins", "dict"), P.dictionary(["to": size])),
        P.global("torch", "float32"), P.text("cpu"), P.no),
      // Sizes by default, and parameters without end.
      P.call(P.global("torch.nn.modules.transformer", "Transformer")),
      object(
        "torch.optim.adam", "Adam",
        [
          "param_groups": P.list(
            P.dictionary([
              "params": P.call(P.global("builtins", "range"), P.integer(1 << 40))
            ]))
        ]),
    ] as [[UInt8]])
  func ownCode(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  @Test("members of sets are compared as keys are, and tuples in tuples take time without end")
  func members() {
    let deep = (0..<40).reduce(P.tuple(P.none)) { tuple, _ in
      tuple + P.ascii("q\u{1}h\u{1}") + [0x86]
    }
    let object = P.call(P.global("builtins", "tuple"), deep)
    for value in [
      P.call(P.global("builtins", "set"), P.list(deep)),
      P.ascii("}") + object + P.none + P.ascii("s"),
      P.ascii("(") + deep + [0x91], [0x8F] + P.ascii("(") + deep + [0x90],
    ] {
      #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-container")
    }
  }

  @Test("what a class copies with all within it is counted, and stays as it is")
  func copiedEntries() {
    let doubling = (0..<24).reduce(P.dictionary(["a": P.none])) { inner, _ in
      inner + P.ascii("q\u{1}0") + P.dictionary(["a": P.ascii("h\u{1}"), "b": P.ascii("h\u{1}")])
    }
    let config = P.global("easydict", "EasyDict") + P.ascii(")") + Self.newobj
    #expect(
      failure(P.dictionary(["x": config + Self.entries("a", doubling)]))?.rule == "pickle-budget")
    let later =
      config + P.text("a") + P.ascii("}q\u{1}") + P.ascii("s0h\u{1}") + Self.entries("b", P.none)
    #expect(failure(P.list(later))?.rule == "pickle-container")
  }

  @Test("what is in many places is not looked at in each")
  func sharedValues() {
    func many(_ value: [UInt8], memo: UInt8) -> [UInt8] {
      value + P.ascii("q") + [memo] + P.ascii("0](")
        + Array(repeatElement(P.ascii("h") + [memo], count: 3000).joined()) + P.ascii("e")
    }
    // 3000^4 values, and an optimizer with 3000 times one group.
    let nested = many(many(many(many(P.none, memo: 1), memo: 2), memo: 3), memo: 4)
    let partial = P.call(P.global("functools", "partial"), P.global("builtins", "int"), nested)
    #expect(failure(P.dictionary(["x": partial]))?.rule == "pickle-budget")
    let group = P.ascii("}(") + (0..<3000).flatMap { P.text("\($0)") + P.none } + P.ascii("u")
    let groups = Self.object("torch.optim.sgd", "SGD", ["param_groups": many(group, memo: 1)])
    #expect(failure(P.dictionary(["x": groups]))?.rule == "pickle-budget")
  }

  private static func stateDict(_ attributes: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    P.call(P.global("collections", "OrderedDict")) + P.text("w") + P.tensor() + P.ascii("s")
      + P.dictionary(attributes) + P.ascii("b")
  }

  @Test("a state dict's attributes hide none of its methods")
  func stateDictAttributes() throws {
    for name in ["items", "keys", "values", "copy", "update", "get", "__class__"] {
      #expect(failure(Self.stateDict([name: Self.size]))?.rule == "pickle-argument", "\(name)")
    }
    let metadata = Self.stateDict(["_metadata": P.dictionary(["": P.dictionary([:])])])
    #expect(try open(metadata).tensors.map(\.name.string) == ["w"])
  }

  @Test("a dictionary with attributes makes no other one, for its own methods would be called")
  func copiesOfDictionaries() {
    let value = P.call(
      P.global("collections", "Counter"), Self.stateDict(["_metadata": P.none]))
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  @Test("what is set in a state after it was taken over is refused, for Python has copied it")
  func sealedStates() {
    let memoized = P.ascii("}") + P.ascii("q\u{1}") + P.ascii("0")
    let later = P.ascii("h\u{1}") + P.text("late") + P.tensor() + P.ascii("s")
    let namespace =
      P.global("argparse", "Namespace") + P.ascii(")") + Self.newobj + P.ascii("h\u{1}b0")
    #expect(failure(memoized + namespace + later)?.rule == "pickle-container")
    let ordered = P.call(P.global("collections", "OrderedDict")) + P.ascii("h\u{1}b0")
    #expect(failure(memoized + ordered + later)?.rule == "pickle-container")
  }

  @Test("a list that was made of another one does not grow with it")
  func copiedLists() throws {
    let list = P.ascii("]q\u{1}") + P.tensor() + P.ascii("a0")
    let copy = P.global("builtins", "list") + P.ascii("h\u{1}") + [0x85] + P.ascii("R")
    let later = P.ascii("h\u{1}") + P.tensor() + P.ascii("a0")
    let file = try open(P.ascii("(") + list + copy + later + P.ascii("t"))
    #expect(file.tensors.map(\.name.string) == ["0.0"])
    // What is appended to the copy comes behind what it was made of.
    let both = try open(P.ascii("(") + list + copy + P.tensor() + P.ascii("a") + P.ascii("t"))
    #expect(both.tensors.map(\.name.string) == ["0.0", "0.1"])
  }

  @Test("recurrent layers, of which a number in the state makes many, are not known")
  func recurrentLayers() {
    let value = Self.object("torch.nn.modules.rnn", "LSTM", ["num_layers": P.integer(1 << 30)])
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-global")
    // The module above has them under their names, too.
    let other = Self.object("torch.nn.modules", "LSTM", ["num_layers": P.integer(1 << 30)])
    #expect(failure(P.dictionary(["x": other]))?.rule == "pickle-global")
  }

  private static func configuration(_ metadata: [UInt8]) -> [UInt8] {
    object("omegaconf.dictconfig", "DictConfig", ["_metadata": metadata])
  }

  /// omegaconf asks what is in `_metadata` for types, and makes types of them.
  @Test("a configuration's metadata are its own, with types, and no other configuration")
  func configurations() throws {
    func metadata(_ type: [UInt8]) -> [UInt8] {
      Self.object("omegaconf.base", "ContainerMetadata", ["key_type": type])
    }
    for refused in [
      Self.configuration(P.none), P.global("omegaconf.base", "ContainerMetadata"),
      Self.configuration(P.dictionary([:])),
      metadata(P.tuple(P.tuple(P.none))), metadata(Self.configuration(metadata(P.none))),
    ] {
      #expect(
        failure(P.dictionary(["x": Self.configuration(refused)]))?.rule == "pickle-argument")
    }
    _ = try open(P.dictionary(["x": Self.configuration(metadata(P.global("builtins", "str")))]))
  }

  /// Python calls it for a key that is not there, such as the `step` of an optimizer's state.
  @Test("what makes values for missing keys is in no state that is asked for keys")
  func factories() {
    let factory =
      P.global("collections", "defaultdict")
      + P.tuple(P.global("torch.nn.modules.linear", "Linear"))
      + P.ascii("R")
    let adam = Self.object(
      "torch.optim.adam", "Adam", ["state": P.ascii("}") + P.tensor() + factory + P.ascii("s")])
    let random =
      P.call(P.global("numpy.random._pickle", "__randomstate_ctor"))
      + P.dictionary(["state": factory]) + P.ascii("b")
    for value in [adam, random] {
      #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
    }
  }

  @Test("the base class of optimizers is one, whatever module has taken it over")
  func optimizerAlias() {
    let value = Self.object(
      "torch.optim.lr_scheduler", "Optimizer", ["profile_hook_step": Self.size])
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-argument")
  }

  /// Python goes over all of it for each comparison, 2^n values of n tuples.
  @Test("keys and members hold no more than the file pays for, and no states with more")
  func keysOfObjects() throws {
    let uuid = Self.object("uuid", "UUID", ["int": P.tuple(P.tuple(P.none))])
    let entry = { (key: [UInt8]) in P.ascii("}") + key + P.none + P.ascii("s") }
    #expect(failure(P.dictionary(["x": entry(uuid)]))?.rule == "pickle-container")
    let pair = P.tuple(P.call(P.global("pathlib", "PurePath"), P.text("a")), P.integer(1))
    let set = P.call(P.global("builtins", "set"), P.list(pair))
    _ = try open(P.dictionary(["x": set, "y": entry(pair), "w": P.tensor()]))
  }

  @Test("hooks that come once a tensor is made are refused")
  func lateHooks() {
    let hooks = P.call(P.global("collections", "OrderedDict")) + P.ascii("q\u{1}")
    let tensor =
      P.global("torch._utils", "_rebuild_tensor_v2")
      + P.tuple(
        P.storage(), P.integer(0), P.tuple(integers: [4]), P.tuple(integers: [1]), P.no, hooks)
      + P.ascii("R")
    let later = P.ascii("h\u{1}") + P.integer(0) + Self.size + P.ascii("s")
    #expect(failure(P.tuple(tensor, later))?.rule == "pickle-container")
  }

  /// A function could write out what has strides of 0.
  @Test("a function that is only named is given no tensor of more elements than its storage")
  func expandedArguments() throws {
    func device(_ tensor: [UInt8]) -> [UInt8] {
      P.call(
        P.global("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"), tensor,
        P.global("torch", "float64"), P.text("cuda:0"), P.no)
    }
    let expanded = P.tensor(shape: [1 << 30], strides: [0])
    #expect(failure(P.dictionary(["x": device(expanded)]))?.rule == "pickle-argument")
    let file = try open(P.dictionary(["x": device(P.tensor())]))
    #expect(file.unsupportedTensors.map(\.name) == ["x"])
  }

  @Test("a dictionary that is copied takes over what objects in it hold, too")
  func takenOverObjects() {
    let inner = P.call(P.global("collections", "Counter")) + P.ascii("q\u{1}")
    let config =
      P.global("easydict", "EasyDict") + P.ascii(")") + Self.newobj + Self.entries("a", inner)
    let later = P.ascii("h\u{1}") + Self.entries("late", P.integer(1))
    #expect(failure(P.tuple(config, later))?.rule == "pickle-container")
  }

  @Test(
    "states as programs write them are in order",
    arguments: [
      namespace(["lr": P.none, "act_layer": P.global("torch.nn.modules.activation", "GELU")]),
      namespace([
        "norm_layer": P.call(
          P.global("functools", "partial"), P.global("torch.nn.modules.normalization", "LayerNorm"))
      ]),
      object(
        "yacs.config", "CfgNode", ["__immutable__": P.no, "__renamed_keys__": P.dictionary([:])]),
      P.global("yacs.config", "CfgNode") + P.ascii(")") + newobj + entries("values", P.list()),
      P.global("addict.addict", "Dict") + P.ascii(")") + newobj + P.ascii("q\u{1}")
        + entries("lr", P.none) + P.ascii("h\u{1}b"),
      P.call(P.global("mmengine.config.config", "ConfigDict"), P.dictionary(["lr": P.none])),
      object(
        "torch.optim.adamw", "AdamW",
        [
          "defaults": P.dictionary([:]), "param_groups": P.list(P.dictionary(["lr": P.none])),
          "state": P.call(P.global("collections", "defaultdict"), P.global("builtins", "dict")),
        ]),
      // Their own methods go before entries.
      P.call(P.global("mmengine.config.config", "ConfigDict"), P.dictionary(["keys": size])),
      P.call(P.global("functools", "partial"), P.global("collections", "OrderedDict")),
      object(
        "torch.optim.sgd", "SGD",
        [
          "param_groups": P.list(
            P.call(P.global("mmengine.config.config", "ConfigDict"), P.dictionary(["lr": P.none])))
        ]),
      object("torch.optim.lr_scheduler", "StepLR", ["state": P.text("warmup")]),
      stateDict(["__version__": P.text("1.2"), "total": P.integer(5)]),
      P.call(P.global("builtins", "list"), P.list()) + P.none + P.ascii("a"),
      P.call(P.global("collections", "deque"), P.list()) + P.ascii("(") + P.none + P.ascii("e"),
      P.call(
        P.global("datetime", "timezone"),
        P.call(P.global("datetime", "timedelta"), P.integer(0), P.integer(3600), P.integer(0))),
    ] as [[UInt8]])
  func accepted(_ value: [UInt8]) {
    #expect(failure(P.dictionary(["x": value])) == nil)
  }

  @Test("a time zone that is not known is let pass with the rest")
  func unknownTimeZone() throws {
    let zone = P.call(P.global("pytz", "UTC"))
    let value = P.call(P.global("datetime", "datetime"), P.none, zone)
    let options = TorchReadingOptions(skipsUnknownGlobals: true)
    #expect(try open(P.dictionary(["x": value]), options: options).tensors.isEmpty)
    #expect(failure(P.dictionary(["x": value]))?.rule == "pickle-global")
  }

  @Test("classes that are not known keep what they are given, for whoever lets them pass")
  func unknownClasses() throws {
    let value = Self.object("mine", "List", ["append": Self.size]) + P.tensor() + P.ascii("a")
    let file = try open(
      P.dictionary(["x": value]), options: TorchReadingOptions(skipsUnknownGlobals: true))
    #expect(file.tensors.count == 1)
  }
}
