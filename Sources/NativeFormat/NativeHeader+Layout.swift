import ByteIO
public import TensorModel

extension NativeHeader {
  /// The tensors that are quantized, by index, with the index of their scales; throws unless all
  /// fit.
  func quantizedPairs() throws(NativeError) -> [(
    codes: Int, scales: Int, quantization: Quantization
  )] {
    do {
      return try Quantization.pairs(of: tensors.map(\.info), quantizations)
    } catch {
      throw .quantization(error)
    }
  }

  /// What the header says about quantized tensors, in the order of the file.
  public var quantizations: [(name: TensorName, quantization: Quantization)] {
    tensors.compactMap { entry in entry.quantization.map { (entry.info.name, $0) } }
  }

  /// Checks the tensors against one another; returns the size of the data section.
  ///
  /// Tensors are stored in order, each at the first multiple of 64 after the one before it, so that
  /// no two of them overlap and everything in between is padding.
  func dataByteCount(limits: Limits) throws(NativeError) -> Int {
    var names: Set<TensorName> = []
    var end = 0
    for entry in tensors {
      let name = entry.info.name.string
      let shape = entry.info.shape
      guard names.insert(entry.info.name).inserted else { throw .duplicateName(tensor: name) }
      guard shape.count <= limits.rank else {
        throw .tooManyDimensions(tensor: name, found: shape.count, limit: limits.rank)
      }
      let byteCount = elementCount(of: shape).flatMap {
        entry.info.elementType.byteCount(elementCount: $0)
      }
      guard byteCount == entry.byteCount else {
        throw .wrongByteCount(tensor: name, expected: byteCount, found: entry.byteCount)
      }
      guard let start = NativeLayout.roundUp(end, to: NativeLayout.tensorAlignment) else {
        throw .tooLarge(tensor: name)
      }
      guard entry.dataOffset == start else {
        throw .badOffset(tensor: name, offset: entry.dataOffset, expected: start)
      }
      let (sum, overflows) = start.addingReportingOverflow(entry.byteCount)
      if overflows { throw .tooLarge(tensor: name) }
      end = sum
    }
    return end
  }
}
