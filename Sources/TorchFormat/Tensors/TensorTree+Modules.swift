import ByteIO

/// How the tensors of a pickled `torch.nn.Module` are listed: by the names of its state dict.
extension TensorTree {
  /// The attributes in which `torch.nn.Module` keeps parameters, buffers and the modules below it.
  /// `state_dict()` leaves their names out of the tensors' own, and so does this. It includes no
  /// other attributes, such as the weight that `weight_norm` computed last, and no buffers that are
  /// in `nonPersistentBuffers`: these are listed separately.
  private static let moduleAttributes = ["_parameters", "_buffers", "_modules"]

  private static let nonPersistentBuffers = "_non_persistent_buffers_set"

  /// Whether attributes are those of a module.
  static func isModule(_ attributes: PickleEntries) -> Bool {
    moduleAttributes.allSatisfy { name in
      attributes.pairs.contains { key, value in
        guard case (.text(let text), .dictionary) = (key, value) else { return false }
        return text.hasBytes(of: name)
      }
    }
  }

  /// Lists a module's parameters, buffers and modules, and separately whatever else it has.
  ///
  /// A module that is not in another one is a dictionary of its own, as its state dict would be.
  mutating func listModule(
    _ attributes: PickleEntries, _ path: String?, in outer: Surroundings
  ) throws(TorchError) {
    var inner = outer.isInsideModule ? outer : outer.inDictionary(path ?? "")
    inner.isInsideModule = true
    try visit(attributes.pairs.count)
    let apart = try joined(path, Self.ownAttributes)
    for (key, value) in attributes.pairs where Self.hasTensors(value) {
      let name = pathComponent(of: key)
      if !Self.moduleAttributes.contains(where: name.hasBytes) {
        try list(value, joined(apart, name), in: inner.inDictionary(apart))
        continue
      }
      guard name.hasBytes(of: "_buffers"), case .dictionary(let buffers) = value else {
        try list(value, path, in: inner)
        continue
      }
      let others = try nonPersistentNames(in: attributes)
      guard !others.isEmpty else {
        try list(value, path, in: inner)
        continue
      }
      try visit(buffers.entries.pairs.count)
      for (key, value) in buffers.entries.pairs where Self.hasTensors(value) {
        let name = pathComponent(of: key)
        try others.contains(ByteText(name))
          ? list(value, joined(apart, name), in: inner.inDictionary(apart))
          : list(value, joined(path, name), in: inner)
      }
    }
  }

  /// The names of the buffers that a module leaves out of its state dict; each module has its own
  /// set, or many share one.
  private mutating func nonPersistentNames(
    in attributes: PickleEntries
  ) throws(TorchError) -> Set<ByteText> {
    for case (.text(let key), .set(let set)) in attributes.pairs
    where key.hasBytes(of: Self.nonPersistentBuffers) {
      try visit(set.items.count)
      var names: Set<ByteText> = []
      for case .text(let member) in set.items {
        try repeatValues(member.utf8.count)
        names.insert(ByteText(member))
      }
      return names
    }
    return []
  }
}
