import ByteIO

extension PickleMachine {
  mutating func pushGlobalFromLines() throws(TorchError) {
    push(.global(try global(module: reader.readLine(), name: reader.readLine())))
  }

  mutating func global(
    module: UnsafeRawBufferPointer, name: UnsafeRawBufferPointer
  ) throws(TorchError) -> PickleGlobal {
    // Names that are not ASCII are refused for their characters, so repairing them for the message
    // does no harm.
    try use(
      GlobalName(
        module: String(decoding: module, as: UTF8.self),
        name: String(decoding: name, as: UTF8.self)))
  }

  mutating func pushGlobalFromStack(_ opcode: PickleOpcode) throws(TorchError) {
    let name = try pop(for: opcode)
    let module = try pop(for: opcode)
    guard case .text(let name) = name else {
      throw error(.wrongOperand(opcode, found: name.kind))
    }
    guard case .text(let module) = module else {
      throw error(.wrongOperand(opcode, found: module.kind))
    }
    // The same limit as on lines: each use compares the texts as a whole.
    guard max(module.utf8.count, name.utf8.count) <= limits.pickleLineByteCount else {
      throw error(.lineTooLong(limit: limits.pickleLineByteCount))
    }
    try countCopy(byteCount: module.utf8.count + name.utf8.count)
    push(.global(try use(GlobalName(module: module, name: name))))
  }

  /// REDUCE and NEWOBJ: both give a class or function its arguments.
  mutating func call(_ opcode: PickleOpcode) throws(TorchError) {
    let arguments = try pop(for: opcode)
    let callee = try pop(for: opcode)
    guard case .tuple(let arguments) = arguments else {
      throw error(.wrongOperand(opcode, found: arguments.kind))
    }
    guard case .global(let global) = callee else {
      throw error(.notCallable(found: callee.kind))
    }
    noteCall(of: global, opcode)
    if opcode == .reduce, case .inert = global.meaning, global.isKnown,
      GlobalTables.isOfClassModule(global.globalName.module)
    {
      // Called without arguments, layers may have default sizes; pickle makes them without a call.
      throw error(
        .arguments(
          function: global.globalName.qualifiedName, expected: "an object made without a call"))
    }
    let given =
      opcode == .newobj ? try newArguments(of: global, arguments.items) : arguments.items
    push(try result(of: global, given))
  }

  /// What `__new__` of a class, which is all that NEWOBJ calls, uses of its arguments.
  ///
  /// `OrderedDict.__new__` ignores its pairs: Python has an empty dictionary where REDUCE would
  /// have given a full one. What an unknown class does cannot be determined.
  private func newArguments(
    of global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(TorchError) -> [PickleValue] {
    let new: InertArguments.New
    switch global.meaning {
    case .function(let function):
      guard let known = function.new else {
        throw error(.notCallable(found: global.globalName.name))
      }
      new = known
    case .inert where global.isKnown:
      let traits = global.traits
      new =
        traits.contains(.newTakesArguments)
        ? .taken : traits.contains(.newIgnoresArguments) ? .ignored : .refused
    case .inert, .storageClass, .elementType, .reference: new = .taken
    }
    switch new {
    case .taken: return arguments
    case .ignored: return []
    case .refused:
      guard arguments.isEmpty else {
        throw error(.newArguments(class: global.globalName.qualifiedName))
      }
      return []
    }
  }

  mutating func result(
    of global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleValue {
    switch global.meaning {
    case .function(let function): try result(of: function, global, arguments)
    case .inert(let rule): try object(of: global, arguments, rule)
    case .storageClass, .elementType, .reference:
      throw error(
        .arguments(
          function: global.globalName.qualifiedName,
          expected: InertArguments.reference.expectation))
    }
  }

  /// The named value that a call of an inert global becomes.
  private mutating func object(
    of global: PickleGlobal, _ arguments: [PickleValue], _ rule: InertArguments
  ) throws(TorchError) -> PickleValue {
    try countContents(of: arguments)
    guard rule.allows(arguments) else {
      let name = rule == .reference ? global.globalName.qualifiedName : global.globalName.name
      throw error(.arguments(function: name, expected: rule.expectation))
    }
    if rule == .reconstruction, case .global(let first)? = arguments.first {
      let object = arena.keep(PickleObject(first, arguments: copies(of: arguments.dropFirst())))
      if case .dictionary(let dictionary)? = arguments.last {
        for (key, value) in dictionary.entries.pairs { try checkEntry(key, value, of: object) }
      }
      return .object(object)
    }
    guard rule == .entries, case .dictionary(let dictionary)? = arguments.first else {
      let given = rule == .values ? copies(of: arguments[...]) : arguments
      return .object(arena.keep(PickleObject(global, arguments: given)))
    }
    // The entries are copied, as in Python: what is set in the dictionary later is not part of the
    // object.
    let object = arena.keep(PickleObject(global, arguments: []))
    try countCopy(
      byteCount: 2 * dictionary.entries.pairs.count * MemoryLayout<PickleValue>.stride)
    object.entries = dictionary.entries
    for (key, value) in dictionary.entries.pairs { try checkEntry(key, value, of: object) }
    return .object(object)
  }

  /// Arguments of a call that copies what containers hold: what is added to them later is not in
  /// the result.
  private func copies(of arguments: ArraySlice<PickleValue>) -> [PickleValue] {
    arguments.map { argument in
      switch argument {
      case .list(let list): return .list(arena.keep(PickleList(list.items)))
      case .set(let set): return .set(arena.keep(PickleSet(set.items)))
      case .dictionary(let dictionary):
        let copy = arena.keep(PickleDictionary(isOrdered: dictionary.isOrdered))
        copy.entries = dictionary.entries
        return .dictionary(copy)
      default: return argument
      }
    }
  }

  /// BUILD: sets the state of the topmost value.
  mutating func build(_ opcode: PickleOpcode) throws(TorchError) {
    let state = try pop(for: opcode)
    if case .tuple(let parts) = state { try countContents(of: parts.items) }
    switch try top(for: opcode) {
    case .object(let object) where object.state == nil:
      try checkNumpyState(state, of: object)
      try check(state, of: object)
      if object.isKnown { seal(state) }
      object.state = state
    case .dictionary(let dictionary) where dictionary.isOrdered && dictionary.attributes == nil:
      try checkDictionaryAttributes(state)
      seal(state)
      dictionary.attributes = state
    case let other: throw error(.wrongOperand(opcode, found: other.kind))
    }
  }

  /// Keeps a state as it was judged: Python has copied it, and what is set in it later is not part
  /// of the object.
  private func seal(_ state: PickleValue) {
    switch state {
    case .dictionary(let dictionary): dictionary.isSealed = true
    case .tuple(let tuple):
      for case .dictionary(let dictionary) in tuple.items { dictionary.isSealed = true }
    default: break
    }
  }

  /// Throws where NumPy would believe something in a state that is not true.
  private mutating func checkNumpyState(
    _ state: PickleValue, of object: PickleObject
  ) throws(TorchError) {
    if object.isNumpyElementType {
      if case .tuple(let parts) = state, parts.items.count > 4,
        case .dictionary(let fields) = parts.items[4]
      {
        try countCopy(
          byteCount: fields.entries.pairs.count * MemoryLayout<PickleValue>.stride)
        fields.isSealed = true
      }
      object.elementType = NumpyElementType(arguments: object.arguments, state: state)
      guard object.elementType != nil else {
        throw error(
          .arguments(function: "numpy.dtype", expected: "a state that fits its elements"))
      }
    } else if object.isNumpyArray, !state.isArrayState {
      throw error(
        .arguments(function: object.className.name, expected: "an element type with its state"))
    }
  }
}
