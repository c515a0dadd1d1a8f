import ByteIO
import Convert
import Quantize
import TensorModel
import TestSupport
import Testing

/// Codes and scales beside those that other tools made of the same weights:
/// `fixtures/groups/quantized.py` has how.
@Suite("Quantization as other tools do it")
struct QuantizationOracleTests {
  private static let names = ["dense", "depthwise", "patch"]

  private func tensor(_ name: String) throws -> Tensor {
    let checkpoint = try Checkpoint(path: Fixtures.path("quantization/reference.safetensors"))
    return try #require(checkpoint.tensors.first { $0.name.string == name })
  }

  private func bytes(_ name: String) throws -> [UInt8] { try tensor(name).contiguousBytes().array }

  private func quantized(_ name: String) throws -> QuantizedTensor {
    try WeightCodes(tensor("\(name).weight"), scheme: .int8Channel, name: name).quantized
  }

  @Test("every code and every scale is ONNX Runtime's, to the last bit", arguments: names)
  func onnxRuntime(_ name: String) throws {
    let own = try quantized(name)
    #expect(try own.codes.contiguousBytes().array == bytes("\(name).onnxruntime.codes"))
    #expect(try own.scales.contiguousBytes().array == bytes("\(name).onnxruntime.scales"))
  }

  @Test(
    "every code and every scale is coremltools', but where its scale is 0 or subnormal",
    arguments: names)
  func coremltools(_ name: String) throws {
    let own = try quantized(name)
    let rowLength = own.codes.elementCount / own.codes.shape[0]
    let codes = try own.codes.contiguousBytes().array
    let scales = try own.scales.contiguousBytes().array
    let theirCodes = try bytes("\(name).coremltools.codes")
    let theirScales = try bytes("\(name).coremltools.scales")
    var differing: [Int] = []
    for row in 0..<own.codes.shape[0] {
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(theirScales[4 * row + $1]) << (8 * $1) }
      guard Float(bitPattern: bits) >= .leastNormalMagnitude else {
        // A row of zeros, or one so small: here the scale is 1 and the codes are 0.
        differing.append(row)
        continue
      }
      let (scale, code) = (4 * row..<4 * row + 4, row * rowLength..<(row + 1) * rowLength)
      #expect(scales[scale] == theirScales[scale], "row \(row)")
      #expect(codes[code] == theirCodes[code], "row \(row)")
    }
    #expect(differing == (name == "dense" ? [1, 6] : [1]))
  }
}
