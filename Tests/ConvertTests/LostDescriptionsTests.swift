import ByteIO
import ConvNeXtSchema
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("LostDescriptions")
struct LostDescriptionsTests {
  @Test("an encoder without its last stages keeps timm's names, and that is told")
  func shortened() throws {
    let folder = try TemporaryFolder()
    let tensors = try Checkpoint(path: Fixtures.path("names/timm.safetensors")).tensors
    let kept = tensors.filter { tensor in
      !["stages.3.", "head."].contains { tensor.name.string.hasPrefix($0) }
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: kept).write(to: output)
    try output.commit()
    let checkpoint = try Checkpoint(path: output.path)
    let plan = try checkpoint.plan("b.safetensors", naming: .timm)
    #expect(plan.steps.count == kept.count)
    #expect(plan.lostDescriptions(inFolder: false).contains { $0.contains("3 of 4 stages") })
    #expect(throws: SchemaError.self) { try checkpoint.plan("b.safetensors", naming: .facebook) }
  }

  @Test("an epsilon that a reader of the names will not have is told")
  func lostEpsilons() throws {
    let source = try TemporaryFolder.transformers(#"{"layer_norm_eps": 0.125}"#)
    let checkpoint = try Checkpoint(path: source.path)
    let sentence = "the final norm has an epsilon of 0.125, which no name shows"
    for naming in [Naming.timm, .canonical] {
      let plan = try checkpoint.plan("a.safetensors", naming: naming)
      #expect(plan.lostDescriptions(inFolder: false) == [sentence])
    }
    #expect(
      try checkpoint.plan("", naming: .huggingface).lostDescriptions(inFolder: true) == [])
    let plain = try TemporaryFolder.transformers("{}")
    let usual = try Checkpoint(path: plain.path)
    for naming in Naming.allCases {
      let plan = try usual.plan("a.safetensors", naming: naming)
      #expect(plan.lostDescriptions(inFolder: false) == [], "\(naming)")
    }
  }

  @Test("labels, preprocessing and image size that a file has no place for are told")
  func lostTexts() throws {
    let source = try Checkpoint(path: Fixtures.path("folders/single"))
    #expect(source.folder?.preprocessing != nil)
    let folder = try TemporaryFolder()
    let sentence = "left out, for the result has no place for it: "
    for checkpoint in [source, try source.converted(to: folder.path("a.convnext"))] {
      for (file, naming) in [("a.pth", Naming.timm), ("a.safetensors", .canonical)] {
        let told = try checkpoint.plan(file, naming: naming).lostDescriptions(inFolder: false)
        #expect(told.count { $0.hasPrefix(sentence) && $0.contains("preprocessing") } == 1)
      }
      #expect(
        try !checkpoint.plan("", naming: .huggingface).lostDescriptions(inFolder: true)
          .contains { $0.hasPrefix(sentence) })
    }
    #expect(try source.plan("a.convnext").lostDescriptions(inFolder: false) == [])
  }

  @Test("a safetensors file's own metadata is kept in safetensors, and told elsewhere")
  func metadata() throws {
    let folder = try TemporaryFolder()
    let tensors = try FixtureManifest.file("names/timm.safetensors").checkpoint().tensors
    let entries = ["format", "my.key"].map { SafetensorsMetadataEntry(key: $0, value: "pt") }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tensors, metadata: entries).write(to: output)
    try output.commit()
    let source = try Checkpoint(path: folder.path("a.safetensors"))
    for (file, count) in [("a.pth", 1), ("a.convnext", 1), ("b.safetensors", 0)] {
      let told = try source.plan(file).lostDescriptions(inFolder: false)
      #expect(told.count == count && told.allSatisfy { $0.contains("'my.key'") }, "\(file)")
    }
  }

  @Test("transformers' epsilon of the final norm is told where the source says it")
  func statedSmallEpsilon() throws {
    let source = try TemporaryFolder.transformers(#"{"layer_norm_eps": 1e-12}"#)
    let plan = try Checkpoint(path: source.path).plan("a.pth", naming: .timm)
    #expect(plan.lostDescriptions(inFolder: false).count == 1)
    let same = try Checkpoint(path: source.path).plan("a.safetensors", naming: .huggingface)
    #expect(same.lostDescriptions(inFolder: false) == [])
  }

  @Test("of a TorchScript file it is said that its program and its files are left out")
  func program() throws {
    let plan = try FixtureManifest.file("torch/scripted.pt").checkpoint().plan("a.convnext")
    #expect(
      plan.lostDescriptions(inFolder: false).contains { $0.contains("program of the TorchScript") })
  }
}
