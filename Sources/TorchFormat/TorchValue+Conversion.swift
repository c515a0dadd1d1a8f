extension TorchValue {
  /// The value that callers see for a value of a pickle. It must have been surveyed, and its
  /// tensors listed, so that it is not too deep, does not contain itself, and every tensor has its
  /// index.
  init(_ value: PickleValue) {
    if let known = value.node?.converted {
      self = known
      return
    }
    switch value {
    case .none: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .bigInteger(let bytes): self = .bigInteger(bytes)
    case .float(let value): self = .float(value)
    case .text(let text): self = .string(text)
    case .bytes(let bytes): self = .bytes(bytes)
    case .list(let list): self = .list(list.items.map(Self.init))
    case .tuple(let tuple): self = .tuple(tuple.items.map(Self.init))
    case .set(let set): self = .set(set.items.map(Self.init))
    case .dictionary(let dictionary):
      self = .dictionary(
        TorchDictionary(
          entries: Self.entries(dictionary.entries),
          attributes: dictionary.attributes.map(Self.init)))
    case .global(let global): self = .global(global.globalName)
    case .object(let object):
      self = .object(
        TorchObject(
          object.className, arguments: object.arguments.map(Self.init),
          items: object.items.map(Self.init), entries: Self.entries(object.entries),
          state: object.state.map(Self.init)))
    case .storage(let storage):
      self = .object(
        TorchObject(
          GlobalName(module: "torch", name: storage.storageClass.name),
          arguments: [.string(storage.key), .integer(storage.elementCount)]))
    case .tensor(let tensor):
      switch tensor.content {
      case .plain:
        self =
          tensor.index.map { .tensor($0) } ?? .unsupportedTensor(tensor.ambiguousIndex ?? 0)
      case .unsupported: self = .unsupportedTensor(tensor.index ?? 0)
      }
    }
    value.node?.converted = self
  }

  private static func entries(_ entries: PickleEntries) -> [TorchDictionary.Entry] {
    entries.pairs.map { TorchDictionary.Entry(key: Self($0.key), value: Self($0.value)) }
  }
}
