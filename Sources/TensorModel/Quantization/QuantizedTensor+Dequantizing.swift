extension QuantizedTensor {
  /// The weights, in the element type that they had; computed whenever they are asked for, in
  /// constant memory by `forEachChunk` and the readers of elements.
  public var dequantized: Tensor {
    get throws(Tensor.LayoutError) {
      try Tensor(
        name: codes.name, elementType: quantization.sourceType, shape: codes.shape,
        storage: DequantizedStorage(self))
    }
  }
}
