import ByteIO

extension PickleMachine {
  mutating func pushGlobalFromLines() throws(TorchError) {
    push(.global(try global(module: reader.readLine(), name: reader.readLine())))
  }

  mutating func global(
    module: UnsafeRawBufferPointer, name: UnsafeRawBufferPointer
  ) throws(TorchError) -> PickleGlobal {
    // What is not ASCII is refused by its characters; repairing it for the message does no harm.
    try use(
      module: String(decoding: module, as: UTF8.self), name: String(decoding: name, as: UTF8.self))
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
    // As long as they may be on lines: each use compares them as a whole.
    guard max(module.utf8.count, name.utf8.count) <= limits.pickleLineByteCount else {
      throw error(.lineTooLong(limit: limits.pickleLineByteCount))
    }
    push(.global(try use(module: module, name: name)))
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
    push(try result(of: global, arguments.items))
  }

  mutating func result(
    of global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleValue {
    switch global.meaning {
    case .function(let function): try result(of: function, named: global.name, arguments)
    case .inert(let rule): try object(of: global, arguments, rule)
    case .storageClass, .elementType, .reference:
      throw error(
        .arguments(
          function: "\(global.module).\(global.name)", expected: "to be referred to, not called"))
    }
  }

  /// The named value that a call of an inert global becomes.
  private mutating func object(
    of global: PickleGlobal, _ arguments: [PickleValue], _ rule: InertArguments
  ) throws(TorchError) -> PickleValue {
    try countCopy(of: arguments)
    switch rule {
    case .any: break
    case .global:
      guard case .global(let first)? = arguments.first else {
        throw error(.arguments(function: global.name, expected: "a class first"))
      }
      if global.module == "copyreg" {
        return .object(
          arena.keep(PickleObject(first, arguments: Array(arguments.dropFirst()))))
      }
    case .contents:
      switch arguments.first {
      case nil, .bytes, .text: break
      default: throw error(.arguments(function: global.name, expected: "bytes or a string"))
      }
    }
    return .object(arena.keep(PickleObject(global, arguments: arguments)))
  }

  /// BUILD: sets the state of the topmost value.
  mutating func build(_ opcode: PickleOpcode) throws(TorchError) {
    let state = try pop(for: opcode)
    switch try top(for: opcode) {
    case .object(let object) where object.state == nil: object.state = state
    case .dictionary(let dictionary) where dictionary.attributes == nil:
      dictionary.attributes = state
    case let other: throw error(.wrongOperand(opcode, found: other.kind))
    }
  }
}
