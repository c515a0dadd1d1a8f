/// What follows an opcode in a pickle's bytes (`Lib/pickletools.py`).
enum PickleOperand {
  case nothing
  case bytes(Int)
  /// Up to a line feed.
  case line
  case twoLines
  /// A count in so many bytes, followed by as many bytes as it says.
  case counted(Int)
}

/// What an opcode does to the stack and the memo, as far as names of globals are concerned.
enum SweptEffect {
  case nothing
  /// Takes values, and puts one that is not a text in their place.
  case replace(Int)
  case pushText
  /// A text between quotation marks.
  case pushQuotedText
  /// Takes a value, or the latest mark if there is none above it.
  case drop
  /// Takes a value, which is added to the one below.
  case addValue
  /// Takes a value, which becomes the state of the one below.
  case setState
  case pushMark
  /// Takes what is above the latest mark.
  case dropToMark
  /// Takes what is above the latest mark, which is added to the value below.
  case addToMark
  case replaceToMark
  case put, putMemoized, get
  case duplicate
  case pushGlobal, pushGlobalFromStack
  /// Calls what is below so many values.
  case call(Int)
  /// Calls a global by name, or the value above the mark, with what is above it.
  case callByName, callAboveMark
  case stop
}

/// An opcode as a sweep sees it: unlike `PickleMachine`, a sweep knows all opcodes that Python
/// does.
struct SweptOpcode {
  let operand: PickleOperand
  let effect: SweptEffect

  /// By the opcode's byte; `nil` for bytes that are not opcodes.
  static let byByte: [SweptOpcode?] = {
    var table = [SweptOpcode?](repeating: nil, count: 256)
    for (opcode, operand, effect) in rows {
      table[Int(opcode.rawValue)] = SweptOpcode(operand: operand, effect: effect)
    }
    return table
  }()

  static let rows: [(PickleOpcode, PickleOperand, SweptEffect)] = [
    (.mark, .nothing, .pushMark), (.stop, .nothing, .stop), (.pop, .nothing, .drop),
    (.popMark, .nothing, .dropToMark), (.dup, .nothing, .duplicate),
    (.proto, .bytes(1), .nothing), (.frame, .bytes(8), .nothing),

    (.none, .nothing, .replace(0)), (.newtrue, .nothing, .replace(0)),
    (.newfalse, .nothing, .replace(0)), (.int, .line, .replace(0)), (.long, .line, .replace(0)),
    (.float, .line, .replace(0)), (.binint, .bytes(4), .replace(0)),
    (.binint1, .bytes(1), .replace(0)), (.binint2, .bytes(2), .replace(0)),
    (.binfloat, .bytes(8), .replace(0)), (.long1, .counted(1), .replace(0)),
    (.long4, .counted(4), .replace(0)), (.nextBuffer, .nothing, .replace(0)),
    (.readonlyBuffer, .nothing, .nothing),

    (.shortBinunicode, .counted(1), .pushText), (.binunicode, .counted(4), .pushText),
    (.binunicode8, .counted(8), .pushText), (.unicode, .line, .pushText),
    (.string, .line, .pushQuotedText), (.shortBinstring, .counted(1), .pushText),
    (.binstring, .counted(4), .pushText), (.shortBinbytes, .counted(1), .pushText),
    (.binbytes, .counted(4), .pushText), (.binbytes8, .counted(8), .pushText),
    (.bytearray8, .counted(8), .pushText),

    (.emptyTuple, .nothing, .replace(0)), (.emptyList, .nothing, .replace(0)),
    (.emptyDict, .nothing, .replace(0)), (.emptySet, .nothing, .replace(0)),
    (.tuple1, .nothing, .replace(1)), (.tuple2, .nothing, .replace(2)),
    (.tuple3, .nothing, .replace(3)), (.tuple, .nothing, .replaceToMark),
    (.list, .nothing, .replaceToMark), (.dict, .nothing, .replaceToMark),
    (.frozenset, .nothing, .replaceToMark), (.append, .nothing, .addValue),
    (.appends, .nothing, .addToMark), (.additems, .nothing, .addToMark),
    (.setitem, .nothing, .replace(3)), (.setitems, .nothing, .addToMark),
    (.build, .nothing, .setState),

    (.put, .line, .put), (.binput, .bytes(1), .put), (.longBinput, .bytes(4), .put),
    (.memoize, .nothing, .putMemoized), (.get, .line, .get), (.binget, .bytes(1), .get),
    (.longBinget, .bytes(4), .get),

    // Storages, tensors and classes: no program is known to have texts for them.
    (.persid, .line, .replace(0)), (.binpersid, .nothing, .replace(1)),
    (.ext1, .bytes(1), .replace(0)), (.ext2, .bytes(2), .replace(0)),
    (.ext4, .bytes(4), .replace(0)),

    (.global, .twoLines, .pushGlobal), (.stackGlobal, .nothing, .pushGlobalFromStack),
    (.reduce, .nothing, .call(1)), (.newobj, .nothing, .call(1)),
    (.newobjEx, .nothing, .call(2)), (.obj, .nothing, .callAboveMark),
    (.inst, .twoLines, .callByName),
  ]
}
