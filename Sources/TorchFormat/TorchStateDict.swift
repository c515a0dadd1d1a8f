package import TensorModel

/// The tensors of a state dict, and the storages that hold them.
struct TorchStateDict {
  /// A tensor of each storage, which gives the storage's bytes.
  private(set) var storages: [Tensor] = []
  private let tensors: [Tensor]
  private var storageIndices: [Int] = []

  /// What two tensors must have in common to share a storage.
  private struct SharedPart: Hashable {
    let storage: ObjectIdentifier
    let elementOffset: Int
    let byteCount: Int
    let elementType: ElementType
  }

  init(_ tensors: [Tensor]) throws(TorchWriterError) {
    self.tensors = tensors
    var names: Set<TensorName> = []
    var indexByPart: [SharedPart: Int] = [:]
    var total = 0
    for tensor in tensors {
      guard StoredType(tensor.elementType) != nil else {
        throw .unsupportedElementType(tensor.name, tensor.elementType)
      }
      guard names.insert(tensor.name).inserted else { throw .duplicateName(tensor.name) }
      let part = SharedPart(
        storage: ObjectIdentifier(tensor.storage), elementOffset: tensor.layout.elementOffset,
        byteCount: tensor.byteCount, elementType: tensor.elementType)
      let canShare = tensor.canBeTied
      if canShare, let index = indexByPart[part] {
        storageIndices.append(index)
        continue
      }
      if canShare { indexByPart[part] = storages.count }
      storageIndices.append(storages.count)
      storages.append(tensor)
      // Half of what fits leaves room for headers.
      let (sum, overflows) = total.addingReportingOverflow(tensor.byteCount)
      guard !overflows, sum < .max / 2 else { throw .outputTooLarge }
      total = sum
    }
  }

  func pickle(wrapper: String?) -> [UInt8] {
    var writer = PickleWriter()
    if let wrapper {
      writer.dictionary(key: wrapper) { write(to: &$0) }
    } else {
      write(to: &writer)
    }
    writer.stop()
    return writer.bytes
  }

  private func write(to writer: inout PickleWriter) {
    writer.orderedDictionary()
    writer.setItems(count: tensors.count) { writer, index in
      writer.string(tensors[index].name.string)
      write(tensors[index], storageIndex: storageIndices[index], to: &writer)
    }
  }

  /// A call of `_rebuild_tensor_v2` or, for the types that were added later, `_rebuild_tensor_v3`.
  private func write(_ tensor: Tensor, storageIndex: Int, to writer: inout PickleWriter) {
    let type = StoredType(tensor.elementType) ?? .untyped(dtype: "uint8")
    writer.global(GlobalName(module: "torch._utils", name: type.rebuildFunction))
    writer.tuple(count: type.isTyped ? 6 : 7) { writer in
      writer.tuple(count: 5) { writer in
        writer.sharedString("storage")
        writer.global(type.storageClass)
        writer.sharedString(String(storageIndex))
        writer.sharedString("cpu")
        writer.integer(type.isTyped ? tensor.elementCount : tensor.byteCount)
      }
      writer.persistentID()
      writer.integer(0)
      writer.integers(tensor.shape)
      writer.integers(contiguousStrides(of: tensor.shape))
      writer.newFalse()  // requires_grad
      writer.orderedDictionary()  // backward hooks
      if case .untyped(let dtype) = type { writer.global(GlobalName(module: "torch", name: dtype)) }
    }
    writer.reduce()
  }
}

extension Tensor {
  /// Whether another tensor can share its storage in a file.
  fileprivate var canBeTied: Bool { isStoredPlainly && byteCount > 0 }

  /// Whether a file that is written has one storage for this tensor and another one.
  package func staysTied(to other: Tensor) -> Bool {
    canBeTied && other.canBeTied && storage === other.storage
      && layout.elementOffset == other.layout.elementOffset && byteCount == other.byteCount
      && elementType == other.elementType
  }
}
