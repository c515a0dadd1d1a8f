import ByteIO
import TestSupport
import Testing

@testable import TorchFormat

private typealias P = PickleBytes

struct Attack: Sendable, CustomTestStringConvertible {
  let name: String
  /// The opcodes that push a value.
  let value: [UInt8]
  /// The global that a scan has to name.
  let global: String
  var testDescription: String { name }
}

/// Published attacks on programs that load pickles, and on scanners of pickles: each has to be
/// refused, and its global named. `docs/attacks.md` tells of them.
@Suite("Attacks")
struct AttackTests {
  private static func call(_ module: String, _ name: String) -> Attack {
    Attack(
      name: "\(module) \(name)",
      value: P.call(P.global(module, name), P.text("id")), global: "\(module).\(name)")
  }

  /// Functions of the standard library and of packages that come with PyTorch, which run code, load
  /// pickles, or touch files: from reports on picklescan, fickling and modelscan.
  static let calls: [Attack] = [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("os", "execv"), ("os", "popen"),
    ("subprocess", "Popen"), ("subprocess", "check_output"), ("builtins", "eval"),
    ("builtins", "exec"), ("builtins", "compile"), ("builtins", "open"), ("builtins", "getattr"),
    ("builtins", "setattr"), ("builtins", "__import__"), ("builtins", "apply"),
    ("builtins", "map"), ("builtins", "breakpoint"), ("builtins", "vars"), ("_io", "FileIO"),
    ("_io", "open"), ("io", "open"), ("pty", "spawn"), ("runpy", "run_path"),
    ("runpy", "_run_code"), ("importlib", "import_module"), ("importlib.machinery", "x"),
    ("functools", "reduce"), ("operator", "attrgetter"), ("operator", "methodcaller"),
    ("_operator", "attrgetter"), ("_operator", "itemgetter"), ("ctypes", "CDLL"),
    ("ctypes.util", "find_library"), ("pip", "main"), ("pip._internal.cli.main", "main"),
    ("ensurepip", "_run_pip"), ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
    ("asyncio", "run"), ("numpy.testing._private.utils", "runstring"),
    ("numpy.f2py.crackfortran", "param_eval"), ("numpy", "load"),
    ("numpy.distutils.exec_command", "x"),
    ("torch", "load"), ("torch.hub", "load"), ("torch.serialization", "load"),
    ("torch.storage", "_load_from_bytes"), ("torch.jit", "load"),
    ("torch.package", "PackageImporter"),
    ("torch.utils._config_module", "load_config"), ("torch.utils.cpp_extension", "load"),
    ("torch.utils.data.datapipes.utils.decoder", "basichandlers"),
    ("torch.utils.collect_env", "run"), ("torch.fx.experimental.symbolic_shapes", "eval"),
    ("torch._dynamo.guards", "GuardBuilder.get"), ("torch._inductor.codecache", "compile_file"),
    ("torch.jit.unsupported_tensor_ops", "execWrapper"), ("torch.distributed.rpc", "rpc_sync"),
    ("torch._ops", "load_library"), ("pickle", "loads"), ("_pickle", "loads"),
    ("cloudpickle", "loads"), ("dill", "loads"), ("joblib", "load"), ("marshal", "loads"),
    ("shelve", "open"), ("pandas", "read_pickle"), ("pandas", "eval"), ("yaml", "load"),
    ("types", "FunctionType"), ("types", "CodeType"), ("code", "interact"),
    ("code", "InteractiveInterpreter.runcode"), ("codeop", "compile_command"), ("timeit", "timeit"),
    ("cProfile", "run"), ("profile", "run"), ("pdb", "run"), ("bdb", "Bdb.run"),
    ("trace", "Trace.run"), ("doctest", "debug_script"), ("test.support.script_helper", "x"),
    ("unittest.mock", "_importer"), ("lib2to3.pgen2.grammar", "Grammar.loadpickle"),
    ("lib2to3.pgen2.pgen", "ParserGenerator.make_label"), ("idlelib.run", "Executive.runcode"),
    ("idlelib.autocomplete", "AutoComplete.get_entity"), ("idlelib.pyshell", "ModifiedInterpreter"),
    ("pydoc", "pipepager"), ("_pyrepl.pager", "pipe_pager"), ("_osx_support", "_read_output"),
    ("_aix_support", "_read_cmd_output"), ("uuid", "_get_command_stdout"),
    ("distutils.file_util", "write_file"), ("logging.config", "listen"),
    ("pkgutil", "resolve_name"), ("linecache", "getline"), ("tempfile", "mktemp"),
    ("shutil", "rmtree"), ("glob", "glob"), ("zipimport", "zipimporter"),
    ("socket", "create_connection"),
    ("ssl", "get_server_certificate"), ("http.client", "HTTPConnection"),
    ("urllib.request", "urlopen"),
    ("requests", "get"), ("requests.api", "get"), ("aiohttp.client", "ClientSession"),
    ("webbrowser", "open"), ("smtplib", "SMTP"), ("sys", "exit"), ("signal", "raise_signal"),
    ("multiprocessing.util", "spawnv_passfds"), ("concurrent.futures", "ProcessPoolExecutor"),
    ("site", "execsitecustomize"), ("_sitebuiltins", "_Helper"), ("copyreg", "__newobj__"),
    ("commands", "getoutput"), ("__builtin__", "execfile"), ("__builtin__", "file"),
    ("sqlite3", "connect"), ("venv", "create"), ("modulefinder", "ModuleFinder"),
  ].map { call($0.0, $0.1) }

  /// Ways to hide which global is asked for, or that it is called.
  static let disguises: [Attack] = [
    Attack(
      name: "a dotted name through a harmless module",
      value: P.call(P.global("torch.nn.modules.module", "torch.os.system"), P.text("id")),
      global: "torch.nn.modules.module.torch.os.system"),
    Attack(
      name: "module and name that only make sense joined",
      value: P.call(P.global("torch", "_utils._rebuild_tensor_v2"), P.none),
      global: "torch._utils._rebuild_tensor_v2"),
    Attack(
      name: "a function that a harmless module imports",
      value: P.call(P.global("torch.nn.modules.utils", "repeat"), P.none),
      global: "torch.nn.modules.utils.repeat"),
    Attack(
      name: "STACK_GLOBAL with names from the memo, stored in another order",
      value: P.text("system") + P.ascii("q\u{1}0") + P.text("os") + P.ascii("q\u{2}0")
        + P.ascii("h\u{2}h\u{1}") + [0x93] + P.tuple(P.text("id")) + P.ascii("R"),
      global: "os.system"),
    Attack(
      name: "STACK_GLOBAL with a memo entry that is overwritten",
      value: P.text("OrderedDict") + P.ascii("q\u{1}0") + P.text("system") + P.ascii("q\u{1}0")
        + P.text("os") + P.ascii("h\u{1}") + [0x93] + P.tuple(P.text("id")) + P.ascii("R"),
      global: "os.system"),
    Attack(
      name: "MEMOIZE instead of PUT",
      value: P.text("os") + [0x94] + P.text("system") + [0x94, 0x93] + P.tuple(P.text("id"))
        + P.ascii("R"),
      global: "os.system"),
    Attack(
      name: "a result that is thrown away",
      value: P.call(P.global("os", "system"), P.text("id")) + P.ascii("0") + P.none,
      global: "os.system"),
    Attack(
      name: "partial over a function",
      value: P.call(P.global("functools", "partial"), P.global("os", "system"), P.text("id")),
      global: "os.system"),
    Attack(
      name: "_rebuild_from_type_v2 as a trampoline",
      value: P.call(
        P.global("torch._tensor", "_rebuild_from_type_v2"), P.global("os", "system"),
        P.global("torch", "Tensor"), P.tuple(P.text("id")), P.none),
      global: "os.system"),
    Attack(
      name: "copyreg._reconstructor over a class that does things",
      value: P.call(
        P.global("copyreg", "_reconstructor"), P.global("subprocess", "Popen"),
        P.global("builtins", "object"), P.none),
      global: "subprocess.Popen"),
    Attack(
      name: "NEWOBJ",
      value: P.global("subprocess", "Popen") + P.tuple(P.text("id")) + [0x81],
      global: "subprocess.Popen"),
    Attack(
      name: "INST",
      value: P.ascii("(") + P.text("id") + P.ascii("ios\nsystem\n"), global: "os.system"),
    Attack(
      name: "OBJ",
      value: P.ascii("(") + P.global("os", "system") + P.text("id") + P.ascii("o"),
      global: "os.system"),
    Attack(
      name: "NEWOBJ_EX",
      value: P.global("subprocess", "Popen") + P.tuple(P.text("id")) + P.ascii("}") + [0x92],
      global: "subprocess.Popen"),
    Attack(
      name: "BUILD with a state for __setstate__ of a class that is not data",
      value: P.call(P.global("torch.package", "PackageImporter")) + P.text("x") + P.ascii("b"),
      global: "torch.package.PackageImporter"),
    Attack(
      name: "getattr over a module that is data",
      value: P.call(
        P.global("builtins", "getattr"), P.global("torch", "Tensor"), P.text("__dict__")),
      global: "builtins.getattr"),
    Attack(
      name: "torch.load of bytes in the pickle",
      value: P.call(
        P.global("torch.storage", "_load_from_bytes"),
        P.call(P.global("_codecs", "encode"), P.text("\u{80}\u{2}cos\nsystem\n"), P.text("latin1"))),
      global: "torch.storage._load_from_bytes"),
    Attack(
      name: "in a dictionary's key",
      value: P.ascii("}") + P.global("os", "system") + P.none
        + P.ascii("s"), global: "os.system"),
    Attack(
      name: "in the attributes of a tensor's dictionary",
      value: P.orderedDictionary + P.dictionary(["x": P.call(P.global("os", "system"))])
        + P.ascii("b"), global: "os.system"),
    Attack(
      name: "behind a duplicate key, where Python goes on",
      value: P.call(P.global("os", "system")) + P.ascii("0")
        + P.dictionary(["a": P.none, "a": P.none]), global: "os.system"),
  ]

  private func expectRefusal(_ file: ByteRegion, _ attack: Attack, skipsUnknown: Bool = false) {
    for skips in [false, true] {
      let options = TorchReadingOptions(skipsUnknownGlobals: skips)
      let error = failure { () throws(TorchError) in try TorchFile(file, options: options) }
      #expect(error?.category == .invalidInput, "\(skips)")
    }
    let scan = TorchScan(file)
    #expect(
      scan.globals.contains {
        $0.qualifiedName == renamed(attack.global) && $0.verdict == .dangerous
          || $0.qualifiedName == attack.global && $0.verdict == .unknown
      }, "\(scan.globals.map(\.qualifiedName))")
  }

  private func renamed(_ global: String) -> String {
    for (old, new) in GlobalTables.renamedModules where global.hasPrefix(old + ".") {
      return new + global.dropFirst(old.count)
    }
    return global
  }

  @Test("a call is refused and named, even where unknown globals are skipped", arguments: calls)
  func called(_ attack: Attack) {
    let file = ZipBytes.archive(
      P.dictionary(["w": P.tensor(), "x": attack.value]),
      storages: ["0": floats(1, 2, 3, 4)])
    expectRefusal(file, attack)
    let scan = TorchScan(file)
    let call = scan.calls.first { $0.global.qualifiedName == renamed(attack.global) }
    #expect(call?.opcode == .reduce)
    #expect(call.map { $0.byteOffset > $0.global.byteOffset } == true)
    #expect(call?.global.reason.isEmpty == false)
  }

  @Test("a disguise does not help", arguments: disguises)
  func disguised(_ attack: Attack) {
    let file = ZipBytes.archive(attack.value, storages: ["0": floats(1, 2, 3, 4)])
    let error = failure { () throws(TorchError) in try TorchFile(file) }
    #expect(error?.category == .invalidInput)
    #expect(TorchScan(file).globals.contains { $0.qualifiedName == attack.global })
    #expect(
      TorchScan(file).failure != nil
        || TorchScan(file).globals.contains { $0.verdict != .data && $0.verdict != .inert })
  }

  @Test("in any of a legacy file's pickles")
  func legacy() throws {
    for name in ["body", "info", "keys"] {
      let file = try Fixtures.bytes("broken/legacy-\(name)-os-system.pth")
      #expect(failure { () throws(TorchError) in try TorchFile(file) } != nil)
      #expect(TorchScan(file).globals.contains { $0.qualifiedName == "os.system" })
    }
  }

  private static let sound = P.pickle(P.dictionary(["w": P.tensor()]))

  private func archive(_ others: [ZipBytes.Member]) -> ByteRegion {
    ZipBytes.archive(
      ZipBytes.members(Self.sound, storages: ["0": floats(1, 2, 3, 4)]) + others)
  }

  @Test(
    "in another record, by its name or by its bytes",
    arguments: [
      "a/other.pkl", "a/OTHER.PKL", "a/.data/extern.pickle", "a/data/1", "a/code/x.py",
      "a/code/x.debug_pkl", "a/no-extension",
    ])
  func otherRecords(name: String) {
    let attack = P.pickle(P.call(P.global("os", "system"), P.text("id")))
    for isDeflated in [false, true] {
      var member = ZipBytes.Member(name, attack)
      if isDeflated {
        member.method = 8
        member.raw = ZipBytes.deflateStream(attack)
      }
      let file = archive([member])
      let error = failure { () throws(TorchError) in try TorchFile(file) }
      #expect(error?.rule == "pickle-global")
      #expect(error?.place.record == name)
      let scan = TorchScan(file)
      #expect(
        scan.globals.contains {
          $0.qualifiedName == "os.system" && $0.record == name && $0.byteOffset == 2
        })
    }
  }

  @Test("harmless pickles, and other records, are no reason to refuse")
  func harmlessRecords() {
    let members = [
      ZipBytes.Member("a/other.pkl", P.pickle(P.call(P.global("collections", "OrderedDict")))),
      ZipBytes.Member("a/notes.txt", Array("class os:\n  system\n.".utf8)),
      ZipBytes.Member("a/data/7", [0x80, 0x02, 0x00, 0xFF]),
      ZipBytes.Member("a/code/x.debug_pkl", [0x80, 0x02, 0xFF]),
      ZipBytes.Member("a/empty.bin", []),
    ]
    let file = archive(members)
    #expect(failure { () throws(TorchError) in try TorchFile(file) } == nil)
    #expect(TorchScan(file).failure == nil)
  }

  @Test("a pickle in another record that cannot be read is not passed over")
  func brokenRecord() {
    // Python runs the call before it comes to what is wrong.
    let broken = P.pickle(P.dictionary(["a": P.none, "a": P.none]))
    let file = archive([ZipBytes.Member("a/other.pkl", broken)])
    #expect(failure { () throws(TorchError) in try TorchFile(file) }?.place.record == "a/other.pkl")
    #expect(TorchScan(file).failure?.place.record == "a/other.pkl")
  }

  @Test("calls are listed with their places")
  func listsCalls() {
    let scan = TorchScan(archive([]))
    #expect(scan.calls.map(\.global.globalName.name) == ["OrderedDict", "_rebuild_tensor_v2"])
    #expect(scan.calls.allSatisfy { $0.record == "a/data.pkl" && $0.opcode == .reduce })
    #expect(scan.globals.allSatisfy { $0.reason == "what tensors and plain values are made of" })
  }
}
