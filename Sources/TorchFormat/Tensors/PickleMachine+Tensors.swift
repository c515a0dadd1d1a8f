import ByteIO
import TensorModel

extension PickleMachine {
  /// What one of PyTorch's `_rebuild_*` functions makes from its arguments (`torch/_utils.py`,
  /// `torch/_tensor.py`).
  mutating func rebuild(
    _ function: PickleFunction, named name: String, _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleTensor {
    switch function {
    case .rebuildTensor: return try plain(name, arguments, countRange: 4...4, typeIndex: nil)
    case .rebuildTensorV2: return try plain(name, arguments, countRange: 6...7, typeIndex: nil)
    case .rebuildTensorV3: return try plain(name, arguments, countRange: 7...8, typeIndex: 6)
    case .rebuildParameter:
      let tensor = try tensor(name, arguments, count: 3)
      try requireGradientFlag(arguments[1], of: tensor.elementType, in: name)
      try requireNoHooks(arguments[2], of: name)
      return tensor
    case .rebuildParameterWithState:
      let tensor = try tensor(name, arguments, count: 4)
      try requireGradientFlag(arguments[1], of: tensor.elementType, in: name)
      try requireNoHooks(arguments[2], of: name)
      return try keep(tensor.content, attributes: attributes(name, of: tensor, arguments[3]))
    case .rebuildFromType: return try rebuildFromType(name, arguments)
    case .rebuildQuantized: return try unread(name, arguments, quantizedDescription(arguments))
    case .rebuildSparse: return try unread(name, arguments, sparseDescription(arguments))
    case .rebuildMeta: return try unread(name, arguments, "a tensor without data (device meta)")
    case .rebuildOther(let description):
      return try unread(name, arguments, "a tensor \(description)")
    case .orderedDictionary, .encodedBytes, .bytes, .size, .set, .firstArgument, .method:
      throw error(.notCallable(found: name))
    }
  }

  mutating func keep(
    _ content: PickleTensor.Content, attributes: PickleValue? = nil
  ) throws(TorchError) -> PickleTensor {
    // The description may come from a text in the file, which the memo can return over and over.
    if case .unsupported(let description) = content {
      try countCopy(byteCount: description.utf8.count)
    }
    return arena.keep(PickleTensor(content, offset: opcodeOffset, attributes: attributes))
  }

  func refused(_ name: String, _ expected: String) -> TorchError {
    error(.arguments(function: name, expected: expected))
  }

  /// The tensor that a parameter is made of.
  private func tensor(
    _ name: String, _ arguments: [PickleValue], count: Int
  ) throws(TorchError) -> PickleTensor {
    guard arguments.count == count, case .tensor(let tensor) = arguments[0] else {
      throw refused(name, "\(count) arguments, a tensor first")
    }
    return tensor
  }

  /// `_rebuild_from_type_v2(function, class, arguments, state)`: the file names the function, so it
  /// must be one of those that make tensors.
  private mutating func rebuildFromType(
    _ name: String, _ arguments: [PickleValue]
  ) throws(TorchError) -> PickleTensor {
    guard arguments.count == 4, case .global(let inner) = arguments[0],
      case .function(let function) = inner.meaning, function.makesTensor,
      case .global = arguments[1], case .tuple(let innerArguments) = arguments[2]
    else { throw refused(name, "a function that makes tensors, a class, arguments and a state") }
    let tensor = try rebuild(function, named: inner.globalName.name, innerArguments.items)
    return try keep(tensor.content, attributes: attributes(name, of: tensor, arguments[3]))
  }

  /// The attributes that a state sets on a tensor, or that it has: `_set_obj_state` of
  /// `torch/_utils.py` takes a dictionary, or a pair of dictionaries, and sets every entry.
  private mutating func attributes(
    _ name: String, of tensor: PickleTensor, _ state: PickleValue
  ) throws(TorchError) -> PickleValue? {
    let parts: [PickleValue]
    if case .tuple(let pair) = state { parts = pair.items } else { parts = [state, .none] }
    guard parts.count == 2 else { throw refused(name, "a dictionary or a pair of two as state") }
    var isEmpty = true
    for part in parts {
      switch part {
      case .none: continue
      case .dictionary(let dictionary):
        let pairs = dictionary.entries.pairs
        try countCopy(byteCount: pairs.count * MemoryLayout<PickleValue>.stride)
        isEmpty = isEmpty && pairs.isEmpty
        dictionary.isSealed = true
        for (key, value) in pairs
        where !TensorProperties.allows(key) || value.mayBeCalled && !value.isUnknownObject {
          throw refused(name, "a state that sets attributes, and none of a tensor's own properties")
        }
      default: throw refused(name, "a dictionary or a pair of two as state")
      }
    }
    if isEmpty { return tensor.attributes }
    guard tensor.attributes == nil else {
      throw refused(name, "a tensor that has no attributes yet")
    }
    return state
  }

  /// `(storage, offset, sizes, strides[, requires gradient, hooks[, type][, metadata]])`.
  private mutating func plain(
    _ name: String, _ arguments: [PickleValue], countRange: ClosedRange<Int>, typeIndex: Int?
  ) throws(TorchError) -> PickleTensor {
    guard countRange.contains(arguments.count), case .storage(let storage) = arguments[0] else {
      throw refused(name, "\(countRange.upperBound) arguments, a storage first")
    }
    if arguments.count > 5 { try requireNoHooks(arguments[5], of: name) }
    var elementType = storage.storageClass.elementType
    if let typeIndex {
      guard case .global(let global) = arguments[typeIndex],
        case .elementType(let typeName) = global.meaning
      else { throw refused(name, "an element type as argument \(typeIndex + 1)") }
      elementType = TorchElementTypes.byName[typeName]
      if elementType == nil {
        return try keep(.unsupported("a tensor of torch.\(typeName)"))
      }
    }
    if arguments.count > 4 { try requireGradientFlag(arguments[4], of: elementType, in: name) }
    guard let elementType else {
      return try keep(.unsupported("a tensor on a \(storage.storageClass.name)"))
    }
    let shape = try sizes(arguments[2], "sizes")
    let strides = try sizes(arguments[3], "strides")
    guard shape.count == strides.count else {
      throw error(.tensorShape(expected: "one stride for each of \(shape.count) sizes"))
    }
    guard case .integer(let offset) = arguments[1], offset >= 0 else {
      throw error(.tensorShape(expected: "an offset that is a whole number from 0"))
    }
    let metadata =
      arguments.count == countRange.upperBound && countRange.count > 1 ? arguments.last : nil
    let operation = try operation(name, metadata ?? .none, elementType)
    if operation.negates, TorchElementTypes.withoutNegation.contains(elementType) {
      return try keep(.unsupported("a negated view of \(elementType.name) elements"))
    }
    let tensor = PlainTensor(
      storage: storage, elementType: elementType, elementOffset: offset, shape: shape,
      strides: strides, operation: operation)
    return try keep(elementType == .float4 ? unpacked(tensor) : .plain(tensor))
  }

  private mutating func sizes(_ value: PickleValue, _ what: String) throws(TorchError) -> [Int] {
    guard let items = items(of: value) else {
      throw error(.tensorShape(expected: "\(what) in a tuple"))
    }
    guard items.count <= limits.rank else {
      throw error(.tensorRank(count: items.count, limit: limits.rank))
    }
    try countCopy(byteCount: items.count * MemoryLayout<Int>.stride)
    var sizes: [Int] = []
    for item in items {
      guard case .integer(let size) = item, size >= 0 else {
        throw error(.tensorShape(expected: "\(what) that are whole numbers from 0"))
      }
      sizes.append(size)
    }
    return sizes
  }

  /// A tensor of two 4-bit elements per byte, which PyTorch counts as one: the last dimension is
  /// doubled. Only rows without gaps have a meaning then.
  private func unpacked(_ tensor: PlainTensor) -> PickleTensor.Content {
    guard let last = tensor.shape.last, tensor.elementOffset == 0,
      tensor.strides == contiguousStrides(of: tensor.shape),
      case (let doubled, false) = last.multipliedReportingOverflow(by: 2)
    else { return .unsupported("a strided tensor of torch.float4_e2m1fn_x2") }
    let shape = tensor.shape.dropLast() + [doubled]
    return .plain(
      PlainTensor(
        storage: tensor.storage, elementType: .float4, elementOffset: 0, shape: Array(shape),
        strides: contiguousStrides(of: Array(shape)), operation: tensor.operation))
  }
}
