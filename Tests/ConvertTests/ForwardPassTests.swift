import ByteIO
import NativeFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

/// `fixtures/gold/logits.json` has what the publishers' own code computes; each row's weights
/// become a `.convnext` file here, and that file alone is what the network is built from.
@Suite("Forward pass")
struct ForwardPassTests {
  /// A row of the fixture.
  struct Row: CustomTestStringConvertible, Sendable {
    let file: String
    let config: JSONValue?
    let imageSize: Int
    let outputs: [Double]

    init(_ json: JSONValue) {
      file = json["file"]?.stringValue ?? ""
      config = json["config"] == .null ? nil : json["config"]
      imageSize = json["imageSize"]?.integerValue ?? 0
      outputs = json["outputs"]?.arrayValue?.compactMap(\.numberValue) ?? []
    }

    var testDescription: String { file + (config.map { " \($0["model_args"] ?? .null)" } ?? "") }

    /// The fixture, or a folder with it and the row's `config.json`.
    func checkpoint(in folder: TemporaryFolder) throws -> Checkpoint {
      guard let config else { return try Checkpoint(path: Fixtures.path(file)) }
      try folder.copy(file, to: "model.safetensors")
      try folder.write(text: config.serialized(), to: "config.json")
      return try Checkpoint(path: folder.path)
    }

    static let all = (try? Gold.json("logits.json"))?["rows"]?.arrayValue?.map(Row.init) ?? []
  }

  @Test("a .convnext file holds all that the network needs", arguments: Row.all)
  func logits(_ row: Row) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.convnext")
    _ = try row.checkpoint(in: folder).converted(to: path)
    let outputs = try ForwardPass(NativeFile(path: path)).outputs(of: .image(size: row.imageSize))
    expectEqual(outputs.flatMap(\.means), row.outputs)
  }

  @Test("every feature that changes what is computed is in a row")
  func coverage() throws {
    let features = try Set(
      Row.all.flatMap { row in
        let folder = try TemporaryFolder()
        return try row.checkpoint(in: folder).plan("a.convnext").nativeHeader.model.features
      })
    for feature in [
      "layer_scale", "grn", "isotropic", "overlap_stem", "overlap_stem_act", "conv_mlp", "rms_norm",
      "simple_norm", "activation_gelu_pytorch_tanh", "activation_quick_gelu", "activation_silu",
      "activation_relu", "output_stride_8", "output_stride_16", "norm_eps_0.01", "global_pool_max",
      "global_pool_fastavgmax", "head_norm_first", "output_norms", "pre_logits", "headless",
      "unpooled_head",
    ] { #expect(features.contains(feature), "\(feature)") }
  }

  @Test("a trained model gives torch's logits for its test set")
  func digits() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.convnext")
    _ = try Checkpoint(path: Fixtures.path("digits/convnext_digits.pth")).converted(to: path)
    let set = try Checkpoint(path: Fixtures.path("digits/test.safetensors"))
    let images = try set.numbers("images")
    let logits = try set.numbers("logits")
    for index in 0..<4 {
      // As `prepared` in `fixtures/groups/digits.py`: pixels of 4x4, in three equal channels.
      let image = FeatureMap(3, 32, 32) { _, y, x in
        (images[64 * index + 8 * (y / 4) + x / 4] / 16 - 0.3) / 0.4
      }
      let found = try ForwardPass(NativeFile(path: path)).outputs(of: image).flatMap(\.values)
      expectEqual(found, Array(logits[10 * index..<10 * index + 10]), within: 2e-5)
    }
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], within tolerance: Double = 1e-9)
  {
    #expect(found.count == expected.count && !found.isEmpty)
    for (one, other) in zip(found, expected) {
      #expect((one - other).magnitude < tolerance, "\(one) and \(other)")
    }
  }
}

extension FeatureMap {
  /// The mean of each channel: the number itself where there is one position.
  fileprivate var means: [Double] {
    (0..<channels).map { channel($0).reduce(0, +) / Double(positions) }
  }
}

extension Checkpoint {
  /// The elements of a tensor.
  fileprivate func numbers(_ name: String) throws -> [Double] {
    let tensor = try #require(tensors.first { $0.name.string == name })
    let bytes = try tensor.contiguousBytes().array
    guard tensor.elementType == .float32 else { return bytes.map { Double($0) } }
    return bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: 4).map {
        Double(buffer.loadUnaligned(fromByteOffset: $0, as: Float.self))
      }
    }
  }
}
