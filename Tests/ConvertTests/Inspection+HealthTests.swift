import ByteIO
import Convert
import Inspect
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

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
}
