import ByteIO
import TensorModel

extension TensorTree {
  /// The tensor that a pickle describes, checked against its storage and against what all tensors
  /// may take once they are written out.
  mutating func checked(
    _ plain: PlainTensor, name: String, offset: Int
  ) throws(TorchError) -> Tensor {
    let place = ErrorPlace(record: record, byteOffset: offset, tensor: name)
    guard let storage = plain.storage.bytes else {
      throw TorchError(.storageMissing(key: plain.storage.key), at: place)
    }
    let width = plain.elementType.byteWidth ?? 1
    guard storage.byteCount % width == 0 else {
      throw TorchError(
        .tensorElementWidth(storageByteCount: storage.byteCount, elementByteCount: width),
        at: place)
    }
    let layout = Tensor.Layout(
      // To PyTorch, a part of an empty tensor may begin anywhere, because it needs no bytes.
      strides: plain.strides, elementOffset: plain.shape.contains(0) ? 0 : plain.elementOffset,
      isBigEndian: isBigEndian,
      operation: plain.operation)
    func tensor(on storage: any TensorStorage) throws(TorchError) -> Tensor {
      do {
        return try Tensor(
          name: TensorName(name), elementType: plain.elementType, shape: plain.shape,
          storage: storage, layout: layout)
      } catch {
        throw TorchError(.tensorLayout(error), at: place)
      }
    }
    let made = try tensor(on: storage)
    let (sum, overflowsSum) = byteCount.addingReportingOverflow(made.byteCount)
    guard !overflowsSum, sum <= byteBudget else {
      let error = TorchError(
        .tensorBudget(byteCount: made.byteCount, limit: byteBudget), at: place)
      return try tensor(on: RefusedStorage(byteCount: storage.byteCount, error: error))
    }
    byteCount = sum
    (storage as? RecordStorage)?.noteTensor()
    return made
  }
}
