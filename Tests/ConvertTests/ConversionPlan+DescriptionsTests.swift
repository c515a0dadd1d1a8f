import ByteIO
import ConvNeXtSchema
import NativeFormat
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("ConversionPlan: descriptions")
struct ConversionPlanDescriptionsTests {
  private func config(_ file: String) throws -> JSONValue {
    let fixture = try FixtureManifest.file(file)
    return try fixture.checkpoint().plan("", naming: .huggingface) {
      $0.isBackboneOnly = fixture.isLargerNetwork
    }.huggingFaceConfig
  }

  private func labels(_ count: Int) -> (JSONValue, JSONValue) {
    var idToLabel = JSONObject()
    var labelToID = JSONObject()
    for index in 0..<count {
      idToLabel["\(index)"] = .string("LABEL_\(index)")
      labelToID["LABEL_\(index)"] = .integer(index)
    }
    return (.object(idToLabel), .object(labelToID))
  }

  @Test("a classifier of version 1, whole")
  func classifier() throws {
    let (idToLabel, labelToID) = labels(10)
    #expect(
      try config("names/timm.pth")
        == .object([
          "architectures": .array([.string("ConvNextForImageClassification")]),
          "model_type": .string("convnext"),
          "num_channels": .integer(3),
          "patch_size": .integer(4),
          "num_stages": .integer(4),
          "depths": .integers([1, 1, 2, 1]),
          "hidden_sizes": .integers([4, 8, 12, 16]),
          "hidden_act": .string("gelu"),
          "layer_norm_eps": .number(1e-6),
          "layer_scale_init_value": .number(1e-6),
          "drop_path_rate": .number(0),
          "initializer_range": .number(0.02),
          "id2label": idToLabel,
          "label2id": labelToID,
        ]))
  }

  @Test("very many labels are left to transformers to make up")
  func manyLabels() throws {
    let folder = try TemporaryFolder()
    let classes = 1 << 16 + 1
    let tensors = try Checkpoint(path: Fixtures.path("names/timm.safetensors")).tensors.map {
      tensor in
      guard tensor.name.string.hasPrefix("head.fc.") else { return tensor }
      let shape = [classes] + tensor.shape.dropFirst()
      let zeros = [UInt8](repeating: 0, count: 4 * shape.reduce(1, *))
      return try Tensor(
        name: tensor.name, elementType: .float32, shape: shape,
        storage: RegionStorage(ByteRegion(copying: zeros)))
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    let plan = try Checkpoint(path: output.path).plan("", naming: .huggingface)
    #expect(plan.huggingFaceConfig["num_labels"] == .integer(classes))
    #expect(plan.huggingFaceConfig["id2label"] == nil)
    #expect(plan.paths(at: "x/") == ["x/model.safetensors", "x/config.json"])
  }

  @Test(
    "labels without a classifier, and outputs without norms, are said to be left out",
    arguments: [
      ("id2label", #"{"0": "cat", "1": "dog"}"#, "class labels of config.json"),
      ("id2label", #"{"0": "LABEL_0", "1": "LABEL_1"}"#, nil),
      (
        "out_features", #"["stage2", "stage4"]"#, "out_features of config.json ('stage2', 'stage4')"
      ),
      ("out_features", #"["stage4"]"#, nil), ("out_features", "null", nil),
    ])
  func lostSettings(key: String, value: String, sentence: String?) throws {
    let folder = try TemporaryFolder.transformers(
      #"{"model_type": "convnext", "\#(key)": \#(value)}"#)
    let checkpoint = try Checkpoint(path: folder.path)
    for container in [OutputContainer.convnext, .safetensors] {
      let plan = try checkpoint.plan("", naming: container == .convnext ? nil : .huggingface) {
        $0.container = container
        $0.isBackboneOnly = key == "id2label"
      }
      let found = plan.lostDescriptions(inFolder: container != .convnext).filter {
        $0.contains("config.json")
      }
      #expect(found.count == (sentence == nil ? 0 : 1))
      #expect(sentence == nil || found.first?.contains(sentence ?? "") == true)
    }
  }

  @Test("codes of another program are not written as weights")
  func quantizedElsewhere() throws {
    let config =
      #"{"model_type": "convnext", "quantization_config": {"quant_method": "bitsandbytes"}}"#
    // Weights that are all there, as floating-point numbers, are a model's.
    let whole = try TemporaryFolder.transformers(config)
    #expect(try Checkpoint(path: whole.path).match().isComplete)
    _ = try Checkpoint(path: whole.path).plan("a.convnext")
    let tensors = try Checkpoint(path: whole.path).tensors
    let scales = try Tensor(
      name: "classifier.SCB", elementType: .float32, shape: [1],
      storage: RegionStorage(ByteRegion(copying: [0, 0, 0, 0])))
    let output = try OutputFile(path: whole.path("model.safetensors"), replacingExisting: true)
    try SafetensorsWriter(tensors: tensors + [scales]).write(to: output)
    try output.commit()
    let checkpoint = try Checkpoint(path: whole.path)
    #expect(throws: ConversionError.quantizedElsewhere(method: "bitsandbytes")) {
      try checkpoint.plan("a.convnext") { $0.allowsExtra = true }
    }
    #expect(
      try Inspection(checkpoint).doubts.contains { $0.contains("quantized by 'bitsandbytes'") })
  }

  @Test("transformers is told to compute in a type that it can compute in")
  func computedType() throws {
    for (type, dtype) in [(ElementType.float8E4M3, "float32"), (.float16, nil)] {
      let folder = try TemporaryFolder()
      let tensors = try Checkpoint(path: Fixtures.path("names/timm.safetensors")).tensors.map {
        let zeros = [UInt8](repeating: 0, count: $0.elementCount * type.bitWidth / 8)
        return try Tensor(
          name: $0.name, elementType: type, shape: $0.shape,
          storage: RegionStorage(ByteRegion(copying: zeros)))
      }
      let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
      try SafetensorsWriter(tensors: tensors).write(to: output)
      try output.commit()
      let config = try Checkpoint(path: output.path).plan("", naming: .huggingface)
        .huggingFaceConfig
      #expect(config["dtype"]?.stringValue == dtype)
    }
  }

  @Test("preprocessing that is no object has no words in transformers")
  func oddPreprocessing() {
    for value in [JSONValue.string("x"), .array([.integer(1)]), .integer(5), .bool(true)] {
      #expect(PreprocessorConfiguration.huggingFace(value) == nil)
    }
  }

  @Test("that a model answers with one class, as those with several do, is no loss")
  func problemType() throws {
    for (type, isLost) in [("single_label_classification", false), ("regression", true)] {
      let folder = try TemporaryFolder.transformers(
        #"{"model_type": "convnext", "problem_type": "\#(type)"}"#)
      let lost = try Checkpoint(path: folder.path).plan("a.convnext").lostDescriptions(
        inFolder: false)
      #expect(lost.contains { $0.contains("problem_type") } == isLost)
    }
  }

  @Test("another activation goes from folder to folder, also by way of a .convnext file")
  func activation() throws {
    let source = try TemporaryFolder.transformers(#"{"hidden_act": "gelu_pytorch_tanh"}"#)
    let checkpoint = try Checkpoint(path: source.path)
    let folders = try [
      checkpoint, checkpoint.converted(to: source.path("a.convnext")),
      checkpoint.converted(to: source.path("a.safetensors"), naming: .canonical),
    ]
    for checkpoint in folders {
      let config = try checkpoint.plan("", naming: .huggingface).huggingFaceConfig
      #expect(config["hidden_act"]?.stringValue == "gelu_pytorch_tanh")
    }
    #expect(throws: SchemaError.self) { try checkpoint.plan("a.pth", naming: .torchvision) }
    let file = try checkpoint.plan("a.safetensors", naming: .huggingface)
    #expect(file.lostDescriptions(inFolder: false).count == 1)
    #expect(file.lostDescriptions(inFolder: true) == [])
    let usual = try TemporaryFolder.transformers(#"{"hidden_act": "gelu"}"#)
    #expect(
      try Checkpoint(path: usual.path).completeMatch()?.architecture.features == ["layer_scale"])
  }

  /// timm's `features_only` leaves out what lies behind the last of `out_indices`.
  @Test("labels that are not one for each output are left out, and are told", arguments: [4, 1000])
  func otherLabels(count: Int) throws {
    let labels = (0..<count).map { "\"\($0)\": \"l\($0)\"" }.joined(separator: ",")
    let source = try TemporaryFolder.transformers("{\"id2label\": {\(labels)}}")
    let checkpoint = try Checkpoint(path: source.path)
    let sentence =
      "config.json names \(count) labels, the classifier has 10 outputs: "
      + "they are left out"
    for isFolder in [false, true] {
      let plan = try checkpoint.plan("a.convnext", naming: isFolder ? .huggingface : nil) {
        if isFolder { $0.container = .safetensors }
      }
      #expect(plan.nativeHeader.labels == nil)
      #expect(plan.lostDescriptions(inFolder: isFolder) == [sentence])
    }
    let config = try checkpoint.plan("", naming: .huggingface).huggingFaceConfig
    #expect(config["id2label"] == self.labels(10).0)
  }

  @Test("a model of several types names the one in which transformers loads all of them")
  func mixedTypes() throws {
    let fixture = try FixtureManifest.file("names/huggingface.safetensors").checkpoint()
    let plain = try fixture.plan("", naming: .huggingface)
    #expect(plain.huggingFaceConfig["dtype"] == nil)
    let folder = try TemporaryFolder()
    var isFirst = true
    let tensors = try fixture.tensors.map { tensor in
      defer { isFirst = false }
      guard isFirst else { return tensor }
      return try Tensor(
        name: tensor.name, elementType: .float16, shape: tensor.shape,
        storage: RegionStorage(
          ByteRegion(copying: [UInt8](repeating: 0, count: 2 * tensor.elementCount))))
    }
    let output = try OutputFile(path: folder.path("a.safetensors"), replacingExisting: false)
    try SafetensorsWriter(tensors: tensors).write(to: output)
    try output.commit()
    let mixed = try Checkpoint(path: output.path).plan("", naming: .huggingface)
    #expect(mixed.huggingFaceConfig["dtype"] == .string("float32"))
  }

  @Test("labels with holes in their numbers stay as they are, and are told")
  func labelsWithHoles() throws {
    let labels = (0..<10).map { "\"\($0 < 5 ? $0 : $0 + 1)\": \"l\($0)\"" }.joined(separator: ", ")
    let numbers = #"{"l0": 0}"#
    let source = try TemporaryFolder.transformers(
      "{\"id2label\": {\(labels)}, \"label2id\": \(numbers)}")
    let plan = try Checkpoint(path: source.path).plan("", naming: .huggingface)
    #expect(plan.huggingFaceConfig["id2label"]?["10"]?.stringValue == "l9")
    #expect(plan.huggingFaceConfig["id2label"]?["5"] == nil)
    #expect(plan.huggingFaceConfig["label2id"]?["l0"]?.integerValue == 0)
    #expect(plan.lostDescriptions(inFolder: true).count == 1)
    #expect(plan.lostDescriptions(inFolder: false).count == 1)
    #expect(plan.nativeHeader.labels == nil)
  }

  @Test("a folder of a model without a final norm is told to get one")
  func missingFinalNorm() throws {
    let plan = try FixtureManifest.file("families/timm-features.pth").checkpoint()
      .plan("", naming: .huggingface)
    #expect(plan.lostDescriptions(inFolder: true).count == 1)
    #expect(plan.lostDescriptions(inFolder: false) != plan.lostDescriptions(inFolder: true))
    for naming in Naming.allCases {
      let plan = try FixtureManifest.file("families/timm-features.pth").checkpoint()
      let sentences = try plan.plan("a.pth", naming: naming).lostDescriptions(inFolder: false)
      // Publishers' names stand for a model that has one.
      #expect(sentences.isEmpty == (naming == .canonical), "\(naming): \(sentences)")
    }
  }

  @Test("from folder to folder, settings of a training and unknown keys stay as they are")
  func carriedSettings() throws {
    let source = try TemporaryFolder.transformers(
      """
      {"model_type": "convnext", "drop_path_rate": 0.3, "initializer_range": 0.5,
       "layer_scale_init_value": 1e-5, "image_size": 32, "my_own": "x", "torch_dtype": "float16",
       "num_labels": 3, "depths": [9], "_name_or_path": "/home/a", "seed": 12345678901234567890}
      """)
    let config = try Checkpoint(path: source.path).plan("", naming: .huggingface).huggingFaceConfig
    #expect(config["drop_path_rate"] == .number(0.3))
    #expect(config["initializer_range"] == .number(0.5))
    #expect(config["layer_scale_init_value"] == .number(1e-5))
    #expect(config["image_size"] == .integer(32))
    #expect(config["my_own"] == .string("x"))
    #expect(config["seed"]?.serialized() == "12345678901234567890")
    #expect(config["depths"] == .integers([1, 1, 2, 1]))
    for key in ["torch_dtype", "num_labels", "_name_or_path"] { #expect(config[key] == nil) }
    let other = try TemporaryFolder.transformers(
      #"{"model_type": "upernet", "drop_path_rate": 0.3}"#)
    #expect(
      try Checkpoint(path: other.path).plan("", naming: .huggingface)
        .huggingFaceConfig["drop_path_rate"] == .number(0))
  }

  @Test("version 2 has another type and no layer scale")
  func version2() throws {
    let config = try config("v2/facebook.pth")
    #expect(config["architectures"] == .array([.string("ConvNextV2ForImageClassification")]))
    #expect(config["model_type"]?.stringValue == "convnextv2")
    #expect(config["layer_scale_init_value"] == nil)
    let fcmae = try self.config("families/facebook-fcmae.pth")
    #expect(fcmae["architectures"] == .array([.string("ConvNextV2Model")]))
  }

  @Test("models without a classifier, and backbones with norms for their outputs")
  func headless() throws {
    let model = try config("torch/headless.pth")
    #expect(model["architectures"] == .array([.string("ConvNextModel")]))
    #expect(model["id2label"] == nil && model["label2id"] == nil && model["out_features"] == nil)
    let backbone = try config("families/facebook-detection.pth")
    #expect(backbone["architectures"] == .array([.string("ConvNextBackbone")]))
    #expect(
      backbone["out_features"] == .array((1...4).map { .string("stage\($0)") }))
    let last = try config("families/huggingface-backbone-last.safetensors")
    #expect(last["out_features"] == .array([.string("stage4")]))
  }

  @Test("what the source's configuration says is kept")
  func folder() throws {
    let source = try Checkpoint(path: Fixtures.path("folders/single"))
    let theirs = try #require(source.folder?.config)
    let ours = try source.plan("").huggingFaceConfig
    // The keys that `from_pretrained` acts on; `image_size` is read from the preprocessing.
    for key in [
      "architectures", "model_type", "num_channels", "patch_size", "num_stages", "depths",
      "hidden_sizes", "hidden_act", "layer_scale_init_value", "initializer_range", "id2label",
      "label2id",
    ] {
      #expect(ours[key] == theirs[key], "\(key)")
    }
    #expect(ours["layer_norm_eps"]?.numberValue == theirs["layer_norm_eps"]?.numberValue)
  }

  @Test("the native header describes the model")
  func nativeHeader() throws {
    let plan = try FixtureManifest.file("names/facebook.pth").checkpoint().plan("a.convnext")
    let model = plan.nativeHeader.model
    #expect(model.family == "convnext" && model.version == 1 && model.variant == "custom")
    #expect(model.depths == [1, 1, 2, 1])
    #expect(model.widths == [4, 8, 12, 16])
    #expect(model.classes == 10)
    #expect(model.imageSize == nil)
    #expect(model.features == ["layer_scale"])
    #expect(model.missingTensors == [])
    #expect(model.normEpsilon == 1e-6 && model.finalNormEpsilon == 1e-6)
    #expect(plan.nativeHeader.labels == nil && plan.nativeHeader.preprocessing == nil)
  }

  @Test("what is missing is noted")
  func missing() throws {
    let plan = try FixtureManifest.file("torch/missing-tensor.pth").checkpoint()
      .plan("a.convnext") { $0.allowsMissing = true }
    #expect(plan.nativeHeader.model.missingTensors == ["head.norm.bias"])
  }
}
