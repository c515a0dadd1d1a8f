import ByteIO
import Inspect
import Quantize
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("Health of files")
struct InspectionHealthTests {
  private func health(_ path: String) throws -> ModelHealth {
    try Inspection(Checkpoint(path: path)).health()
  }

  @Test(
    "a trained model, and models with weights like it, have no findings",
    arguments: [
      "digits/convnext_digits.pth", "names/timm.pth", "names/torchvision.safetensors",
      "names/huggingface.safetensors", "v2/timm.safetensors", "folders/single",
      "families/facebook-detection.pth", "torch/mlp.pth", "training/facebook.pth",
    ])
  func healthy(file: String) throws {
    #expect(try health(Fixtures.path(file)).findings == [])
  }

  @Test(
    "tensors with NaNs and infinities are those in which numpy finds them",
    arguments: ["safetensors/dtypes.safetensors", "torch/dtypes.pth", "names/timm.safetensors"])
  func finiteness(file: String) throws {
    let gold = try #require(try Gold.json("statistics.json")[file]?.objectValue)
    let expected = gold.entries.compactMap { entry -> String? in
      let nan = entry.value["nan"]?.integerValue ?? 0
      let infinite = entry.value["inf"]?.integerValue ?? 0
      let parts = [(nan, "NaN"), (infinite, "infinite")].filter { $0.0 > 0 }
      guard !parts.isEmpty else { return nil }
      return "\(entry.key): " + parts.map { "\($0.0) \($0.1)" }.joined(separator: " and ")
    }
    let names = Set(gold.entries.map(\.key))
    let found = try health(Fixtures.path(file)).findings.filter {
      $0.rule == .notFinite && names.contains($0.tensor?.string ?? "")
    }
    #expect(
      found.map { "\($0.tensor?.string ?? ""): " + $0.evidence.prefix { $0 != "o" } }.map {
        String($0.dropLast())
      } == expected)
    #expect(found.allSatisfy { $0.severity == .error })
  }

  @Test("every fixture that can be read can be examined")
  func everything() throws {
    var count = 0
    for file in try FixtureManifest.checkpoints() where file.refused == nil {
      let checkpoint = try Checkpoint(path: file.path)
      let health = try Inspection(checkpoint).health()
      #expect(health.statistics.count == checkpoint.tensors.count, "\(file.file)")
      count += 1
    }
    #expect(count > 100)
  }

  /// A file with the same model twice, the second time with its numbers as `change` makes them.
  private func averaged(
    in folder: TemporaryFolder, _ change: (Tensor) throws -> Tensor
  ) throws -> String {
    let model = try Checkpoint(path: Fixtures.path("names/timm.safetensors")).tensors
    let tensors =
      model.map { $0.renamed(TensorName("model.\($0.name)")) }
      + (try model.map { try change($0).renamed(TensorName("model_ema.\($0.name)")) })
    let path = folder.path("training.safetensors")
    let output = try OutputFile(path: path, replacingExisting: false)
    try SafetensorsWriter(tensors: tensors, metadata: []).write(to: output)
    try output.commit()
    return path
  }

  @Test("averaged weights that equal the raw ones are told, and others are not")
  func averages() throws {
    let folder = try TemporaryFolder()
    let findings = try health(averaged(in: folder) { $0 }).findings
    #expect(findings.map(\.rule) == [.averagedEqualsRaw])
    #expect(
      findings.first?.evidence
        == "all 65 tensors of 'model_ema' have the bytes of those of 'model'")
    let other = try TemporaryFolder()
    let path = try averaged(in: other) { tensor in
      guard tensor.name == "head.fc.bias" else { return tensor }
      var bytes = try tensor.contiguousBytes().array
      bytes.swapAt(0, 4)
      return try Tensor(
        name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    }
    #expect(try health(path).findings == [])
  }

  @Test("of very many averages and models, a few are held against each other")
  func manyAverages() throws {
    let folder = try TemporaryFolder()
    let tensors = try (0..<300).flatMap { index in
      try ["ema.a\(index)", "b\(index)"].map { path in
        try Tensor(
          name: TensorName("\(path).stages.0.blocks.0.conv_dw.weight"), elementType: .float32,
          shape: [1, 1, 3, 3],
          storage: RegionStorage(ByteRegion(copying: [UInt8](repeating: 1, count: 36))))
      }
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    let findings = try health(output.path).findings.filter { $0.rule == .averagedEqualsRaw }
    #expect(findings.count == 64)
  }

  @Test(
    "a classifier that does not match the labels is found",
    arguments: [
      (#"{"id2label": {"0": "a", "1": "b"}}"#, "config.json names 2 labels, the classifier has 10"),
      (#"{"id2label": {}}"#, "config.json names 0 labels, the classifier has 10"),
    ])
  func labels(config: String, evidence: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Fixtures.bytes("names/huggingface.safetensors").array, to: "model.safetensors")
    try folder.write(config.utf8, to: "config.json")
    let findings = try health(folder.path).findings
    #expect(findings.map(\.rule) == [.headLabels])
    #expect(findings.first?.evidence.hasPrefix(evidence) == true)
  }

  @Test(
    "a scale that makes numbers of no size is found", arguments: [Float.nan, .infinity, 3.4e38])
  func nonFiniteScales(_ value: Float) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Fixtures.path("digits/convnext_digits.pth"))
    let path = folder.path("a.safetensors")
    let quantized = try checkpoint.converted(to: path) {
      $0.treatment = .quantize(QuantizationRequest(recipe: Recipe.BuiltIn.int8.recipe))
    }
    #expect(try Inspection(quantized).health().count(.error) == 0)
    let tensor = try #require(
      quantized.tensors.compactMap { quantized.quantizedTensors[$0.name] }.first)
    let scales = tensor.scales.name
    let tensors = try quantized.storedTensors.map { stored in
      guard stored.name == scales else { return stored }
      var bytes = try stored.contiguousBytes().array
      for (offset, byte) in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
        .enumerated()
      {
        bytes[offset] = byte
      }
      return try Tensor(
        name: stored.name, elementType: stored.elementType, shape: stored.shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    }
    let output = try OutputFile(path: path, replacingExisting: true)
    try SafetensorsWriter(tensors: tensors, metadata: quantized.metadata).write(to: output)
    try output.commit()
    let findings = try Inspection(Checkpoint(path: path)).health().findings
    #expect(findings.filter { $0.severity == .error }.map(\.rule) == [.notFinite])
    #expect(findings.first?.tensor == tensor.codes.name)
  }

  @Test(
    "what is wrong with a model is found when it is quantized too",
    arguments: Recipe.BuiltIn.allCases)
  func healthOfCodes(_ recipe: Recipe.BuiltIn) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.safetensors")
    let original = try Checkpoint(path: Fixtures.path("digits/convnext_digits.pth"))
    let sick: TensorName = "stages.1.blocks.0.mlp.fc1.weight"
    let tensors = try original.tensors.map { tensor in
      guard tensor.name == sick else { return tensor }
      var bytes = try tensor.contiguousBytes().array
      // Three rows, which is few.
      bytes.replaceSubrange(
        0..<3 * bytes.count / tensor.shape[0],
        with: repeatElement(0, count: 3 * bytes.count / tensor.shape[0]))
      return try Tensor(
        name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    }
    let output = try OutputFile(path: path, replacingExisting: false)
    try SafetensorsWriter(tensors: tensors, metadata: []).write(to: output)
    try output.commit()
    let checkpoint = try Checkpoint(path: path)
    let expected = try Inspection(checkpoint).health()
    #expect(expected.findings.map(\.rule).contains(.deadChannels))
    let quantized = try checkpoint.converted(to: folder.path("b.convnext")) {
      $0.treatment = .quantize(QuantizationRequest(recipe: recipe.recipe))
    }
    let health = try Inspection(quantized).health()
    func dead(_ health: ModelHealth, _ name: TensorName) -> [String] {
      health.findings.filter { $0.rule == .deadChannels && $0.tensor == name }.map(\.evidence)
    }
    #expect(dead(health, "stages.1.blocks.0.expand.weight") == dead(expected, sick))
    #expect(dead(expected, sick).count == 1)
    #expect(health.unexaminedCount == 0)
  }
}
