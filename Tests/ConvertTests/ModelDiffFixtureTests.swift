import ByteIO
import Convert
import Inspect
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing
import TorchFormat

@Suite("Diff of fixtures")
struct ModelDiffFixtureTests {
  private func checkpoint(_ file: String) throws -> Checkpoint {
    try Checkpoint(path: Fixtures.path(file))
  }

  /// The Hugging Face fixture with all tensors rounded to another type.
  private func rounded(
    to elementType: ElementType, in folder: TemporaryFolder
  ) throws -> Checkpoint {
    let format = try #require(FloatFormat(elementType))
    let tensors = try checkpoint("names/huggingface.safetensors").tensors.map { tensor in
      var bytes: [UInt8] = []
      var reader = try #require(try NumberReader(tensor))
      while reader.advance() {
        let numbers = reader.numbers
        for index in numbers.indices {
          let bits = try #require(format.bits(rounding: numbers[index]))
          bytes += (0..<format.byteWidth).map {
            UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0)))
          }
        }
      }
      return try Tensor(
        name: tensor.name, elementType: elementType, shape: tensor.shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    }
    let path = folder.path("rounded.safetensors")
    let output = try OutputFile(path: path, replacingExisting: false)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    return try Checkpoint(path: path)
  }

  @Test(
    "the same weights are the same model in every naming and container",
    arguments: [
      "names/timm.pth", "names/facebook.safetensors", "names/torchvision.pth",
      "names/huggingface.pth",
    ])
  func namings(file: String) throws {
    let diff = try ModelDiff(checkpoint("names/timm.safetensors"), checkpoint(file))
    #expect(diff.verdict == "same model, identical")
    #expect(diff.isSame)
    #expect(diff.isModel)
    #expect(diff.worst == [])
  }

  /// The digests are of the manifests of `tensor.to(torch.float16)` and `to(torch.bfloat16)`.
  @Test(
    "the same weights in another naming and element type are equal within rounding",
    arguments: [
      (ElementType.float16, "6b5471f11bb3e90821b140099c3b95b67e76c05c86e060c0ec82917b31dcbac5"),
      (.bfloat16, "efc6120d1f15976fabaf9325effbbc06b75b7225a277d7b411ecdacb90634e5e"),
    ])
  func rounding(elementType: ElementType, torchDigest: String) throws {
    let folder = try TemporaryFolder()
    let narrow = try rounded(to: elementType, in: folder)
    #expect(try narrow.manifest(usesSourceNames: true).contentDigest.hex == torchDigest)
    let wide = try checkpoint("names/facebook.pth")
    for (left, right) in [(wide, narrow), (narrow, wide)] {
      let diff = try ModelDiff(left, right)
      #expect(diff.verdict == "same model, equal within \(elementType.name) rounding")
      #expect(diff.isSame)
      #expect(diff.pairs.allSatisfy { $0.status == .withinRounding(of: elementType) })
      let cosines = diff.pairs.compactMap { $0.difference?.cosine }
      #expect(cosines.allSatisfy { $0 > 0.999 })
      let ulps = diff.pairs.compactMap { $0.difference?.maximumULPDistance }
      #expect(ulps == [])
    }
  }

  @Test("two roundings of one model are not the same")
  func twoRoundings() throws {
    let folders = [try TemporaryFolder(), try TemporaryFolder()]
    let half = try rounded(to: .float16, in: folders[0])
    let brain = try rounded(to: .bfloat16, in: folders[1])
    // A number that was rounded twice may differ from one that was rounded once; many do not.
    let diff = try ModelDiff(half, brain, tolerance: 0.1)
    #expect(diff.isSame)
    #expect(try ModelDiff(half, brain, tolerance: 0).isSame == false)
  }

  @Test("near misses are told by what they lack")
  func nearMisses() throws {
    let model = try checkpoint("torch/protocol-2.pth")
    let misshapen = try ModelDiff(model, checkpoint("torch/wrong-shape.pth"))
    #expect(misshapen.verdict == "different: 1 of another shape")
    #expect(!misshapen.isModel)
    let missing = try ModelDiff(model, checkpoint("torch/missing-tensor.pth"))
    #expect(missing.verdict == "different: 1 missing")
    #expect(missing.missing.map(\.name) == ["head.norm.bias"])
    #expect(missing.extra == [])
  }

  @Test("a tensor beside the model is mentioned, and is a difference under source names")
  func otherTensor() throws {
    let model = try checkpoint("torch/protocol-2.pth")
    let surplus = try checkpoint("torch/extra-tensor.pth")
    let diff = try ModelDiff(model, surplus)
    #expect(diff.verdict == "same model, identical; 1 tensor beside it was not compared")
    #expect(diff.firstOther == [])
    #expect(diff.secondOther.map(\.name) == ["head.fc.scale"])
    let bySource = try ModelDiff(model, surplus, usesSourceNames: true)
    #expect(bySource.verdict == "different: 1 extra")
    #expect(bySource.extra.map(\.name) == ["head.fc.scale"])
  }

  @Test("a tensor within the backbone that only one model has makes it another model")
  func adapter() throws {
    let folder = try TemporaryFolder()
    let shapes = try checkpoint("names/timm.safetensors").tensors.map { ($0.name, $0.shape) }
    let adapter = (TensorName("stages.0.blocks.0.mlp.fc1.lora_A"), [2, 4])
    try folder.writeZeros(shapes, to: "plain.safetensors")
    try folder.writeZeros(shapes + [adapter], to: "adapted.safetensors")
    let plain = try Checkpoint(path: folder.path("plain.safetensors"))
    let adapted = try Checkpoint(path: folder.path("adapted.safetensors"))
    let name = "'stages.0.blocks.0.mlp.fc1.lora_A'"
    #expect(
      try ModelDiff(plain, adapted).modelDifference == "only the second has \(name) in its backbone"
    )
    #expect(
      try ModelDiff(adapted, plain).modelDifference == "only the first has \(name) in its backbone")
    #expect(try !ModelDiff(plain, adapted).isSame)
    #expect(try ModelDiff(adapted, adapted).verdict == "same model, identical")
  }

  @Test("what stands beside the model goes by its whole name where the path would make two alike")
  func alikeNames() throws {
    let folder = try TemporaryFolder()
    let shapes = try checkpoint("names/timm.safetensors").tensors.map {
      (TensorName("module.\($0.name)"), $0.shape)
    }
    for (file, count) in [("a.safetensors", 2), ("b.safetensors", 3)] {
      try folder.writeZeros(shapes + [("module.x", [2]), ("x", [count])], to: file)
    }
    let diff = try ModelDiff(
      Checkpoint(path: folder.path("a.safetensors")), Checkpoint(path: folder.path("b.safetensors"))
    )
    #expect(diff.verdict == "different: 1 of another shape")
    #expect(diff.worst.map(\.name) == ["x"])
  }

  @Test("under source names, namings are different files")
  func sourceNames() throws {
    let diff = try ModelDiff(
      checkpoint("names/timm.safetensors"), checkpoint("names/facebook.safetensors"),
      usesSourceNames: true)
    #expect(!diff.isSame)
    #expect(!diff.missing.isEmpty)
    #expect(!diff.extra.isEmpty)
  }

  @Test("two files without tensors are not the same for that, nor have they a digest")
  func noTensors() throws {
    let folder = try TemporaryFolder()
    let paths = try ["a", "b"].map { name in
      let output = try OutputFile(path: folder.path("\(name).pth"), replacingExisting: false)
      try TorchWriter(tensors: [], archiveName: name).write(to: output)
      try output.commit()
      return folder.path("\(name).pth")
    }
    let checkpoints = try paths.map { try Checkpoint(path: $0) }
    #expect(
      failure(FileError.self) { try ModelDiff(checkpoints[0], checkpoints[1]) }?.rule
        == "no-tensors")
    #expect(failure(FileError.self) { try checkpoints[0].manifest() }?.rule == "no-tensors")
  }

  @Test("files that hold no model are compared by their own names")
  func noModel() throws {
    let diff = try ModelDiff(
      checkpoint("safetensors/dtypes.safetensors"), checkpoint("safetensors/dtypes.safetensors"))
    #expect(diff.verdict == "same tensors, identical")
    #expect(!diff.isModel)
  }

  @Test("the same tensors in models that compute something else with them are not the same model")
  func otherComputation() throws {
    var options = Checkpoint.Options()
    options.renameRules = try RenameRule.parse(
      ByteRegion(copying: Array("^norm_pre head.norm\n".utf8)))
    let path = Fixtures.path("families/timm-norm-first.safetensors")
    let (first, plain) = (try Checkpoint(path: path), try Checkpoint(path: path, options: options))
    let diff = try ModelDiff(plain, first)
    #expect(!diff.isSame)
    #expect(diff.verdict == "different: only the second computes 'head_norm_first'")
    #expect(
      try ModelDiff(first, plain).verdict.hasSuffix("only the first computes 'head_norm_first'"))
    #expect(try ModelDiff(first, first).isSame)
  }
}
