import ByteIO
import Testing

@testable import TensorModel

/// What a file says of a quantized tensor, and each way in which it can be wrong.
@Suite("Quantization")
struct QuantizationTests {
  private static let declaration = Quantization.Declaration(
    scheme: "int8-block32", axis: 0, blockSize: 32, scale: "w_scale", sourceType: "BF16")

  private func changed(
    _ change: (inout Quantization.Declaration) -> Void
  ) -> Quantization.Declaration {
    var declaration = Self.declaration
    change(&declaration)
    return declaration
  }

  private func info(_ name: TensorName, _ type: ElementType, _ shape: [Int]) -> TensorInfo {
    TensorInfo(name: name, elementType: type, shape: shape)
  }

  @Test("what is said comes back", arguments: QuantizationScheme.allCases)
  func roundTrips(scheme: QuantizationScheme) throws {
    for sourceType in Quantization.sourceTypes {
      let quantization = Quantization(
        scheme: scheme, scaleName: Quantization.scaleName(of: "w"), sourceType: sourceType)
      #expect(try Quantization(quantization.declaration, of: "w") == quantization)
      #expect(quantization.declaration.scale == "w_scale")
    }
  }

  @Test("what is not known, or not the scheme's, is refused")
  func declarations() {
    let wrong: [(Quantization.Declaration, QuantizationError)] = [
      (changed { $0.scheme = "int9" }, .unknownScheme(weight: "w", found: "int9")),
      (changed { $0.axis = 1 }, .unsupportedAxis(weight: "w", found: 1)),
      (
        changed { $0.blockSize = 64 },
        .wrongBlockSize(weight: "w", scheme: .int8Block32, found: 64)
      ),
      (
        changed { $0.blockSize = nil },
        .wrongBlockSize(weight: "w", scheme: .int8Block32, found: nil)
      ),
      (
        changed { $0.scheme = "int8-channel" },
        .wrongBlockSize(weight: "w", scheme: .int8Channel, found: 32)
      ),
      (changed { $0.sourceType = "I8" }, .unknownSourceType(weight: "w", found: "I8")),
      (changed { $0.sourceType = "f32" }, .unknownSourceType(weight: "w", found: "f32")),
    ]
    for (declaration, error) in wrong {
      #expect(throws: error) { try Quantization(declaration, of: "w") }
    }
  }

  private func pairs(
    _ infos: [TensorInfo], _ schemes: [(TensorName, QuantizationScheme, TensorName)]
  ) throws(QuantizationError) -> [(codes: Int, scales: Int, quantization: Quantization)] {
    try Quantization.pairs(
      of: infos,
      schemes.map {
        ($0.0, Quantization(scheme: $0.1, scaleName: $0.2, sourceType: .float32))
      })
  }

  @Test("codes find their scales, wherever they stand")
  func finds() throws {
    let found = try pairs(
      [
        info("b_scale", .float32, [4, 2]), info("a", .int8, [3, 1, 7, 7]), info("x", .int8, [1]),
        info("b", .int4, [4, 64]), info("s", .float32, [3, 1, 1, 1]),
      ], [("a", .int8Channel, "s"), ("b", .int4Block32, "b_scale")])
    #expect(found.map(\.codes) == [1, 3])
    #expect(found.map(\.scales) == [4, 0])
  }

  @Test("codes and scales that do not belong together are refused")
  func faults() {
    let codes = info("w", .int8, [2, 64])
    let scale = info("s", .float32, [2, 1])
    let one: [(TensorName, QuantizationScheme, TensorName)] = [("w", .int8Channel, "s")]
    let wrong: [([TensorInfo], [(TensorName, QuantizationScheme, TensorName)], QuantizationError)] =
      [
        ([scale], one, .noWeight(weight: "w")),
        ([codes], one, .noScale(weight: "w", scale: "s")),
        (
          [codes, scale], one + [("s", .int8Channel, "w")],
          .quantizedScale(weight: "w", scale: "s")
        ),
        (
          [codes, scale, info("v", .int8, [2, 3])], one + [("v", .int8Channel, "s")],
          .sharedScale(scale: "s", weights: ["w", "v"])
        ),
        (
          [info("w", .uint8, [2, 64]), scale], one,
          .wrongCodeType(weight: "w", scheme: .int8Channel, found: .uint8)
        ),
        (
          [codes, scale], [("w", .int4Block32, "s")],
          .wrongCodeType(weight: "w", scheme: .int4Block32, found: .int8)
        ),
        (
          [info("w", .int8, []), scale], one,
          .wrongRows(weight: "w", scheme: .int8Channel, shape: [])
        ),
        (
          [info("w", .int8, [2, 40]), scale], [("w", .int8Block32, "s")],
          .wrongRows(weight: "w", scheme: .int8Block32, shape: [2, 40])
        ),
        (
          [codes, info("s", .float16, [2, 1])], one,
          .wrongScaleType(weight: "w", scale: "s", found: .float16)
        ),
        (
          [codes, info("s", .float32, [2])], one,
          .wrongScaleShape(weight: "w", scale: "s", expected: [2, 1], found: [2])
        ),
        (
          [codes, scale], [("w", .int8Block32, "s")],
          .wrongScaleShape(weight: "w", scale: "s", expected: [2, 2], found: [2, 1])
        ),
      ]
    for (infos, schemes, error) in wrong {
      #expect(throws: error) { try pairs(infos, schemes) }
      #expect(!error.message.isEmpty && error.place.tensor != nil)
    }
    #expect(Set(wrong.map(\.2.rule)).count == 8)
  }

  @Test("rows whose product overflows have no groups")
  func overflow() {
    #expect(QuantizationScheme.int8Channel.groupLength(ofShape: [1, .max, 2]) == nil)
    #expect(QuantizationScheme.int8Block32.scaleShape(ofShape: [1, .max, 2]) == nil)
  }

  @Test("what is not known is unsupported, what does not fit is invalid")
  func categories() {
    #expect(QuantizationError.unknownScheme(weight: "w", found: "x").category == .unsupported)
    #expect(QuantizationError.unsupportedAxis(weight: "w", found: 1).category == .unsupported)
    #expect(QuantizationError.unknownSourceType(weight: "w", found: "").category == .unsupported)
    #expect(QuantizationError.noScale(weight: "w", scale: "s").category == .invalidInput)
    #expect(
      QuantizationError.wrongBlockSize(weight: "w", scheme: .int8Channel, found: 32).message
        == "blocks of int8-channel have no size, the file says 32 weights")
  }
}
