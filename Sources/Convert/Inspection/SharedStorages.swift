import ConvNeXtSchema
import TensorModel

/// Tensors of a model that begin at the same element of the same memory.
struct SharedStorages {
  /// The tensors that share memory with an earlier one, and the first of these.
  let pairs: [(tensor: Tensor, original: Tensor)]

  /// The names in the file of tensors that share memory with an earlier one.
  var names: [String] { pairs.map(\.tensor.name.string) }

  init(_ match: ModelMatch, _ checkpoint: Checkpoint) {
    var originals: [ElementAddress: Tensor] = [:]
    var pairs: [(tensor: Tensor, original: Tensor)] = []
    for matched in match.tensors {
      let tensor = checkpoint.tensors[matched.inputIndex]
      guard tensor.elementCount > 0 else { continue }
      let address = ElementAddress(tensor)
      if let original = originals[address] {
        pairs.append((tensor, original))
      } else {
        originals[address] = tensor
      }
    }
    self.pairs = pairs
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
