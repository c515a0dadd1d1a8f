import ByteIO

extension PickleMachine {
  /// Executes an opcode other than STOP.
  mutating func execute(_ opcode: PickleOpcode) throws(TorchError) {
    switch opcode {
    case .proto: try readProtocol()
    case .frame: try beginFrame()
    case .stop: break

    case .none: push(.none)
    case .newtrue: push(.bool(true))
    case .newfalse: push(.bool(false))
    case .int, .long: push(try readDecimal(opcode))
    case .binint: push(.integer(Int(try reader.readInteger(Int32.self))))
    case .binint1: push(.integer(Int(try reader.readByte())))
    case .binint2: push(.integer(Int(try reader.readInteger(UInt16.self))))
    case .long1: push(try readLong(byteCount: Int(try reader.readByte())))
    case .long4: push(try readLong(byteCount: Int(try reader.readInteger(Int32.self))))
    case .binfloat: push(.float(try reader.readBigEndianFloat()))

    case .shortBinunicode: try pushText(byteCount: reader.readCount(UInt8.self))
    case .binunicode: try pushText(byteCount: reader.readCount(UInt32.self))
    case .binunicode8: try pushText(byteCount: reader.readCount(UInt64.self))
    case .shortBinstring: try pushPython2String(byteCount: reader.readCount(UInt8.self))
    case .binstring: try pushPython2String(byteCount: Int(reader.readInteger(Int32.self)))
    case .shortBinbytes: try pushBytes(byteCount: reader.readCount(UInt8.self))
    case .binbytes: try pushBytes(byteCount: reader.readCount(UInt32.self))
    case .binbytes8, .bytearray8: try pushBytes(byteCount: reader.readCount(UInt64.self))

    case .emptyTuple: push(.tuple(emptyTuple))
    case .tuple: pushTuple(try popToMark(for: opcode))
    case .tuple1: pushTuple(try pop(count: 1, for: opcode))
    case .tuple2: pushTuple(try pop(count: 2, for: opcode))
    case .tuple3: pushTuple(try pop(count: 3, for: opcode))
    case .emptyList: push(.list(arena.keep(PickleList([]))))
    case .emptyDict: push(.dictionary(arena.keep(PickleDictionary(isOrdered: false))))
    case .emptySet: push(.set(arena.keep(PickleSet([]))))
    case .frozenset:
      let items = try popToMark(for: opcode)
      try requireKeys(items)
      push(.set(arena.keep(PickleSet(items))))
    case .append: try append([try pop(for: opcode)], opcode)
    case .appends: try append(try popToMark(for: opcode), opcode)
    case .additems: try addToSet(try popToMark(for: opcode), opcode)
    case .setitem: try setItems(try pop(count: 2, for: opcode), opcode)
    case .setitems: try setItems(try popToMark(for: opcode), opcode)

    case .mark: try pushMark()
    case .pop: try popValueOrMark(opcode)
    case .popMark: _ = try popToMark(for: opcode)
    case .binput: memo.store(try top(for: opcode), at: Int(try reader.readByte()))
    case .longBinput: memo.store(try top(for: opcode), at: try reader.readCount(UInt32.self))
    case .memoize: memo.store(try top(for: opcode), at: memo.count)
    case .binget: try pushFromMemo(at: Int(reader.readByte()))
    case .longBinget: try pushFromMemo(at: reader.readCount(UInt32.self))

    case .global: try pushGlobalFromLines()
    case .stackGlobal: try pushGlobalFromStack(opcode)
    case .reduce, .newobj: try call(opcode)
    case .build: try build(opcode)
    case .binpersid: try pushStorage(opcode)

    case .inst:
      // The name is listed, so that a scan shows what was asked for.
      _ = try global(module: reader.readLine(), name: reader.readLine())
      throw error(.opcodeRefused(opcode))
    case .obj, .newobjEx, .ext1, .ext2, .ext4, .persid, .nextBuffer, .readonlyBuffer, .dup,
      .string, .unicode, .float, .put, .get, .dict, .list:
      throw error(.opcodeRefused(opcode))
    }
  }

  private mutating func popValueOrMark(_ opcode: PickleOpcode) throws(TorchError) {
    if marks.last == stack.count {
      marks.removeLast()
    } else {
      _ = try pop(for: opcode)
    }
  }

  private mutating func readDecimal(_ opcode: PickleOpcode) throws(TorchError) -> PickleValue {
    var digits = try reader.readLine()[...]
    if opcode == .int && digits.elementsEqual([0x30, 0x30]) { return .bool(false) }
    if opcode == .int && digits.elementsEqual([0x30, 0x31]) { return .bool(true) }
    if opcode == .long && digits.last == UInt8(ascii: "L") { digits = digits.dropLast() }
    guard let value = PickleNumbers.integer(decimal: digits) else {
      throw error(.numberMalformed)
    }
    return value
  }

  private mutating func readLong(byteCount: Int) throws(TorchError) -> PickleValue {
    guard byteCount >= 0 else { throw error(.numberMalformed) }
    let bytes = try reader.read(byteCount: byteCount)
    guard byteCount <= limits.pickleIntegerByteCount else {
      throw error(.integerTooLong(byteCount: byteCount, limit: limits.pickleIntegerByteCount))
    }
    return PickleNumbers.integer(twosComplement: bytes)
  }

  private mutating func pushText(byteCount: Int) throws(TorchError) {
    push(.text(try reader.readText(byteCount: byteCount)))
  }

  private mutating func pushBytes(byteCount: Int) throws(TorchError) {
    push(.bytes(Array(try reader.read(byteCount: byteCount))))
  }

  /// Python 2's strings are text or bytes; PyTorch treats them as UTF-8.
  private mutating func pushPython2String(byteCount: Int) throws(TorchError) {
    guard byteCount >= 0 else { throw error(.numberMalformed) }
    let start = reader.offset
    let bytes = try reader.read(byteCount: byteCount)
    guard let text = String(validatingUTF8: bytes) else { return push(.bytes(Array(bytes))) }
    push(.text(try reader.checked(text, at: start)))
  }
}
