import ByteIO
import TensorModel

extension NativeFile {
  /// Reads the whole data section on all cores and compares every digest.
  ///
  /// Together with the checks made on opening, this covers every byte of the file. Returns what is
  /// wrong, in the order of the file; empty for an intact one.
  ///
  /// Throws where the file cannot be read; what is wrong with it is in the result.
  public func verify() throws -> [NativeError] {
    let computed = try concurrentMap(byteCounts: tensors.map(\.byteCount)) {
      try tensors[$0].digest()
    }
    var problems: [NativeError] = []
    var end = dataOffset
    for (entry, digest) in zip(header.tensors, computed) {
      let start = dataOffset + entry.dataOffset
      if let gap = region.slice(offset: end, byteCount: start - end),
        let index = gap.withUnsafeBytes({ $0.firstIndex { $0 != 0 } })
      {
        problems.append(.paddingNotZero(fileOffset: end + index, before: entry.info.name.string))
      }
      end = start + entry.byteCount
      if digest != entry.digest {
        problems.append(
          .tensorDigest(
            tensor: entry.info.name.string, fileOffset: start, declared: entry.digest,
            computed: digest))
      }
    }
    return problems
  }
}
