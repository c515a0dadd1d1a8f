extension QuantizedTensor {
  /// The weights, in the element type that they had. Nothing is computed until elements are read,
  /// and then each time; by `forEachChunk` and the readers of elements, in constant memory.
  public var dequantized: Tensor {
    get throws(Tensor.LayoutError) {
      try Tensor(
        name: codes.name, elementType: quantization.sourceType, shape: codes.shape,
        storage: DequantizedStorage(self))
    }
  }
}
