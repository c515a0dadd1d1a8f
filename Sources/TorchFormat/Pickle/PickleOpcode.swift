/// The opcodes of Python's pickle, protocols 0 to 5 (`Lib/pickletools.py`).
public enum PickleOpcode: UInt8, CaseIterable, Sendable {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case binbytes = 0x42
  case shortBinbytes = 0x43
  case float = 0x46
  case binfloat = 0x47
  case int = 0x49
  case binint = 0x4A
  case binint1 = 0x4B
  case long = 0x4C
  case binint2 = 0x4D
  case none = 0x4E
  case persid = 0x50
  case binpersid = 0x51
  case reduce = 0x52
  case string = 0x53
  case binstring = 0x54
  case shortBinstring = 0x55
  case unicode = 0x56
  case binunicode = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case dict = 0x64
  case appends = 0x65
  case get = 0x67
  case binget = 0x68
  case inst = 0x69
  case longBinget = 0x6A
  case list = 0x6C
  case obj = 0x6F
  case put = 0x70
  case binput = 0x71
  case longBinput = 0x72
  case setitem = 0x73
  case tuple = 0x74
  case setitems = 0x75
  case emptyDict = 0x7D
  case proto = 0x80
  case newobj = 0x81
  case ext1 = 0x82
  case ext2 = 0x83
  case ext4 = 0x84
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newtrue = 0x88
  case newfalse = 0x89
  case long1 = 0x8A
  case long4 = 0x8B
  case shortBinunicode = 0x8C
  case binunicode8 = 0x8D
  case binbytes8 = 0x8E
  case emptySet = 0x8F
  case additems = 0x90
  case frozenset = 0x91
  case newobjEx = 0x92
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  case bytearray8 = 0x96
  case nextBuffer = 0x97
  case readonlyBuffer = 0x98

  /// The opcode's name in `pickletools`: `SHORT_BINUNICODE`.
  public var name: String {
    var name = ""
    for scalar in "\(self)".unicodeScalars {
      if scalar.properties.isUppercase { name += "_" }
      name += scalar.properties.uppercaseMapping
    }
    return name
  }
}
