import ByteIO
import TensorModel
import TestSupport

/// The naive twin of gathering: one element at a time, its place worked out from its index.
func naiveElements(of tensor: Tensor, in bytes: [UInt8]) -> [UInt8] {
  let width = tensor.elementType.byteWidth ?? 0
  var result: [UInt8] = []
  for number in 0..<tensor.elementCount {
    var rest = number
    var place = tensor.layout.elementOffset
    for dimension in tensor.shape.indices.reversed() {
      place += rest % tensor.shape[dimension] * tensor.layout.strides[dimension]
      rest /= tensor.shape[dimension]
    }
    result += changed(Array(bytes[(place * width)..<((place + 1) * width)]), as: tensor)
  }
  return result
}

/// A stored element as little-endian bytes, with the tensor's operation applied.
private func changed(_ element: [UInt8], as tensor: Tensor) -> [UInt8] {
  let type = tensor.elementType
  let half = element.count / (type.isComplex ? 2 : 1)
  var parts = stride(from: 0, to: element.count, by: half).map {
    Array(element[$0..<($0 + half)])
  }
  if tensor.layout.isBigEndian { parts = parts.map { $0.reversed() } }
  let flips: [Bool] =
    switch tensor.layout.operation {
    case .none: [false, false]
    case .conjugate: [false, type.isComplex]
    case .negate: [true, true]
    case .conjugateAndNegate: [true, !type.isComplex]
    }
  for (index, part) in parts.enumerated() where flips[index] {
    parts[index] = negated(part, isFloating: type.isComplex || type.isFloatingPoint)
  }
  return parts.flatMap { $0 }
}

private func negated(_ number: [UInt8], isFloating: Bool) -> [UInt8] {
  if isFloating { return number.dropLast() + [number[number.count - 1] ^ 0x80] }
  var value: UInt64 = 0
  for byte in number.reversed() { value = value << 8 | UInt64(byte) }
  value = 0 &- value
  return number.indices.map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// A tensor with a random layout, and the bytes of its storage.
func randomTensor(
  _ type: ElementType, operation: Tensor.Operation = .none, isBigEndian: Bool = false,
  using generator: inout SeededGenerator
) throws -> (tensor: Tensor, bytes: [UInt8]) {
  let width = type.byteWidth ?? 1
  let rank = Int.random(in: 0...4, using: &generator)
  let shape = (0..<rank).map { _ in Int.random(in: 0...5, using: &generator) }
  let strides =
    Bool.random(using: &generator)
    ? contiguousStrides(of: shape)
    : shape.map { _ in Int.random(in: 0...9, using: &generator) }
  let offset = Int.random(in: 0...7, using: &generator)
  let extent = zip(shape, strides).reduce(offset + 1) { $0 + max(0, $1.0 - 1) * $1.1 }
  let byteCount = extent * width + Int.random(in: 0...3, using: &generator)
  // One byte in front puts the elements at odd addresses.
  let bytes = (0...byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  let region = ByteRegion(copying: bytes).slice(offset: 1, byteCount: byteCount) ?? .empty
  let tensor = try Tensor(
    name: "w", elementType: type, shape: shape, storage: RegionStorage(region),
    layout: Tensor.Layout(
      strides: strides, elementOffset: offset, isBigEndian: isBigEndian, operation: operation))
  return (tensor, Array(bytes.dropFirst()))
}
