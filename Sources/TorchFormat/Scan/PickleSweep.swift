import ByteIO

/// Lists what a pickle asks for where `PickleMachine` gives up: behind an opcode that is refused,
/// in a second pickle, in bytes that are no checkpoint.
///
/// It follows all opcodes that Python knows, without regard for whether their operands make sense,
/// up to STOP or to a byte that is no opcode, and keeps only what names globals. It makes no
/// values, and its work and memory are in proportion to the bytes.
struct PickleSweep {
  /// A value on the stack, as far as it can name a global.
  private enum Value {
    /// What is no text: numbers, tuples, lists.
    case plain
    /// What may be anything, for it is what a call gives, or no longer kept.
    case other
    case mark
    /// A text, by where it lies in the bytes, and how it is written.
    case text(Range<Int>, SweptText)
    /// An index into the uses that are noted.
    case global(Int)
  }

  /// The globals, in order.
  private(set) var globals: [GlobalUse] = []
  /// The calls of these globals, in order.
  private(set) var calls: [CallUse] = []
  /// Whether anything is called, or given a state.
  private(set) var acts = false
  /// The byte behind STOP; `nil` where there is none.
  private(set) var end: Int?
  /// The byte at which the sweep ended.
  private(set) var offset: Int
  /// The last byte that was looked at, which lies behind `offset` where an operand has no end.
  private(set) var reach: Int
  /// What it took beside going over the bytes, in bytes that could have been gone over meanwhile.
  private(set) var noteCost = 0
  /// Whether the sweep ended because an operand goes on behind the bytes.
  private(set) var isCut = false

  private let region: ByteRegion
  /// What lies before is let go of: files are large.
  private var keptOffset: Int
  private var stack: [Value] = []
  /// Whether values at the bottom of the stack are no longer kept.
  private var isStackCut = false
  private var memo: [Int: Value] = [:]
  /// Whether a place in the memo was named in a way that readers take differently: what is fetched
  /// from then on may be anything.
  private var isMemoUncertain = false
  private var uses: NotedUses
  private var names = SweptNames()

  /// Lists what the pickle at `start` asks for.
  init(_ region: ByteRegion, from start: Int = 0, record: String?) {
    self.region = region
    offset = max(0, start)
    reach = offset
    keptOffset = offset
    uses = NotedUses(record: record)
    region.withUnsafeBytes { bytes in
      while end == nil, step(bytes) {}
    }
    reach = max(reach, offset)
    noteCost += names.byteCount
    globals = uses.globals
    calls = uses.calls
    // What was needed underway is let go of.
    stack = []
    memo = [:]
    names = SweptNames()
    uses = NotedUses(record: record)
  }

  /// What it costs to store a value, and to note a global or a call.
  private static let storeCost = 16
  private static let useCost = 256

  /// How much of the stack and the memo is kept: each value takes an opcode.
  private static let valueLimit = 1 << 20

  /// Goes over one opcode; false where there is none.
  private mutating func step(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard offset < bytes.count, let opcode = PickleOpcode(rawValue: bytes[offset]),
      let swept = SweptOpcode.byByte[Int(opcode.rawValue)]
    else { return false }
    let opcodeOffset = offset
    guard let operand = operand(swept.operand, bytes, from: offset + 1) else {
      isCut = true
      return false
    }
    offset = operand.end
    apply(swept.effect, opcode, at: opcodeOffset, operand.content, bytes)
    if stack.count > Self.valueLimit {
      stack.removeFirst(Self.valueLimit / 2)
      isStackCut = true
    }
    if offset - keptOffset >= ByteRegion.pieceByteCount {
      region.slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
      keptOffset = offset
    }
    return true
  }

  /// The bytes that belong to an opcode, and where the next one begins.
  private mutating func operand(
    _ operand: PickleOperand, _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> (content: Range<Int>, end: Int)? {
    switch operand {
    case .nothing: return (start..<start, start)
    case .bytes(let count):
      guard count <= bytes.count - start else { return nil }
      return (start..<start + count, start + count)
    case .line:
      guard let line = line(bytes, from: start) else { return nil }
      return (line, line.upperBound + 1)
    case .twoLines:
      guard let first = line(bytes, from: start),
        let second = line(bytes, from: first.upperBound + 1)
      else { return nil }
      return (start..<second.upperBound, second.upperBound + 1)
    case .counted(let width):
      guard width <= bytes.count - start else { return nil }
      let count = number(bytes, start..<start + width)
      guard count <= bytes.count - start - width else { return nil }
      return (start + width..<start + width + count, start + width + count)
    }
  }

  private mutating func line(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> Range<Int>? {
    guard let end = region.firstOffset(of: UInt8(ascii: "\n"), from: start) else {
      reach = bytes.count
      return nil
    }
    return start..<end
  }

  /// A little-endian number; one beyond `Int` is beyond the bytes, too.
  private func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
    var value: UInt64 = 0
    for byte in bytes[range].reversed() { value = value << 8 | UInt64(byte) }
    return Int(clamping: value)
  }

  private mutating func apply(
    _ effect: SweptEffect, _ opcode: PickleOpcode, at opcodeOffset: Int, _ operand: Range<Int>,
    _ bytes: UnsafeRawBufferPointer
  ) {
    switch effect {
    case .nothing: break
    case .replace(let count): replace(count, by: .plain)
    case .pushText: stack.append(.text(operand, opcode == .unicode ? .unicodeEscapes : .plain))
    case .pushQuotedText:
      stack.append(
        .text(operand.count >= 2 ? operand.dropFirst().dropLast() : operand, .byteEscapes))
    case .drop: _ = stack.popLast()
    case .setState:
      _ = stack.popLast()
      acts = true
    case .pushMark: stack.append(.mark)
    case .dropToMark: _ = popToMark()
    case .replaceToMark:
      _ = popToMark()
      stack.append(.plain)
    case .put: store(at: index(opcode, operand, bytes))
    case .putMemoized: store(at: memo.count)
    case .get:
      let value = memo[index(opcode, operand, bytes)]
      let isUncertain = isMemoUncertain || value == nil && memo.count >= Self.valueLimit
      stack.append(isUncertain ? .other : value ?? .plain)
    case .duplicate: stack.append(stack.last ?? (isStackCut ? .other : .plain))
    case .pushGlobal:
      let names = lines(operand, bytes)
      stack.append(note(names.module, names.name, at: opcodeOffset))
    case .pushGlobalFromStack:
      let (name, module) = (stack.popLast(), stack.popLast())
      stack.append(
        note(self.name(module, bytes), self.name(name, bytes), at: opcodeOffset))
    case .call(let argumentCount):
      let callee = stack.dropLast(argumentCount).last
      replace(argumentCount + 1, by: .other)
      noteCall(callee, opcode, at: opcodeOffset)
    case .callByName:
      let names = lines(operand, bytes)
      _ = popToMark()
      noteCall(note(names.module, names.name, at: opcodeOffset), opcode, at: opcodeOffset)
      stack.append(.other)
    case .callAboveMark:
      noteCall(popToMark(), opcode, at: opcodeOffset)
      stack.append(.other)
    case .stop: end = offset
    }
  }

  /// What a value says as a module or name; `nil` where it cannot be any.
  private mutating func name(_ value: Value?, _ bytes: UnsafeRawBufferPointer) -> SweptName? {
    switch value {
    case .text(let range, let form): names.name(bytes, range, form)
    case .other: .computed
    case nil: isStackCut ? .computed : nil
    case .plain, .mark, .global: nil
    }
  }

  private mutating func replace(_ count: Int, by value: Value) {
    stack.removeLast(min(count, stack.count))
    stack.append(value)
  }

  /// Takes what lies above the latest mark, and the mark; the lowest of the values.
  private mutating func popToMark() -> Value? {
    var first: Value?
    while let value = stack.popLast() {
      if case .mark = value { return first }
      first = value
    }
    return first
  }

  private mutating func store(at index: Int) {
    noteCost += Self.storeCost
    guard memo.count < Self.valueLimit || memo[index] != nil else { return }
    memo[index] = stack.last ?? (isStackCut ? .other : .plain)
  }

  /// The number of a place in the memo; -1 where a text is not just digits, as pickle writes it.
  /// One of Python's readers takes spaces, signs and underscores, and one ends at a NUL.
  private mutating func index(
    _ opcode: PickleOpcode, _ operand: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) -> Int {
    guard opcode == .put || opcode == .get else { return number(bytes, operand) }
    let digits = bytes[operand]
    guard !digits.isEmpty, digits.count <= Self.largestDigitCount,
      digits.allSatisfy(\.isASCIIDigit)
    else {
      isMemoUncertain = true
      return -1
    }
    return digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
  }

  /// The most digits that any number of a place has: all of them fit in 64 bits.
  private static let largestDigitCount = 18

  private func lines(
    _ operand: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) -> (module: SweptName?, name: SweptName?) {
    let parts = bytes[operand].split(
      separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return (nil, nil) }
    return (
      SweptName(bytes, parts[0].startIndex..<parts[0].endIndex),
      SweptName(bytes, parts[1].startIndex..<parts[1].endIndex)
    )
  }

  /// Notes a global, unless its names cannot be any: bytes that are no pickle look like GLOBAL at
  /// times. A module looks any name up, in its own way where it has one.
  private mutating func note(
    _ module: SweptName?, _ name: SweptName?, at offset: Int
  ) -> Value {
    // Python ends here, for it takes texts only.
    guard let module, let name else { return .plain }
    guard module.isPrintable, name.isPrintable || GlobalVerdict.isPath(module.text.string) else {
      return .other
    }
    noteCost += Self.useCost
    return .global(uses.add(module: module.text, name: name.text, at: offset).index)
  }

  private mutating func noteCall(_ callee: Value?, _ opcode: PickleOpcode, at offset: Int) {
    acts = true
    guard case .global(let index)? = callee else { return }
    noteCost += Self.useCost
    uses.addCall(ofUse: index, opcode, at: offset)
  }

  /// Whether it has nothing to list.
  var isEmpty: Bool { globals.isEmpty && calls.isEmpty }

  /// Leaves out what is listed already.
  mutating func keep(
    globals isNewGlobal: (GlobalUse) -> Bool, calls isNewCall: (CallUse) -> Bool
  ) {
    globals = globals.filter(isNewGlobal)
    calls = calls.filter(isNewCall)
  }
}
