import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

/// Files with codes and scales.
@Suite("Quantized tensors of a .convnext file")
struct NativeFileQuantizationTests {
  private static let quantization = Quantization(
    scheme: .int8Channel, scaleName: "w_scale", sourceType: .float32)

  private static let tensors = [
    Sample.tensor("w", .int8, [2, 3], [1, 2, 0xFF, 0x81, 0, 127]),
    Sample.tensor("w_scale", .float32, [2, 1], Sample.floats([0.5, 2])),
    Sample.tensor("half", .float16, [2], [0x00, 0x34, 0x00, 0x40]),
    Sample.tensor("count", .int64, [], [1, 0, 0, 0, 0, 0, 0, 0]),
  ]

  private func written(
    _ tensors: [Tensor] = tensors,
    _ quantizations: [TensorName: Quantization] = ["w": quantization]
  ) throws -> NaiveFile {
    var file = NaiveFile(
      Sample.plainHeader, try tensors.map { ($0.info, try $0.contiguousBytes().array) })
    var header = try NativeHeader(
      parsing: ByteRegion(copying: file.json.utf8), limits: .standard)
    for index in header.tensors.indices {
      header.tensors[index].quantization = quantizations[header.tensors[index].info.name]
    }
    file.json = header.json.serialized()
    return file
  }

  private func floats(_ file: NativeFile, _ name: TensorName) throws -> [Float] {
    try file.withFloats(of: name) { span in span.indices.map { span[$0] } }
  }

  @Test("the writer writes what the naive twin writes")
  func writes() throws {
    let writer = try NativeWriter(
      header: Sample.plainHeader, tensors: Self.tensors, quantizations: ["w": Self.quantization])
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("a.convnext"), replacingExisting: false)
    try writer.write(to: output)
    try output.commit()
    #expect(try folder.bytes("a.convnext") == written().bytes)
  }

  @Test("codes and scales are read where they lie, and weights through one call")
  func reads() throws {
    let file = try NativeFile(written().region)
    #expect(try file.verify() == [])
    let quantized = try #require(file.quantizedTensors["w"])
    #expect(quantized.quantization == Self.quantization)
    try file.withElements(of: "w", as: Int8.self) { codes in
      #expect(codes.indices.map { codes[$0] } == [1, 2, -1, -127, 0, 127])
    }
    try file.withElements(of: "w_scale", as: Float.self) { scales in
      #expect(scales.indices.map { scales[$0] } == [0.5, 2])
    }
    #expect(try floats(file, "w") == [0.5, 1, -0.5, -254, 0, 254])
    #expect(try floats(file, "half") == [0.25, 2])
    #expect(try floats(file, "w_scale") == [0.5, 2])
    #expect(
      throws: NativeError.elementTypeMismatch(
        tensor: "count", expected: "floating-point numbers or codes", found: "I64")
    ) { try floats(file, "count") }
    #expect(throws: NativeError.noSuchTensor("x")) { try floats(file, "x") }
  }

  @Test("a file whose codes and scales do not belong together is refused, and not written")
  func refuses() throws {
    let other = Quantization(scheme: .int8Channel, scaleName: "half", sourceType: .float32)
    let error = NativeError.quantization(
      .wrongScaleType(weight: "w", scale: "half", found: .float16))
    let file = try written(Self.tensors, ["w": other])
    #expect(throws: error) { try NativeFile(file.region) }
    #expect(throws: error) {
      try NativeWriter(
        header: Sample.plainHeader, tensors: Self.tensors, quantizations: ["w": other])
    }
    let alone = try written([Self.tensors[0]])
    #expect(throws: NativeError.quantization(.noScale(weight: "w", scale: "w_scale"))) {
      try NativeFile(alone.region)
    }
  }

  @Test("a scheme that is not known is named, and not supported")
  func unknown() throws {
    var file = try written()
    file.json = file.json.replacing("int8-channel", with: "int2-lattice")
    #expect(
      throws: NativeError.quantization(.unknownScheme(weight: "w", found: "int2-lattice"))
    ) { try NativeFile(file.region) }
  }
}
