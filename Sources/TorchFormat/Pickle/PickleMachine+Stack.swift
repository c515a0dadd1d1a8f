import ByteIO

extension PickleMachine {
  mutating func push(_ value: PickleValue) {
    // A call may also return it.
    if case .global(let global) = value, global.meaning == .function(.method) {
      lookups.pushed += 1
    }
    stack.append(value)
  }

  /// Takes the topmost value; values below the latest mark are out of reach, as in Python.
  mutating func pop(for opcode: PickleOpcode) throws(TorchError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw error(.stackEmpty(opcode))
    }
    return value
  }

  mutating func top(for opcode: PickleOpcode) throws(TorchError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw error(.stackEmpty(opcode))
    }
    return value
  }

  /// Notes how far the stack reaches. A container has one mark while it is filled, so marks are
  /// nested no deeper than values.
  mutating func pushMark() throws(TorchError) {
    guard marks.count <= limits.pickleDepth else {
      throw error(.tooDeep(limit: limits.pickleDepth))
    }
    marks.append(stack.count)
  }

  /// Takes the values above the latest mark, and the mark.
  mutating func popToMark(for opcode: PickleOpcode) throws(TorchError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw error(.markMissing(opcode)) }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  /// Takes a number of values, the lowest first.
  mutating func pop(
    count: Int, for opcode: PickleOpcode
  ) throws(TorchError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw error(.stackEmpty(opcode)) }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  mutating func pushTuple(_ items: [PickleValue]) {
    push(.tuple(items.isEmpty ? emptyTuple : arena.keep(PickleTuple(items))))
  }

  mutating func pushFromMemo(at index: Int) throws(TorchError) {
    guard let value = memo[index] else { throw error(.memoMissing(index: index)) }
    push(value)
  }
}
