import ConvNeXtSchema
import TensorModel

/// Tensors of a model that begin at the same element of the same memory.
struct SharedStorages {
  /// The names in the file of tensors that share memory with an earlier one.
  let names: [String]

  init(_ match: ModelMatch, _ checkpoint: Checkpoint) {
    struct Place: Hashable {
      let storage: ObjectIdentifier
      let elementOffset: Int
    }
    var seen: Set<Place> = []
    var names: [String] = []
    for matched in match.tensors {
      let tensor = checkpoint.tensors[matched.inputIndex]
      guard tensor.elementCount > 0 else { continue }
      let place = Place(
        storage: ObjectIdentifier(tensor.storage), elementOffset: tensor.layout.elementOffset)
      if !seen.insert(place).inserted { names.append(tensor.name.string) }
    }
    self.names = names
  }
}
