import ByteIO

extension PickleMachine {
  /// What one of the imitated functions makes from its arguments.
  mutating func result(
    of function: PickleFunction, _ global: PickleGlobal, _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleValue {
    let name = global.globalName.name
    func refused(_ expected: String) -> TorchError {
      error(.arguments(function: name, expected: expected))
    }
    switch function {
    case .orderedDictionary: return try orderedDictionary(arguments)
    case .encodedBytes:
      if case .text(let text)? = arguments.first { try countCopy(byteCount: text.utf8.count) }
      guard arguments.count == 2, case .text(let text) = arguments[0],
        case .text(let codec) = arguments[1], codec.hasBytes(of: "latin1"),
        let bytes = latin1(text)
      else { throw refused("a string of Latin-1 characters and 'latin1'") }
      return .bytes(bytes)
    case .bytes:
      guard arguments.isEmpty else { throw refused("no arguments") }
      return .bytes([])
    case .size:
      guard arguments.count == 1, let items = items(of: arguments[0]) else {
        throw refused("a tuple of sizes")
      }
      try countCopy(of: items)
      return .tuple(arena.keep(PickleTuple(items)))
    case .set:
      guard let first = arguments.first else { return .set(arena.keep(PickleSet([]))) }
      guard arguments.count == 1, let items = items(of: first) else { throw refused("a list") }
      try requireKeys(items)
      try countCopy(of: items)
      return .set(arena.keep(PickleSet(items)))
    case .firstArgument:
      guard let first = arguments.first, arguments.count <= 2 else {
        throw refused("a list, and a type where one is noted")
      }
      return first
    case .method: return try method(of: arguments, lookedUpBy: global)
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3, .rebuildParameter,
      .rebuildParameterWithState, .rebuildFromType, .rebuildQuantized, .rebuildSparse, .rebuildMeta,
      .rebuildOther:
      return .tensor(try rebuild(function, named: name, arguments))
    }
  }

  /// The members of a list or tuple.
  func items(of value: PickleValue) -> [PickleValue]? { value.members }

  /// `OrderedDict()`, and `OrderedDict([[key, value], ...])` as Python 2 writes it.
  private mutating func orderedDictionary(
    _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleValue {
    func refused() -> TorchError {
      error(.arguments(function: "OrderedDict", expected: "pairs of keys and values"))
    }
    let dictionary = PickleValue.dictionary(arena.keep(PickleDictionary(isOrdered: true)))
    guard let first = arguments.first else { return dictionary }
    guard arguments.count == 1, let pairs = items(of: first) else { throw refused() }
    try countCopy(of: pairs)
    for pair in pairs {
      guard let pair = items(of: pair), pair.count == 2 else { throw refused() }
      try set(pair[0], to: pair[1], in: dictionary, .reduce)
    }
    return dictionary
  }

  private func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
