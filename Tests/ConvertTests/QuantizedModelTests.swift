import ByteIO
import ConvNeXtSchema
import Inspect
import NativeFormat
import Quantize
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

/// Whole models with codes and scales, from file to file.
@Suite("Quantized models")
struct QuantizedModelTests {
  private static let digits = Fixtures.path("digits/convnext_digits.pth")

  /// A model of every kind, in one naming each.
  private static let sources = [
    "digits/convnext_digits.pth", "names/torchvision.pth", "names/huggingface.safetensors",
    "families/openmmlab.pth", "families/timm-conv-mlp.safetensors", "v2/huggingface.pth",
    "families/timm-mlp-head.safetensors", "families/facebook-isotropic.pth",
  ]

  private func quantizing(
    _ recipe: Recipe.BuiltIn, _ change: @escaping (inout QuantizationRequest) -> Void = { _ in }
  ) -> (inout ConversionRequest) -> Void {
    { request in
      var quantization = QuantizationRequest(recipe: recipe.recipe)
      change(&quantization)
      request.treatment = .quantize(quantization)
    }
  }

  @Test(
    "every model has the same content digest in both containers, and in every naming",
    arguments: sources)
  func containers(_ source: String) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Fixtures.path(source))
    let native = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(.int8))
    let digest = try native.manifest().contentDigest
    #expect(native.native?.header.manifest.contentDigest == digest)
    #expect(try native.completeMatch()?.isComplete == true)
    let direct = try checkpoint.converted(to: folder.path("a.safetensors"), quantizing(.int8))
    #expect(try direct.manifest().contentDigest == digest)
    // The source's own naming can express every model.
    let own = try #require(try checkpoint.completeMatch()).candidate.naming
    for naming in Set([Naming.canonical, own]) {
      let export = try native.converted(
        to: folder.path("\(naming.rawValue).safetensors"), naming: naming)
      #expect(try export.manifest().contentDigest == digest, "\(naming)")
      #expect(export.quantizedTensors.count == native.quantizedTensors.count)
      let back = try export.converted(to: folder.path("\(naming.rawValue).convnext"))
      #expect(try back.manifest().contentDigest == digest)
    }
  }

  @Test(
    "what dequantizing gives back has the same codes again", arguments: Recipe.BuiltIn.allCases)
  func roundTrip(_ recipe: Recipe.BuiltIn) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    let first = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(recipe))
    for (name, naming) in [("b.pth", Naming.facebook), ("b.safetensors", .huggingface)] {
      let numbers = try first.converted(to: folder.path(name), naming: naming) {
        $0.treatment = .dequantize
      }
      #expect(numbers.quantizedTensors.isEmpty)
      #expect(try ModelDiff(first, numbers).isSame)
      let again = try numbers.converted(
        to: folder.path(name + ".convnext"), quantizing(recipe))
      #expect(try again.manifest() == first.manifest())
    }
  }

  /// The bytes of all tensors, and their digests, are the same; what the numbers are is not.
  @Test("a header that gives weights each other's scales has another content digest")
  func swappedScales() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Fixtures.path("names/torchvision.pth"))
    let file = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(.int8))
    var bytes = try folder.bytes("a.convnext")
    let dataOffset = (24..<32).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    let fields = (0...1).map {
      Array("\"scale\":\"stages.2.blocks.\($0).expand.weight_scale\"".utf8)
    }
    let ranges = try fields.map { try #require(bytes[..<dataOffset].firstRange(of: $0)) }
    for (range, field) in zip(ranges, fields.reversed()) {
      bytes.replaceSubrange(range, with: field)
    }
    bytes.replaceSubrange(40..<72, with: [UInt8](repeating: 0, count: 32))
    let digest = SHA256Digest(of: ByteRegion(copying: bytes[..<dataOffset])).bytes
    bytes.replaceSubrange(40..<72, with: digest)
    let path = try folder.write(bytes, to: "swapped.convnext")
    #expect(try Verification(path: path).isIntact)
    let swapped = try Checkpoint(path: path)
    let stated = try Inspection(swapped).contentDigest
    #expect(try stated == swapped.manifest().contentDigest)
    #expect(try stated != Inspection(file).contentDigest)
    #expect(try Inspection(file).contentDigest == file.manifest().contentDigest)
  }

  @Test("the model is counted as it is, and the scales apart")
  func inspection() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    let plain = try Inspection(checkpoint)
    let file = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(.int8))
    let inspection = try Inspection(file)
    #expect(inspection.summary?.parameterCount == plain.summary?.parameterCount)
    #expect(inspection.match?.tensors.count == plain.match?.tensors.count)
    #expect(plain.quantization == nil)
    let quantization = try #require(inspection.quantization)
    #expect(quantization.schemes.map(\.scheme) == [.int8Channel])
    #expect(quantization.scaleTensorCount == file.quantizedTensors.count)
    #expect(quantization.scaleByteCount == 4 * quantization.scaleCount)
    #expect(quantization.sourceTypes == [.float32])
    #expect(file.storedTensors.count == file.tensors.count + quantization.scaleTensorCount)
    #expect(try Verification(path: folder.path("a.convnext")).isIntact)
  }

  @Test("a quantized model is told from another one, and from one with changed weights")
  func diff() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    let file = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(.int8Block32))
    for diff in [try ModelDiff(checkpoint, file), try ModelDiff(file, checkpoint)] {
      #expect(!diff.isSame)
      #expect(diff.verdict.hasPrefix("same model, quantized: 19 of 65 tensors, "))
      #expect(diff.pairs.count { $0.status == .quantized(.int8Channel) } > 0)
      #expect(diff.pairs.count { $0.status == .quantized(.int8Block32) } > 0)
    }
    #expect(try ModelDiff(checkpoint, file, tolerance: 0.01).isSame)
    let accurate = try checkpoint.converted(
      to: folder.path("b.convnext"), quantizing(.int8Accurate))
    // Codes against numbers of half precision: not what the codes were made of.
    let diff = try ModelDiff(accurate, file)
    #expect(diff.verdict.hasPrefix("different: "))
  }

  @Test("containers without a place for codes are refused, and say what to do")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    let name = "stages.0.blocks.0.conv_dw.weight"
    #expect(
      failure(ConversionError.self) { try checkpoint.plan("a.pth", self.quantizing(.int8)) }
        == .codesNotKept(tensor: name, isNew: true))
    #expect(
      failure(FileError.self) {
        try checkpoint.plan(folder.path + "/f/", naming: .huggingface, self.quantizing(.int8))
          .write(to: folder.path + "/f/", replacingExisting: false)
      }?.rule == "codes-not-kept")
    #expect(
      failure(ConversionError.self) {
        try checkpoint.plan("a.safetensors", self.quantizing(.int4Block32))
      }?.rule == "int4-not-kept")
    #expect(throws: Never.self) { try checkpoint.plan("a.pth", self.quantizing(.bfloat16)) }
    let file = try checkpoint.converted(to: folder.path("a.convnext"), quantizing(.int8))
    #expect(
      failure(QuantizeError.self) { try file.plan("b.convnext", self.quantizing(.float16)) }?.rule
        == "already-quantized")
    #expect(folder.names == ["a.convnext"])
  }

  @Test("below the ratio that is asked for nothing is written")
  func gate() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    let path = folder.path("a.convnext")
    let plan = try checkpoint.plan(path, quantizing(.int8) { $0.minimumSQNR = 39.5 })
    let error = failure(BelowMinimumSQNR.self) {
      try plan.write(to: path, replacingExisting: false)
    }
    let report = try #require(error?.report)
    #expect(
      report.worst.prefix { $0.quality?.sqnr ?? 0 < 39.5 }.map(\.name) == [
        "stages.3.blocks.0.depthwise.weight"
      ])
    #expect(folder.names.isEmpty)
    let lower = try checkpoint.plan(path, quantizing(.int8) { $0.minimumSQNR = 39 })
    _ = try lower.write(to: path, replacingExisting: false)
    #expect(folder.names == ["a.convnext"])
  }

  @Test("the report's bytes are those of the tensors that are written")
  func bytes() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.digits)
    for recipe in Recipe.BuiltIn.allCases {
      let path = folder.path("\(recipe.rawValue).convnext")
      let plan = try checkpoint.plan(path, quantizing(recipe))
      let report = try plan.quantizationReport()
      let result = try plan.write(to: path, replacingExisting: false)
      #expect(try plan.byteCount(at: path) == result.byteCount)
      #expect(try FileMapping(path: path).byteCount == result.byteCount)
      #expect(try Checkpoint(path: path).tensorByteCount == report.byteCount)
      #expect(try plan.quantizationReport() == report)
    }
  }

  @Test("a whole tensor stays F32 where one number of it is too large for F16")
  func keepsFloat32() throws {
    let folder = try TemporaryFolder()
    let source = try Checkpoint(path: Self.digits)
    let tensors = try source.tensors.map { tensor in
      guard tensor.name == "stem.0.bias" else { return tensor }
      let bytes = [Float(1), 2, 3, 70000, 0, 0, 0, 0].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
      return try Tensor(
        name: tensor.name, elementType: .float32, shape: tensor.shape,
        storage: RegionStorage(ByteRegion(copying: bytes)))
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    let checkpoint = try Checkpoint(path: folder.path("a.safetensors"))
    let refused = failure(QuantizeError.self) {
      try checkpoint.converted(to: folder.path("b.convnext"), quantizing(.float16))
    }
    #expect(
      refused
        == .overflow(tensor: "stem.conv.bias", index: [3], value: 70000, type: .float16))
    let kept = try checkpoint.converted(
      to: folder.path("c.convnext"), quantizing(.float16) { $0.overflow = .keepFloat32 })
    #expect(kept.tensors.filter { $0.elementType == .float32 }.map(\.name) == ["stem.conv.bias"])
    #expect(folder.names == ["a.safetensors", "c.convnext"])
  }

  /// Texts under `convnext.quantization`, and the rule that each breaks.
  private static let wrongTexts: [(String, String)] = [
    ("{", "invalid-quantization"), ("[]", "invalid-quantization"),
    (#"{"w":{}}"#, "invalid-quantization"),
    (
      #"{"w":{"scheme":"int8-channel","axis":0,"blockSize":"x","scale":"s","sourceType":"F32"}}"#,
      "invalid-quantization"
    ),
    (
      #"{"w":{"scheme":"int3","axis":0,"blockSize":null,"scale":"s","sourceType":"F32"}}"#,
      "unknown-scheme"
    ),
    (
      #"{"w":{"scheme":"int8-channel","axis":0,"blockSize":null,"scale":"s","sourceType":"F32"}}"#,
      "no-weight"
    ),
    (
      #"{"a":{"scheme":"int8-channel","axis":0,"blockSize":null,"scale":"s","sourceType":"F32"}}"#,
      "no-scale"
    ),
    (
      #"{"a":{"scheme":"int8-channel","axis":0,"blockSize":null,"scale":"b","sourceType":"F32"}}"#,
      "wrong-code-type"
    ),
  ]

  @Test("metadata that is wrong is refused with its rule", arguments: wrongTexts)
  func metadata(_ text: String, _ rule: String) throws {
    let folder = try TemporaryFolder()
    let tensors = try ["a", "b"].map {
      try Tensor(
        name: TensorName($0), elementType: .float32, shape: [1],
        storage: RegionStorage(ByteRegion(copying: [0, 0, 0, 0])))
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(
      tensors: tensors,
      metadata: [SafetensorsMetadataEntry(key: OwnMetadata.quantizationKey, value: text)]
    ).write(to: output)
    try output.commit()
    do {
      _ = try Checkpoint(path: folder.path("a.safetensors"))
      Issue.record("it was opened")
    } catch let error as any CheckpointError {
      #expect(error.rule == rule)
      guard error.category == .invalidInput else { return }
      #expect(try !Verification(path: folder.path("a.safetensors")).isIntact)
    }
  }

  /// GRN is `[4C]` in canonical names, and `[1,1,1,4C]` in those of Meta and transformers.
  @Test("codes whose scales do not fit a naming's shape are refused", arguments: Naming.allCases)
  func grn(_ naming: Naming) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FixtureManifest.file("v2/facebook.safetensors").checkpoint()
    let quantize = quantizing(.int8) { request in
      request.recipe = request.recipe.adding([
        Recipe.Rule("grn", [.int8])
      ])
    }
    let native = try checkpoint.converted(to: folder.path("a.convnext"), quantize)
    #expect(
      native.quantizedTensors.keys.contains { $0.string.contains("grn") } == true)
    let isOtherShape = naming == .facebook || naming == .huggingface
    for (index, (source, change)) in [(native, { _ in }), (checkpoint, quantize)].enumerated() {
      let path = folder.path("\(index).safetensors")
      do {
        let export = try source.converted(to: path, naming: naming, change)
        #expect(!isOtherShape)
        #expect(try export.manifest().contentDigest == native.manifest().contentDigest)
      } catch let error as QuantizeError {
        #expect(error.rule == "other-rows")
        #expect(error.category == .unsupported && error.hint != nil)
        #expect(isOtherShape)
      } catch let error as SchemaError {
        // torchvision has no V2.
        #expect(error.category == .unsupported && naming == .torchvision)
      }
    }
  }

  @Test("scales that fit the file's shape and not the model's are an error")
  func scalesOfOtherRows() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try FixtureManifest.file("v2/facebook.safetensors").checkpoint()
    let name = try #require(checkpoint.tensors.first { $0.name.string.contains("grn.gamma") }?.name)
    let source = try #require(checkpoint.tensors.first { $0.name == name })
    let quantized = try WeightCodes(source, scheme: .int8Channel, name: "grn").quantized
    let tensors =
      checkpoint.tensors.filter { $0.name != name } + [quantized.codes, quantized.scales]
    let path = folder.path("a.safetensors")
    let output = try OutputFile(path: path, replacingExisting: false)
    try SafetensorsWriter(
      tensors: tensors, metadata: [try #require(QuantizationMetadata.entry(of: [quantized]))]
    ).write(to: output)
    try output.commit()
    let file = try Checkpoint(path: path)
    #expect(file.quantizedTensors.count == 1)
    #expect(failure(QuantizationError.self) { try file.manifest() }?.rule == "wrong-scale-shape")
    #expect(failure(QuantizationError.self) { try Inspection(file) }?.rule == "wrong-scale-shape")
    #expect(failure(QuantizeError.self) { try file.plan("b.convnext") }?.rule == "other-rows")
  }
}
