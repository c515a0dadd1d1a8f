import ByteIO
import TensorModel
import TestSupport

/// Tensors of made-up numbers.
enum Weights {
  /// A tensor of these F32 numbers.
  static func tensor(_ values: [Float], shape: [Int]? = nil) throws -> Tensor {
    try Tensor(
      name: "w", elementType: .float32, shape: shape ?? [values.count],
      storage: RegionStorage(region(values)))
  }

  /// A tensor of these F64 numbers.
  static func tensor(doubles values: [Double]) throws -> Tensor {
    let bytes = values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }
    return try Tensor(
      name: "w", elementType: .float64, shape: [values.count],
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  /// The bytes of F32 numbers.
  static func region(_ values: [Float]) -> ByteRegion {
    ByteRegion(
      copying: values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      })
  }

  /// F32 numbers around 0 of very different sizes, a few of them 0.
  static func random(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let exponent = Int.random(in: -8...2, using: &generator)
      let value = Float.random(in: -1...1, using: &generator)
      return Int.random(in: 0..<20, using: &generator) == 0
        ? 0 : Float(sign: .plus, exponent: exponent, significand: value)
    }
  }

  /// The numbers that a tensor holds.
  static func floats(_ tensor: Tensor) throws -> [Float] {
    let bytes = try tensor.contiguousBytes().array
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
  }

  /// The codes of 8 bits that a tensor holds.
  static func codes(_ tensor: Tensor) throws -> [Int] {
    try tensor.contiguousBytes().array.map { Int(Int8(bitPattern: $0)) }
  }

  /// The naive twin: scale and codes of a group, one number after the other.
  static func naive(_ group: [Float], largestCode: Float) -> (scale: Float, codes: [Int]) {
    var scale = group.reduce(0) { max($0, $1.magnitude) } / largestCode
    if scale < .leastNormalMagnitude { scale = 1 }
    let codes = group.map { weight in
      let code = (weight / scale).rounded(.toNearestOrEven)
      return Int(min(max(code, -largestCode), largestCode))
    }
    return (scale, codes)
  }
}
