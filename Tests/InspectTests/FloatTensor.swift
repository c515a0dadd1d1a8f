import ByteIO
import TensorModel

/// An F32 tensor with one dimension; a storage of its own.
func floatTensor(_ name: TensorName, _ numbers: [Float], shape: [Int]? = nil) -> Tensor {
  let bytes = numbers.flatMap { $0.bitPattern.littleEndianBytes }
  do {
    return try Tensor(
      name: name, elementType: .float32, shape: shape ?? [numbers.count],
      storage: RegionStorage(ByteRegion(copying: bytes)))
  } catch {
    preconditionFailure("a tensor of numbers that are there: \(error)")
  }
}

extension UInt32 {
  var littleEndianBytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
}
