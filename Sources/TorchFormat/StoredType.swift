import TensorModel

/// How PyTorch stores the elements of a type.
enum StoredType {
  /// In a storage class of their own.
  case typed(StorageClass)
  /// As bytes, with the type named alongside them.
  case untyped(dtype: String)

  /// `nil` for types that PyTorch does not have.
  init?(_ elementType: ElementType) {
    if let storageClass = StorageClass.storing(elementType) {
      self = .typed(storageClass)
    } else if let dtype = TorchElementTypes.name(of: elementType) {
      self = .untyped(dtype: dtype)
    } else {
      return nil
    }
  }

  var isTyped: Bool { if case .typed = self { true } else { false } }

  var rebuildFunction: String { isTyped ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3" }

  var storageClass: GlobalName {
    switch self {
    case .typed(let storageClass): GlobalName(module: "torch", name: storageClass.name)
    case .untyped: GlobalName(module: "torch.storage", name: StorageClass.untyped.name)
    }
  }
}
