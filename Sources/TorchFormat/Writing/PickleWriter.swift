import ByteIO

/// Writes the part of pickle protocol 2 that a state dict needs, as CPython's pickler does: what it
/// would memoize is memoized here under the same numbers.
struct PickleWriter {
  /// Entries that one SETITEMS takes (`_BATCHSIZE`).
  private static let batchCount = 1000

  /// What has been written.
  private(set) var bytes: [UInt8] = []
  private var memoCount: UInt32 = 0
  private var memoByShared: [String: UInt32] = [:]

  /// Starts a pickle.
  init() {
    write(.proto)
    bytes.append(2)
  }

  /// Ends the pickle, whose value is the one on the stack.
  mutating func stop() { write(.stop) }

  private mutating func write(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  /// Memoizes the value on top of the stack; returns the number to fetch it by.
  @discardableResult
  private mutating func memoize() -> UInt32 {
    let number = memoCount
    memoCount += 1
    writeMemo(number, short: .binput, long: .longBinput)
    return number
  }

  private mutating func writeMemo(_ number: UInt32, short: PickleOpcode, long: PickleOpcode) {
    if let byte = UInt8(exactly: number) {
      write(short)
      bytes.append(byte)
    } else {
      write(long)
      bytes.appendLittleEndian(number)
    }
  }

  /// Writes a value once, and later only its number; `key` identifies the value.
  private mutating func shared(_ key: String, _ write: (inout PickleWriter) -> Void) {
    if let number = memoByShared[key] {
      writeMemo(number, short: .binget, long: .longBinget)
    } else {
      write(&self)
      memoByShared[key] = memoize()
    }
  }

  /// A class or function.
  mutating func global(_ global: GlobalName) {
    shared("global \(global.module) \(global.name)") {
      $0.write(.global)
      $0.bytes.append(utf8: "\(global.module)\n\(global.name)\n")
    }
  }

  /// A string that is not used again.
  mutating func string(_ text: String) {
    writeString(text)
    memoize()
  }

  /// A string that is used repeatedly.
  mutating func sharedString(_ text: String) {
    shared("string \(text)") { $0.writeString(text) }
  }

  private mutating func writeString(_ text: String) {
    write(.binunicode)
    bytes.appendLittleEndian(UInt32(clamping: text.utf8.count))
    bytes.append(utf8: text)
  }

  /// A whole number that is not negative.
  mutating func integer(_ value: Int) {
    if let byte = UInt8(exactly: value) {
      write(.binint1)
      bytes.append(byte)
    } else if let short = UInt16(exactly: value) {
      write(.binint2)
      bytes.appendLittleEndian(short)
    } else if let word = Int32(exactly: value) {
      write(.binint)
      bytes.appendLittleEndian(word)
    } else {
      // Two's complement in as few bytes as keep the sign.
      let byteCount = (Int.bitWidth - value.leadingZeroBitCount) / 8 + 1
      write(.long1)
      bytes.append(UInt8(byteCount))
      for byte in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
  }

  /// False.
  mutating func newFalse() { write(.newfalse) }

  /// A tuple of whole numbers.
  mutating func integers(_ values: [Int]) {
    tuple(count: values.count) { writer in
      for value in values { writer.integer(value) }
    }
  }

  /// A tuple of the `count` values that `elements` writes.
  mutating func tuple(count: Int, _ elements: (inout PickleWriter) -> Void) {
    if count > 3 { write(.mark) }
    elements(&self)
    switch count {
    case 0: return write(.emptyTuple)
    case 1: write(.tuple1)
    case 2: write(.tuple2)
    case 3: write(.tuple3)
    default: write(.tuple)
    }
    memoize()
  }

  /// Turns the tuple on the stack, a persistent id, into what it refers to: a storage.
  mutating func persistentID() { write(.binpersid) }

  /// Calls the function below the tuple on the stack.
  mutating func reduce() {
    write(.reduce)
    memoize()
  }

  /// An empty `OrderedDict`.
  mutating func orderedDictionary() {
    global(GlobalName(module: "collections", name: "OrderedDict"))
    write(.emptyTuple)
    reduce()
  }

  /// A dictionary with one entry.
  mutating func dictionary(key: String, _ value: (inout PickleWriter) -> Void) {
    write(.emptyDict)
    memoize()
    string(key)
    value(&self)
    write(.setitem)
  }

  /// Sets the entries of the dictionary on the stack.
  ///
  /// - Parameter entry: writes the key and the value of the entry at an index.
  mutating func setItems(count: Int, _ entry: (inout PickleWriter, _ index: Int) -> Void) {
    for start in stride(from: 0, to: count, by: Self.batchCount) {
      let batch = start..<min(start + Self.batchCount, count)
      if batch.count > 1 { write(.mark) }
      for index in batch { entry(&self, index) }
      write(batch.count > 1 ? .setitems : .setitem)
    }
  }
}
