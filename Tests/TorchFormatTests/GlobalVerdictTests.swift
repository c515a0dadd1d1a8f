import Testing

@testable import TorchFormat

@Suite("GlobalVerdict")
struct GlobalVerdictTests {
  static let verdicts: [(module: String, name: String, verdict: GlobalVerdict)] = [
    ("collections", "OrderedDict", .data),
    ("torch._utils", "_rebuild_tensor_v2", .data),
    ("torch", "FloatStorage", .data),
    ("torch.cuda", "HalfStorage", .data),
    ("torch.storage", "UntypedStorage", .data),
    ("torch", "bfloat16", .data),
    ("torch", "Size", .data),
    ("torch.nn.parameter", "Parameter", .data),
    ("argparse", "Namespace", .inert),
    ("numpy.core.multiarray", "scalar", .inert),
    ("numpy._core.multiarray", "_reconstruct", .inert),
    ("pathlib", "PosixPath", .inert),
    ("functools", "partial", .inert),
    ("builtins", "xrange", .inert),
    ("builtins", "long", .inert),
    ("torch.nn.modules.linear", "Linear", .inert),
    ("__torch__.torch.nn.modules.linear", "Linear", .inert),
    ("__torch__.net", "net", .inert),
    ("torch.nn.modules.utils", "repeat", .unknown),
    ("torch.nn.modules.module", "_addindent", .unknown),
    ("pytorch_lightning.callbacks.timer", "Timer", .inert),
    ("pytorch_lightning.callbacks.timer", "time", .unknown),
    ("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint", .inert),
    ("pytorch_lightning.callbacks.model_checkpoint", "Path", .unknown),
    ("torch.nn.modules.activation", "Tensor", .unknown),
    ("torch.nn.modules.activation", "F", .unknown),
    ("torch.nn.modules.module", "OrderedDict", .unknown),
    ("torch.nn.modules.linear_cross_entropy_options", "NamedTuple", .unknown),
    ("torch.optim.optimizer", "TypeVar", .unknown),
    ("torch.optim.lr_scheduler", "Counter", .unknown),
    ("torch.optim.lr_scheduler", "Optimizer", .inert),
    ("numpy.random.bit_generator", "SeedSequence", .inert),
    ("torch._C._nn", "gelu", .inert),
    ("torch._C._nn", "_parse_to", .dangerous),
    ("torch._C", "Generator", .inert),
    ("torch._C", "_load_for_lite_interpreter", .dangerous),
    ("numpy", "float32", .inert),
    ("numpy", "bool", .inert),
    ("numpy", "load", .dangerous),
    ("numpy", "vectorize", .dangerous),
    ("numpy", "array", .unknown),
    ("omegaconf.dictconfig", "DictConfig", .inert),
    ("yacs.config", "CfgNode", .inert),
    ("torch.distributed.tensor", "DTensor", .unknown),
    ("torch.distributed.rpc", "rpc_sync", .dangerous),
    ("mymodels.net", "Net", .unknown),
    ("timm.models.convnext", "ConvNeXt", .unknown),
    ("torch.optim.adamw", "AdamW", .inert),
    ("torch.optim.lr_scheduler", "LambdaLR", .inert),
    ("torch.optim.optimizer", "register_optimizer_step_pre_hook", .unknown),
    ("torch.optimizers", "AdamW", .unknown),
    ("torch.nn", "Linear", .unknown),
    ("a.torch.optim", "AdamW", .unknown),
    ("os.a.b.c.d.e.f.g", "system", .dangerous),
    ("torch.nn.modules.a.b.c.d", "Linear", .inert),
    ("a.b.c.d.e.os", "system", .unknown),
    ("numpy.f2py.crackfortran", "x", .dangerous),
    ("numpy.f2pyx", "x", .unknown),
    ("numpy.random._pickle", "__generator_ctor", .inert),
    ("numpy.random._mt19937", "MT19937", .inert),
    ("torch.nn.modulesx", "Linear", .unknown),
    ("osx", "system", .unknown),
    ("os", "system", .dangerous),
    ("os.path", "join", .dangerous),
    ("posix", "system", .dangerous),
    ("nt", "system", .dangerous),
    ("sys", "exit", .dangerous),
    ("subprocess", "Popen", .dangerous),
    ("builtins", "eval", .dangerous),
    ("builtins", "getattr", .dangerous),
    ("builtins", "__import__", .dangerous),
    ("functools", "reduce", .dangerous),
    ("torch", "load", .dangerous),
    ("torch.hub", "load", .dangerous),
    ("torch.storage", "_load_from_bytes", .dangerous),
    ("torch.serialization", "load", .dangerous),
    ("numpy.testing._private.utils", "runstring", .dangerous),
    ("torch", "_utils._rebuild_tensor_v2", .dangerous),
    // Methods as protocol 4 names them.
    ("torch.optim.lr_scheduler", "OneCycleLR._annealing_cos", .inert),
    ("torch.optim.lr_scheduler", "OneCycleLR.step", .dangerous),
    ("torch.optim.swa_utils", "SWALR._cosine_anneal", .inert),
    ("torch.distributed._mesh_layout", "_MeshLayout", .unknown),
    ("fastcore.foundation", "L", .inert), ("torch", "FloatTensor", .inert),
    ("torch.cuda", "HalfTensor", .inert),
    ("torch.nn.modules", "LSTM", .unknown),
    ("torch", "serialization.os.system", .dangerous),
    ("", "eval", .dangerous),
    ("torch", "", .dangerous),
    ("torch.", "Size", .dangerous),
    ("torch..nn", "Size", .dangerous),
    ("torch", "Size ", .dangerous),
    ("os\u{1B}[31m", "system", .dangerous),
    ("t\u{F6}rch", "Size", .dangerous),
    ("torch", "1Size", .dangerous),
  ]

  @Test("globals are judged by module and name, as a pair", arguments: verdicts)
  func judges(_ row: (module: String, name: String, verdict: GlobalVerdict)) {
    #expect(
      GlobalVerdict.judge(GlobalName(module: row.module, name: row.name)).verdict == row.verdict)
  }

  @Test("no global is in two tables, and none that is allowed is dangerous by name")
  func tablesAreDisjoint() {
    for (module, names) in GlobalTables.data {
      for name in names.keys {
        #expect(GlobalTables.inert[module]?[name] == nil)
        #expect(GlobalTables.dangerous[module]?.contains(name) != true)
      }
    }
    for (module, names) in GlobalTables.inert {
      for name in names.keys {
        #expect(GlobalTables.dangerous[module]?.contains(name) != true)
      }
    }
  }

  @Test("traits are of known classes, and those of dictionaries are of dictionaries")
  func traits() {
    let ofDictionaries: ClassTraits = [
      .showsEntries, .entriesHideMethods, .copiesEntries, .isOwnState,
    ]
    for (module, classes) in GlobalTables.traits {
      for (name, traits) in classes {
        #expect(GlobalTables.inert[module]?[name] != nil, "\(module).\(name)")
        #expect(!traits.isEmpty && !traits.isSuperset(of: [.list, .dictionary]))
        #expect(!traits.isSuperset(of: [.newTakesArguments, .newIgnoresArguments]))
        if !traits.contains(.dictionary) { #expect(traits.isDisjoint(with: ofDictionaries)) }
      }
    }
  }

  @Test("modules are looked up with all that they lie below, and by their bytes")
  func moduleSets() {
    let modules: ModuleSet = ["os", "a.b.c"]
    for module in ["os", "os.path", "os.path.x.y.z", "a.b.c", "a.b.c.d"] {
      #expect(modules.contains(module))
    }
    for module in ["", ".", "osx", "a", "a.b", "a.b.cd", "a.b.d.c", "x.os", "\u{212A}.os"] {
      #expect(!modules.contains(module))
    }
    // The sign for Kelvin, which `String` takes for the letter.
    #expect(!(["K"] as ModuleSet).contains("\u{212A}"))
    #expect(!([] as ModuleSet).contains("os"))
  }
}
