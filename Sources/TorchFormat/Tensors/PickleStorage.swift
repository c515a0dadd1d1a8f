import TensorModel

/// A storage that a pickle refers to.
final class PickleStorage: PickleNode {
  let key: String
  let storageClass: StorageClass
  let elementCount: Int
  let byteCount: Int
  /// The opcode that first refers to it, from the start of the pickle's record or file.
  let offset: Int
  /// The part of another storage that this one is; only files from before 0.4 have these.
  let view: View?
  /// The bytes, once the container has found them.
  var bytes: (any TensorStorage)?

  struct View {
    let base: PickleStorage
    let byteOffset: Int
  }

  init(
    key: String, storageClass: StorageClass, elementCount: Int, byteCount: Int, offset: Int,
    view: View? = nil
  ) {
    self.key = key
    self.storageClass = storageClass
    self.elementCount = elementCount
    self.byteCount = byteCount
    self.offset = offset
    self.view = view
  }
}

/// The storages that a pickle refers to, each once.
struct PickleStorages {
  private var byKey: [String: PickleStorage] = [:]
  private(set) var inOrder: [PickleStorage] = []

  subscript(key: String) -> PickleStorage? { byKey[key] }

  mutating func add(_ storage: PickleStorage) {
    byKey[storage.key] = storage
    inOrder.append(storage)
  }
}

/// What persistent ids look like.
enum StorageForm {
  /// There must be none.
  case none
  /// Five parts, as in zip archives.
  case zip
  /// Six parts: a view follows, or None.
  case legacy
}
