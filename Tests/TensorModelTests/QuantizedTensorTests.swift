import ByteIO
import TestSupport
import Testing

@testable import TensorModel

@Suite("QuantizedTensor")
struct QuantizedTensorTests {
  private func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
  }

  private func tensor(
    _ name: TensorName, _ type: ElementType, _ shape: [Int], _ bytes: [UInt8]
  ) throws -> Tensor {
    try Tensor(
      name: name, elementType: type, shape: shape,
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  /// A weight of random codes and scales, with both.
  private func random(
    _ scheme: QuantizationScheme, _ shape: [Int], sourceType: ElementType = .float32
  ) throws -> (tensor: QuantizedTensor, codes: [Int], scales: [Float]) {
    var generator = SeededGenerator(seed: 6)
    let count = shape.reduce(1, *)
    let largest = scheme.largestCode
    let codes = (0..<count).map { _ in Int.random(in: -largest...largest, using: &generator) }
    let scaleShape = try #require(scheme.scaleShape(ofShape: shape))
    let scales = (0..<scaleShape.reduce(1, *)).map { _ in
      Float.random(in: 1e-4...1, using: &generator)
    }
    let bytes =
      scheme.codeType == .int8
      ? codes.map { UInt8(truncatingIfNeeded: $0) }
      : stride(from: 0, to: count, by: 2).map {
        UInt8(truncatingIfNeeded: codes[$0] & 15 | (codes[$0 + 1] & 15) << 4)
      }
    let quantized = try QuantizedTensor(
      codes: tensor("w", scheme.codeType, shape, bytes),
      scales: tensor("w_scale", .float32, scaleShape, floats(scales)),
      quantization: Quantization(scheme: scheme, scaleName: "w_scale", sourceType: sourceType))
    return (quantized, codes, scales)
  }

  /// Each of several shards says what is quantized in it.
  @Test("a weight that is said to have two tensors of scales is refused")
  func repeatedWeight() throws {
    let codes = try tensor("w", .int8, [1, 2], [1, 2])
    let scales = try ["a", "b"].map { try tensor($0, .float32, [1, 1], floats([1])) }
    let quantizations = ["a", "b"].map { scale in
      (
        name: TensorName("w"),
        quantization: Quantization(
          scheme: .int8Channel, scaleName: TensorName(scale), sourceType: .float32)
      )
    }
    let infos = ([codes] + scales).map(\.info)
    #expect(throws: QuantizationError.repeatedWeight(weight: "w", scales: ["a", "b"])) {
      try Quantization.pairs(of: infos, quantizations)
    }
    #expect(try Quantization.pairs(of: infos, Array(quantizations.prefix(1))).count == 1)
  }

  @Test(
    "every weight is its code times its group's scale",
    arguments: [
      (.int8Channel, [5, 7]), (.int8Channel, [3, 20_000]), (.int8Channel, [9000, 1]),
      (.int8Channel, [12, 1, 7, 7]), (.int8Block32, [3, 96]), (.int8Block32, [40, 64, 2, 2]),
      (.int4Block32, [3, 96]), (.int4Block32, [30, 1024]),
    ] as [(QuantizationScheme, [Int])])
  func restores(scheme: QuantizationScheme, shape: [Int]) throws {
    let (quantized, codes, scales) = try random(scheme, shape)
    let groupLength = try #require(scheme.groupLength(ofShape: shape))
    let expected = codes.enumerated().map { Float($1) * scales[$0 / groupLength] }
    let dequantized = try quantized.dequantized
    #expect(dequantized.elementType == .float32 && dequantized.shape == shape)
    #expect(try dequantized.contiguousBytes().array == floats(expected))
  }

  @Test("weights are rounded to the type that they had")
  func sourceTypes() throws {
    let (plain, codes, scales) = try random(.int8Channel, [4, 33])
    _ = plain
    for type in [ElementType.float16, .bfloat16, .float64] {
      let (quantized, _, _) = try random(.int8Channel, [4, 33], sourceType: type)
      let format = try #require(FloatFormat(type))
      let expected = codes.enumerated().flatMap { index, code -> [UInt8] in
        let bits = format.bits(rounding: Double(Float(code) * scales[index / 33])) ?? 0
        return (0..<format.byteWidth).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
      }
      #expect(try quantized.dequantized.elementType == type)
      #expect(try quantized.dequantized.contiguousBytes().array == expected)
    }
  }

  @Test("blocks of any length give the same weights", arguments: [1, 7, 49, 8192, 8200, 30_000])
  func blocks(length: Int) throws {
    let (quantized, _, _) = try random(.int4Block32, [3, 10_016], sourceType: .float16)
    let dequantized = try quantized.dequantized
    var reader = try ElementReader(dequantized, elementsPerBlock: length)
    var bytes: [UInt8] = []
    var isLast = false
    while let block = reader.next() {
      #expect(!isLast && block.byteCount <= 2 * length)
      isLast = block.byteCount < 2 * length
      bytes += block.array
    }
    #expect(bytes == (try dequantized.contiguousBytes().array))
  }

  @Test("renaming takes the scales along, and reshapes them with the codes")
  func renames() throws {
    let (quantized, _, _) = try random(.int8Channel, [4, 3])
    let renamed = try quantized.renamed("v", shape: [4, 3, 1, 1])
    #expect(renamed.codes.name == "v" && renamed.codes.shape == [4, 3, 1, 1])
    #expect(renamed.scales.name == "v_scale" && renamed.scales.shape == [4, 1, 1, 1])
    #expect(renamed.quantization.scaleName == "v_scale")
    #expect(try renamed.dequantized.digest() == quantized.dequantized.digest())
    let (blocks, _, _) = try random(.int8Block32, [4, 64])
    #expect(try blocks.renamed("v", shape: [4, 64, 1, 1]).scales.shape == [4, 2])
  }

  @Test("a shape with other rows has other scales, and is refused")
  func otherRows() throws {
    let (vector, _, _) = try random(.int8Channel, [12])
    #expect(
      throws: QuantizationError.wrongScaleShape(
        weight: "v", scale: "v_scale", expected: [1, 1, 1, 1], found: [12])
    ) { try vector.renamed("v", shape: [1, 1, 1, 12]) }
    let (single, _, _) = try random(.int8Channel, [1, 1, 1, 12])
    #expect(
      throws: QuantizationError.wrongScaleShape(
        weight: "v", scale: "v_scale", expected: [12], found: [1, 1, 1, 1])
    ) { try single.renamed("v", shape: [12]) }
    let (scalar, _, _) = try random(.int8Channel, [1])
    #expect(
      throws: QuantizationError.wrongRows(weight: "v", scheme: .int8Channel, shape: [])
    ) { try scalar.renamed("v", shape: []) }
  }
}
