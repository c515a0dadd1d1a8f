extension GlobalTables {
  /// Modules, including all below them, that can run code, read or write files, or reach the
  /// network.
  ///
  /// The list only decides what `--skip-unknown` still refuses: what is not known is refused
  /// anyway.
  static let dangerousModules: ModuleSet = [
    "_aix_support", "_ctypes", "_io", "_operator", "_osx_support", "_pickle", "_posixsubprocess",
    "_pyrepl", "_sitebuiltins", "_thread", "_winapi", "aiohttp", "antigravity", "asyncio", "atexit",
    "bdb", "cffi", "cloudpickle", "code", "codecs", "codeop", "compileall", "concurrent",
    "configparser", "contextlib", "copyreg", "cProfile", "ctypes", "dbm", "dill", "distutils",
    "doctest", "ensurepip", "fileinput", "ftplib", "functools", "gc", "getpass", "glob", "http",
    "hydra", "idlelib", "imaplib", "imp", "importlib", "inspect", "io", "ipaddress", "IPython",
    "itertools", "joblib", "lib2to3", "linecache", "logging", "mailcap", "marshal", "mmap",
    "modulefinder", "msvcrt", "multiprocessing", "nt", "ntpath", "numpy.ctypeslib",
    "numpy.distutils", "numpy.f2py", "numpy.lib", "numpy.testing", "operator", "os", "pandas",
    "pdb", "pickle", "pickletools", "pip", "pkg_resources", "pkgutil", "platform", "popen2",
    "poplib", "posix", "posixpath", "profile", "pstats", "pty", "py_compile", "pydoc", "readline",
    "requests", "resource", "runpy", "sched", "select", "selectors", "setuptools", "shelve",
    "shlex", "shutil", "signal", "site", "smtplib", "socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "symtable", "sys", "sysconfig", "tarfile", "telnetlib", "tempfile", "test",
    "thread", "threading", "timeit", "tkinter", "torch._C", "torch._dynamo", "torch._inductor",
    "torch._ops", "torch.classes", "torch.distributed", "torch.fx", "torch.hub", "torch.jit",
    "torch.multiprocessing", "torch.ops", "torch.package", "torch.serialization", "torch.storage",
    "torch.testing", "torch.utils", "trace", "turtle", "types", "unittest", "urllib", "urllib2",
    "urllib3", "venv", "weakref", "webbrowser", "winreg", "xmlrpc", "yaml", "zipapp", "zipfile",
    "zipimport",
  ]

  /// Modules within `torch.distributed` that describe tensors and run nothing.
  static let distributedTensorModules: ModuleSet = [
    "torch.distributed._mesh_layout", "torch.distributed._tensor", "torch.distributed.device_mesh",
    "torch.distributed.tensor",
  ]

  /// Single globals of the same kind in modules that also hold harmless ones.
  static let dangerous: [String: Set<String>] = [
    "builtins": [
      "__build_class__", "__import__", "apply", "breakpoint", "classmethod", "compile", "delattr",
      "dir", "eval", "exec", "execfile", "exit", "file", "filter", "getattr", "globals", "hasattr",
      "help", "input", "locals", "map", "memoryview", "open", "print", "property", "quit",
      "raw_input", "reduce", "reload", "setattr", "staticmethod", "super", "type", "vars",
    ],
    "numpy": [
      "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "save", "savetxt", "vectorize",
    ],
    "torch": ["compile", "from_file", "load", "save"],
    "uuid": ["_get_command_stdout", "_popen", "os", "sys"],
  ]
}
