import TensorModel

/// A feature map's shape with multiplication signs, `96×56×56`; for a single position its channels.
func mapText(_ shape: [Int]) -> String { readableMap(shape).replacing("x", with: "×") }

/// A tensor's element type and shape: `F32 96×1×7×7`.
func described(_ tensor: TensorInfo) -> String {
  "\(tensor.elementType.name) " + readableShape(tensor.shape).replacing("x", with: "×")
}
