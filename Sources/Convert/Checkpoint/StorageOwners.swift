import ByteIO
import TensorModel

/// Which of several groups of tensors is the only one to use a piece of memory.
struct StorageOwners {
  /// For each group, the bytes of its tensors in memory that no other group uses; each piece of it
  /// counts once, however many tensors are views of it.
  let ownByteCounts: [Int]

  /// Linear in the number of tensors.
  init(_ groups: [[Tensor]]) {
    struct Use {
      let group: Int
      let storageByteCount: Int
      var isShared = false
      var viewByteCount = 0
    }
    var uses: [ObjectIdentifier: Use] = [:]
    for (group, tensors) in groups.enumerated() {
      for tensor in tensors {
        var use =
          uses[ObjectIdentifier(tensor.storage)]
          ?? Use(group: group, storageByteCount: tensor.storage.byteCount)
        if use.group != group { use.isShared = true }
        use.viewByteCount = [use.viewByteCount, tensor.byteCount].saturatingSum { $0 }
        uses[ObjectIdentifier(tensor.storage)] = use
      }
    }
    var counts = groups.map { _ in 0 }
    for use in uses.values where !use.isShared {
      counts[use.group] = [
        counts[use.group], min(use.viewByteCount, use.storageByteCount),
      ].saturatingSum { $0 }
    }
    ownByteCounts = counts
  }
}
