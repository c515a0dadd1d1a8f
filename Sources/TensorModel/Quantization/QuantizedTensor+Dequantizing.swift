extension QuantizedTensor {
  /// The weights, in the element type that they had. They are computed on each access, by
  /// `forEachChunk` and the readers of elements in constant memory.
  public var dequantized: Tensor {
    get throws(Tensor.LayoutError) {
      try Tensor(
        name: codes.name, elementType: quantization.sourceType, shape: codes.shape,
        storage: DequantizedStorage(self))
    }
  }
}
