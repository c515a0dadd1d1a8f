import ByteIO

/// Lists what a pickle asks for where `PickleMachine` gives up: after an opcode that is refused, in
/// a second pickle, in bytes that are not a checkpoint.
///
/// It follows all opcodes that Python knows, regardless of whether their operands make sense, up to
/// STOP or to a byte that is not an opcode, and keeps only what names globals. It makes no values,
/// and its work and memory are in proportion to the bytes.
struct PickleSweep {
  /// Whether anything is called, or given a state.
  private(set) var acts = false
  /// The byte after STOP; `nil` if there is none.
  private(set) var end: Int?
  /// The byte at which the sweep ended.
  private(set) var offset: Int
  /// The last byte that was looked at, which is after `offset` if an operand has no end.
  private(set) var reach: Int
  /// What the sweep cost besides going over the bytes, in bytes that could have been gone over in
  /// that time.
  private(set) var noteCost = 0
  /// Whether the sweep ended because an operand extends past the bytes.
  private(set) var isCut = false

  private let region: ByteRegion
  /// What is before this has been let go of, because files are large.
  private var keptOffset: Int
  private var stack = SweepStack()
  private var memo = SweepMemo()
  private var uses: NotedUses
  private var names = SweptNames()

  /// The globals, in order.
  var globals: [GlobalUse] { uses.globals }
  /// The calls of these globals, in order.
  var calls: [CallUse] { uses.calls }

  /// Lists what the pickle at `start` asks for.
  init(_ region: ByteRegion, from start: Int = 0, record: String?) {
    self.region = region
    offset = max(0, start)
    reach = offset
    keptOffset = offset
    uses = NotedUses(record: record)
    run()
  }

  /// Lists what another pickle, which follows this one, asks for.
  mutating func restart(at start: Int) {
    offset = start
    reach = start
    end = nil
    noteCost = 0
    acts = false
    isCut = false
    stack.reset()
    memo.reset()
    uses.reset()
    names.reset()
    run()
  }

  private mutating func run() {
    region.withUnsafeBytes { bytes in
      while end == nil, step(bytes) {}
    }
    reach = max(reach, offset)
    noteCost += names.byteCount
  }

  /// What it costs to store a value, and to note a global or a call.
  private static let storeCost = 16
  private static let useCost = 256

  /// Goes over one opcode; returns false if there is none.
  private mutating func step(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard offset < bytes.count, let opcode = PickleOpcode(rawValue: bytes[offset]),
      let swept = SweptOpcode.byByte[Int(opcode.rawValue)]
    else { return false }
    let opcodeOffset = offset
    guard let operand = SweptOperand(swept.operand, region, from: offset + 1) else {
      isCut = true
      if swept.operand.hasLines { reach = bytes.count }
      return false
    }
    isCut = operand.end == bytes.count && swept.operand.hasLines
    offset = operand.end
    guard apply(swept.effect, opcode, at: opcodeOffset, operand.content, bytes) else {
      return false
    }
    if offset - keptOffset >= ByteRegion.pieceByteCount {
      region.slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
      keptOffset = offset
    }
    return true
  }

  /// Returns false if the stack does not have what the opcode takes: every reader stops there.
  private mutating func apply(
    _ effect: SweptEffect, _ opcode: PickleOpcode, at opcodeOffset: Int, _ operand: Range<Int>,
    _ bytes: UnsafeRawBufferPointer
  ) -> Bool {
    switch effect {
    case .nothing: break
    case .replace(let count):
      guard stack.has(count) else { return false }
      stack.replace(count, by: .plain)
    case .pushText: stack.push(.text(operand, opcode == .unicode ? .unicodeEscapes : .plain))
    case .pushQuotedText:
      stack.push(
        .text(operand.count >= 2 ? operand.dropFirst().dropLast() : operand, .byteEscapes))
    case .drop:
      guard stack.has(1) || stack.endsWithMark else { return false }
      _ = stack.pop()
    case .addValue:
      guard stack.has(2) else { return false }
      _ = stack.pop()
    case .setState:
      guard stack.has(2) else { return false }
      _ = stack.pop()
      acts = true
    case .pushMark: stack.push(.mark)
    case .dropToMark:
      guard stack.hasMark else { return false }
      _ = stack.popToMark()
    case .addToMark:
      guard stack.hasMark else { return false }
      _ = stack.popToMark()
      return stack.has(1)
    case .replaceToMark:
      guard stack.hasMark else { return false }
      _ = stack.popToMark()
      stack.push(.plain)
    case .put:
      guard stack.has(1) else { return false }
      store(at: place(opcode, operand, bytes))
    case .putMemoized:
      guard stack.has(1) else { return false }
      store(at: memo.count)
    case .get:
      let place = place(opcode, operand, bytes)
      stack.push(memo.value(at: place))
    case .duplicate:
      guard stack.has(1) else { return false }
      stack.push(stack.top ?? .plain)
    case .pushGlobal:
      let names = lines(operand, bytes)
      stack.push(note(names.module, names.name, at: opcodeOffset))
    case .pushGlobalFromStack:
      guard stack.has(2) else { return false }
      let (name, module) = (stack.pop(), stack.pop())
      stack.push(note(self.name(module, bytes), self.name(name, bytes), at: opcodeOffset))
    case .call(let argumentCount):
      guard stack.has(argumentCount + 1) else { return false }
      let callee = stack.value(below: argumentCount)
      stack.replace(argumentCount + 1, by: .other)
      noteCall(callee, opcode, at: opcodeOffset)
    case .callByName:
      let names = lines(operand, bytes)
      // Python's own reader looks the name up before it takes the arguments.
      let callee = note(names.module, names.name, at: opcodeOffset)
      guard stack.hasMark else { return false }
      _ = stack.popToMark()
      noteCall(callee, opcode, at: opcodeOffset)
      stack.push(.other)
    case .callAboveMark:
      guard stack.hasMark, stack.has(1) else { return false }
      noteCall(stack.popToMark(), opcode, at: opcodeOffset)
      stack.push(.other)
    case .stop: end = offset
    }
    return true
  }

  /// What a value says as a module or name; `nil` if it cannot be one.
  private mutating func name(
    _ value: SweepStack.Value?, _ bytes: UnsafeRawBufferPointer
  ) -> SweptName? {
    switch value {
    case .text(let range, let form): names.name(bytes, range, form)
    case .other: .computed
    case nil: stack.isCut ? .computed : nil
    case .plain, .mark, .global: nil
    }
  }

  private mutating func store(at place: Int) {
    noteCost += Self.storeCost
    memo.store(stack.top ?? .plain, at: place)
  }

  /// The number of a place in the memo.
  private mutating func place(
    _ opcode: PickleOpcode, _ operand: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) -> Int {
    opcode == .put || opcode == .get
      ? memo.place(bytes[operand]) : SweptOperand.number(region, operand)
  }

  private func lines(
    _ operand: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) -> (module: SweptName?, name: SweptName?) {
    let parts = bytes[operand].split(
      separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    // At the end of the bytes there may be no second line: an empty one to Python.
    let name =
      parts.count == 2
      ? parts[1].startIndex..<parts[1].endIndex : operand.upperBound..<operand.upperBound
    return (SweptName(bytes, parts[0].startIndex..<parts[0].endIndex), SweptName(bytes, name))
  }

  /// Notes a global, unless its module or name cannot be one: bytes that are not a pickle look like
  /// GLOBAL at times. Any module may be asked for any name, and may look it up in its own way.
  private mutating func note(
    _ module: SweptName?, _ name: SweptName?, at offset: Int
  ) -> SweepStack.Value {
    // Python stops here, because it accepts only texts.
    guard let module, let name else { return .plain }
    guard module.isPrintable, name.isPrintable || module.text.string.isPythonPath else {
      return .other
    }
    noteCost += Self.useCost
    return .global(uses.add(GlobalName(module.text, name.text), at: offset).index)
  }

  private mutating func noteCall(
    _ callee: SweepStack.Value?, _ opcode: PickleOpcode, at offset: Int
  ) {
    acts = true
    guard case .global(let index)? = callee else { return }
    noteCost += Self.useCost
    uses.addCall(ofUse: index, opcode, at: offset)
  }
}
