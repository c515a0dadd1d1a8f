import ByteIO
import TensorModel
import TestSupport

@testable import NativeFormat

/// Headers, tensors and files for the tests.
enum Sample {
  /// A header that says as little as it may.
  static let plainHeader = NativeHeader(
    model: ModelDescription(
      version: 1, variant: "custom", depths: [1], widths: [2], classes: nil, imageSize: nil,
      features: []),
    source: SourceDescription(
      fileName: "a.pth", sha256: nil, container: "pytorch-zip", naming: nil, wrapper: nil,
      prefix: "", tool: "convnext 1.0.0"))

  /// A header that says everything it can, with names that are hard to write.
  static let fullHeader = NativeHeader(
    model: ModelDescription(
      version: 2, variant: "tiny", depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], classes: 3,
      imageSize: 224, normEpsilon: 1e-5, finalNormEpsilon: 1e-12, features: ["grn", "conv_mlp"],
      missingTensors: ["head.norm.weight"]),
    source: SourceDescription(
      fileName: "e\u{301}\"\\\n\u{85}\u{1F986}.pth", sha256: SHA256Digest(of: "source"),
      container: "pytorch-zip", naming: "timm", wrapper: "state_dict", prefix: "module.",
      tool: "convnext 1.0.0"),
    preprocessing: .object([
      "mean": .array([.number(0.485), .number(0.456), .number(0.406)]), "crop": .number(0.875),
      "size": .integer(-1), "nested": .object(["on": .bool(true), "nothing": .null]),
    ]),
    labels: ["tench", "", "\u{E9}\u{0}\u{2028}"])

  /// Two tensors with a gap between them.
  static let tensors = [
    tensor("stem.norm.weight", .float32, [2], floats([1, -0.5])),
    tensor("head.classifier.bias", .float16, [2], [0x00, 0x34, 0x00, 0x40]),
  ]

  static func tensor(
    _ name: TensorName, _ elementType: ElementType, _ shape: [Int], _ bytes: [UInt8]
  ) -> Tensor {
    do {
      return try Tensor(
        name: name, elementType: elementType, shape: shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    } catch {
      preconditionFailure("the sample's numbers are wrong: \(error)")
    }
  }

  /// Little-endian bytes of numbers.
  static func floats(_ values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in values { bytes.appendLittleEndian(value.bitPattern) }
    return bytes
  }

  /// Bytes that look random.
  static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .random(in: 0...255, using: &generator) }
  }

  /// What the writer makes of a header and tensors.
  static func written(
    _ header: NativeHeader = plainHeader, _ tensors: [Tensor] = tensors,
    sourceDigest: (@Sendable () throws -> SHA256Digest)? = nil
  ) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let writer = try NativeWriter(header: header, tensors: tensors, sourceDigest: sourceDigest)
    let output = try OutputFile(path: folder.path("a.convnext"), replacingExisting: false)
    try writer.write(to: output)
    try output.commit()
    return try folder.bytes("a.convnext")
  }

  /// The file of `plainHeader` and `tensors`, opened.
  static func file() throws -> NativeFile {
    try NativeFile(ByteRegion(copying: written()))
  }

  /// The naive file of `plainHeader` and `tensors`, with parts of its JSON text replaced.
  static func edited(_ replacements: (String, String)...) throws -> NaiveFile {
    var file = NaiveFile(
      plainHeader, try tensors.map { ($0.info, try $0.contiguousBytes().array) })
    for (old, new) in replacements {
      guard file.json.ranges(of: old).count == 1 else { throw NotThereOnce(text: old) }
      file.json = file.json.replacing(old, with: new)
    }
    return file
  }

  struct NotThereOnce: Error { let text: String }
}
