import ByteIO
import NativeFormat
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("ModelMatch, held against a header")
struct ModelMatchHeaderDisagreementsTests {
  @Test("a header that says something else than the tensors is no good header")
  func contradictingHeader() throws {
    let folder = try TemporaryFolder()
    let fixture = try FixtureManifest.file("names/timm.pth")
    let sound = try fixture.checkpoint().converted(to: folder.path("a.convnext"))
    let native = try #require(sound.native)
    var header = native.header
    header.model.version = 2
    header.model.depths = [1, 1, 2, 2]
    header.model.classes = nil
    header.model.variant = "tiny"
    header.model.features = ["layer_scale", "grn"]
    header.model.missingTensors = ["head.norm.bias"]
    let path = try folder.write(header, sound.tensors, to: "b.convnext")
    let sentences = [
      "the header says version 2, the tensors have 1",
      "the header says depths 1,1,2,2, the tensors have 1,1,2,1",
      "the header says classes none, the tensors have 10",
      "the header says that the model is 'tiny', its tensors are of another size",
      "the header says that the model has the feature 'grn', its tensors do not",
      "the header says that 'head.norm.bias' is missing, and the model has or needs no such tensor",
    ]
    let verification = try Verification(path: path)
    #expect(verification.checks.first?.problems.map(\.message) == sentences)
    #expect(try Inspection(Checkpoint(path: path)).doubts == sentences)
    #expect(try Verification(path: folder.path("a.convnext")).isIntact)
  }

  @Test("a feature that this version does not know is no damage, whatever characters it has")
  func unknownFeature() throws {
    let folder = try TemporaryFolder()
    let sound = try FixtureManifest.file("names/timm.pth").checkpoint()
      .converted(to: folder.path("a.convnext"))
    var header = try #require(sound.native).header
    header.model.features.append("a,b é")
    let path = try folder.write(header, sound.tensors, to: "b.convnext")
    #expect(try Verification(path: path).isIntact)
    header.model.features += (0..<100_000).map { "f\($0)" }
    let many = try folder.write(header, sound.tensors, to: "c.convnext")
    #expect(try Checkpoint(path: many).completeMatch() != nil)
  }

  @Test("tensors that are no part of the header's model, or missing without a word, are told")
  func strayTensors() throws {
    let folder = try TemporaryFolder()
    let sound = try FixtureManifest.file("names/timm.pth").checkpoint()
      .converted(to: folder.path("a.convnext"))
    let header = try #require(sound.native).header
    func sentences(_ name: String, _ tensors: [Tensor]) throws -> [String] {
      let path = try folder.write(header, tensors, to: name)
      return try Verification(path: path).checks.flatMap(\.problems).map(\.message)
    }
    let missing = "'stem.norm.bias' is missing, and the header does not say so"
    let rest = sound.tensors.filter { $0.name != "stem.norm.bias" }
    #expect(try sentences("b.convnext", rest) == [missing])
    let renamed = sound.tensors.map {
      $0.name == "stem.norm.bias" ? $0.renamed("foo", shape: $0.shape) : $0
    }
    let found = try sentences("c.convnext", renamed)
    #expect(found.first == missing && found.count == 2)
    #expect(found.last?.contains("'foo'") == true)
  }

  @Test("whatever tensor of a model is missing, its header says what there is")
  func incompleteHeaders() throws {
    for file in ["names/timm.pth", "v2/facebook.pth", "families/facebook-detection.pth"] {
      let folder = try TemporaryFolder()
      let whole = try FixtureManifest.file(file).checkpoint()
      var convertedCount = 0
      for index in whole.tensors.indices {
        let path = folder.path("\(index).safetensors")
        let output = try OutputFile(path: path, replacingExisting: false)
        var tensors = whole.tensors
        let name = tensors.remove(at: index).name
        try SafetensorsWriter(tensors: tensors).write(to: output)
        try output.commit()
        // Without its last depthwise convolution a stage of one block is none.
        guard
          let converted = try? Checkpoint(path: path).converted(
            to: folder.path("\(index).convnext"),
            {
              $0.allowsMissing = true
              $0.allowsExtra = true
            })
        else { continue }
        convertedCount += 1
        let verification = try Verification(path: converted.path)
        #expect(
          verification.isIntact,
          "\(file) without \(name): \(verification.checks.flatMap(\.problems).map(\.message))")
      }
      #expect(convertedCount > whole.tensors.count / 2)
    }
  }
}

extension TemporaryFolder {
  /// Writes a `.convnext` file whatever its header says of the tensors; its path.
  fileprivate func write(
    _ header: NativeHeader, _ tensors: [Tensor], to name: String
  ) throws -> String {
    let output = try OutputFile(path: path(name), replacingExisting: false)
    try NativeWriter(header: header, tensors: tensors).write(to: output)
    try output.commit()
    return path(name)
  }
}
