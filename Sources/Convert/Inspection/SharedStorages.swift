import ConvNeXtSchema
import TensorModel

/// Tensors of a model that begin at the same element of the same memory.
struct SharedStorages {
  /// The names in the file of tensors that share memory with an earlier one.
  let names: [String]

  init(_ match: ModelMatch, _ checkpoint: Checkpoint) {
    var seen: Set<ElementAddress> = []
    var names: [String] = []
    for matched in match.tensors {
      let tensor = checkpoint.tensors[matched.inputIndex]
      guard tensor.elementCount > 0 else { continue }
      if !seen.insert(ElementAddress(tensor)).inserted { names.append(tensor.name.string) }
    }
    self.names = names
  }

  /// Those of some tensors which are also the model's under another name: the same elements of the
  /// same memory, in the same shape.
  static func aliases(
    of match: ModelMatch, named names: [TensorName], in checkpoint: Checkpoint
  ) -> Set<TensorName> {
    var originals: [ElementAddress: Tensor] = [:]
    for matched in match.tensors {
      let tensor = checkpoint.tensors[matched.inputIndex]
      originals[ElementAddress(tensor)] = tensor
    }
    let names = Set(names)
    return Set(
      checkpoint.tensors.lazy.filter { tensor in
        guard names.contains(tensor.name), tensor.elementCount > 0,
          let original = originals[ElementAddress(tensor)]
        else { return false }
        return tensor.shape == original.shape && tensor.elementType == original.elementType
          && tensor.layout == original.layout
      }.map(\.name))
  }

  private struct ElementAddress: Hashable {
    let storage: ObjectIdentifier
    let elementOffset: Int

    init(_ tensor: Tensor) {
      storage = ObjectIdentifier(tensor.storage)
      elementOffset = tensor.layout.elementOffset
    }
  }
}
