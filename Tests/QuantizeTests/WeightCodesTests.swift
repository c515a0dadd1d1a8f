import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Quantize

@Suite("WeightCodes")
struct WeightCodesTests {
  private func quantized(
    _ values: [Float], _ shape: [Int], _ scheme: QuantizationScheme = .int8Channel
  ) throws -> WeightCodes {
    try WeightCodes(Weights.tensor(values, shape: shape), scheme: scheme, name: "weights")
  }

  @Test(
    "codes and scales are those of the naive twin",
    arguments: [[5, 49], [3, 9000], [40, 1, 7, 7], [7, 8, 2, 2], [1, 1], [200, 96]])
  func isNaive(shape: [Int]) throws {
    let rowLength = shape.dropFirst().reduce(1, *)
    let values = Weights.random(shape[0] * rowLength, seed: 4)
    let weights = try quantized(values, shape)
    var (scales, codes): ([Float], [Int]) = ([], [])
    for row in 0..<shape[0] {
      let group = Weights.naive(
        Array(values[row * rowLength..<(row + 1) * rowLength]), largestCode: 127)
      scales.append(group.scale)
      codes += group.codes
    }
    #expect(try Weights.codes(weights.quantized.codes) == codes)
    #expect(
      try Weights.floats(weights.quantized.scales).map(\.bitPattern) == scales.map(\.bitPattern))
    #expect(weights.quantized.scales.shape == [shape[0]] + shape.dropFirst().map { _ in 1 })
    #expect(weights.quantized.scales.name == "w_scale")
  }

  /// Of a few bytes, by strides of 0.
  @Test("rows that cannot be held at once are refused, and blocks of them are not")
  func longRows() throws {
    let length = CodeComputation.largestGroupLength + 32
    let tensor = try Tensor(
      name: "w", elementType: .float32, shape: [1, length],
      storage: RegionStorage(Weights.region([0.5])),
      layout: Tensor.Layout(strides: [0, 0], elementOffset: 0))
    #expect(
      throws: QuantizeError.groupTooLong(tensor: "w", length: length, limit: length - 32)
    ) { try WeightCodes(tensor, scheme: .int8Channel, name: "w").quantized.scales.digest() }
    let blocks = try WeightCodes(tensor, scheme: .int8Block32, name: "w").quantized
    #expect(try Weights.floats(blocks.scales).allSatisfy { $0 == 0.5 / 127 })
  }

  @Test("no weight is further off than half a scale, but for the rounding of the product")
  func errorBound() throws {
    for scheme in QuantizationScheme.allCases {
      let values = Weights.random(64 * 96, seed: 11)
      let weights = try quantized(values, [64, 96], scheme)
      let restored = try Weights.floats(weights.quantized.dequantized)
      let scales = try Weights.floats(weights.quantized.scales)
      let groupLength = scheme.blockSize ?? 96
      var largest: Float = 0
      for (index, weight) in values.enumerated() {
        let error = weight - restored[index]
        #expect(
          Double(error.magnitude) <= 0.5 * Double(scales[index / groupLength]) * (1 + 0x1p-16))
        largest = max(largest, error.magnitude)
      }
      #expect(try weights.quality().maximumError == Double(largest))
    }
  }

  @Test("the error of F64 weights is their distance from what is read back")
  func doubles() throws {
    let values = Weights.random(64, seed: 5).map { Double($0) * (1 + 0x1p-40) } + [1e-60]
    let weights = try WeightCodes(
      Weights.tensor(doubles: values), scheme: .int8Channel, name: "w")
    let restored = try Weights.floats(
      RoundedWeights(
        weights.quantized.dequantized, to: .float32, overflow: .refuse, name: "w"
      ).rounded)
    let errors = zip(values, restored).map { ($0 - Double($1)).magnitude }
    let quality = try weights.quality()
    #expect(quality.maximumError == errors.max())
    let noise = errors.reduce(0) { $0 + $1 * $1 }
    #expect((quality.noise - noise).magnitude <= 1e-13 * noise)
    let flushed = zip(values, restored).count { $0 != 0 && $1 == 0 }
    #expect(quality.flushedCount == flushed && flushed > 0)
  }

  @Test("quantizing what dequantizing gives back gives the same codes and scales")
  func isStable() throws {
    for scheme in QuantizationScheme.allCases {
      for sourceType in Quantization.sourceTypes {
        let values = Weights.random(48 * 64, seed: 21)
        let tensor = try Weights.tensor(values, shape: [48, 64])
        let source =
          sourceType == .float32 || sourceType == .float64
          ? tensor
          : try RoundedWeights(tensor, to: sourceType, overflow: .refuse, name: "w").rounded
        let first = try WeightCodes(source, scheme: scheme, name: "w").quantized
        let second = try WeightCodes(first.dequantized, scheme: scheme, name: "w").quantized
        #expect(try first.codes.digest() == second.codes.digest())
        #expect(try first.scales.digest() == second.scales.digest())
        #expect(second.quantization.sourceType == source.elementType)
      }
    }
  }

  @Test("a row of zeros has scale 1 and codes 0")
  func zeroRows() throws {
    let weights = try quantized([0, -0.0, 0, 1, 2, -4], [2, 3])
    #expect(try Weights.codes(weights.quantized.codes) == [0, 0, 0, 32, 64, -127])
    #expect(try Weights.floats(weights.quantized.scales) == [1, 4 / 127])
    #expect(try weights.quality().scales == (4 / 127)...1)
  }

  @Test(
    "NaN and infinity are errors that name tensor and index",
    arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    var values = Weights.random(3 * 4 * 5, seed: 1)
    values[2 * 20 + 3 * 5 + 4] = value
    let weights = try quantized(values, [3, 4, 5])
    do {
      _ = try weights.quantized.codes.contiguousBytes()
      Issue.record("nothing was thrown")
    } catch let QuantizeError.notFinite(tensor, index, found) {
      #expect(tensor == "weights" && index == [2, 3, 4])
      #expect(found.bitPattern == value.bitPattern)
    }
    #expect(throws: QuantizeError.self) { try weights.quality() }
  }

  @Test("a row that would come back as infinity is an error")
  func scaleOverflow() throws {
    let weights = try quantized([1, 2, .greatestFiniteMagnitude, 1], [2, 2])
    #expect(throws: QuantizeError.scaleOverflow(tensor: "weights", row: 1)) {
      try weights.quality()
    }
  }

  @Test("strided and big-endian sources give the same codes")
  func sources() throws {
    let values = Weights.random(6 * 10, seed: 2)
    let transposed = (0..<10).flatMap { column in (0..<6).map { values[$0 * 10 + column] } }
    let bytes = Weights.region(transposed).array
    let swapped = stride(from: 0, to: bytes.count, by: 4).flatMap {
      bytes[$0..<$0 + 4].reversed()
    }
    let tensor = try Tensor(
      name: "w", elementType: .float32, shape: [6, 10],
      storage: RegionStorage(ByteRegion(copying: swapped)),
      layout: Tensor.Layout(strides: [1, 6], elementOffset: 0, isBigEndian: true))
    let weights = try WeightCodes(tensor, scheme: .int8Channel, name: "w")
    #expect(
      try weights.quantized.codes.digest()
        == quantized(values, [6, 10]).quantized.codes.digest())
  }

  @Test("whole numbers, scalars and rows of another length are refused")
  func refused() throws {
    let integers = try Tensor(
      name: "w", elementType: .int8, shape: [2, 2],
      storage: RegionStorage(ByteRegion(copying: [1, 2, 3, 4])))
    #expect(throws: QuantizeError.wrongElementType(tensor: "w", found: .int8)) {
      try WeightCodes(integers, scheme: .int8Channel, name: "w")
    }
    #expect(
      throws: QuantizeError.notApplicable(tensor: "weights", format: .int8, shape: [])
    ) { try quantized([1], []) }
    #expect(
      throws: QuantizeError.notApplicable(tensor: "weights", format: .int8Block32, shape: [2, 33])
    ) { try quantized(Weights.random(66, seed: 1), [2, 33], .int8Block32) }
  }

  @Test(
    "a tensor without elements has scales for its rows, and no cost", arguments: [[0, 4], [3, 0]])
  func empty(shape: [Int]) throws {
    let weights = try quantized([], shape)
    #expect(try weights.quantized.codes.contiguousBytes().byteCount == 0)
    #expect(try Weights.floats(weights.quantized.scales) == [Float](repeating: 1, count: shape[0]))
    #expect(try weights.quality().sqnr == .infinity)
  }

  @Test("rows without weights are not held in any number")
  func emptyRows() throws {
    let limit = CodeComputation.largestGroupLength
    #expect(
      throws: QuantizeError.tooManyEmptyRows(tensor: "weights", count: 1 << 62, limit: limit)
    ) { try quantized([], [1 << 62, 0]) }
    #expect(try quantized([], [limit, 0]).quantized.scales.shape == [limit, 1])
  }

  @Test(
    "what a quantization costs is measured in the source's type",
    arguments: [ElementType.float16, .bfloat16])
  func sourceType(_ type: ElementType) throws {
    let values = Weights.random(16 * 33, seed: 8)
    let source = try RoundedWeights(
      Weights.tensor(values, shape: [16, 33]), to: type, overflow: .refuse, name: "w"
    ).rounded
    let wide = try RoundedWeights(source, to: .float32, overflow: .refuse, name: "w").rounded
    let weights = try WeightCodes(source, scheme: .int8Channel, name: "w")
    let dequantized = try weights.quantized.dequantized
    #expect(dequantized.elementType == type)
    let restored = try RoundedWeights(dequantized, to: .float32, overflow: .refuse, name: "w")
      .rounded
    let pairs = try zip(Weights.floats(wide), Weights.floats(restored)).map { ($0, $1) }
    #expect(
      try weights.quality().maximumError
        == pairs.reduce(0) { max($0, Double(($1.0 - $1.1).magnitude)) })
    let noise = pairs.reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    #expect(abs(try weights.quality().noise / noise - 1) < 1e-12)
  }
}
