import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import Convert

@Suite("ModelFolder")
struct ModelFolderTests {
  @Test("a folder's configuration says labels, epsilon and image size")
  func configuration() throws {
    let folder = try ModelFolder(path: Fixtures.path("folders/single"))
    #expect(folder.weightsPath == Fixtures.path("folders/single/model.safetensors"))
    let config = try JSONValue(parsing: Fixtures.bytes("folders/single/config.json"))
    let labels = try #require(config["id2label"]?.objectValue)
    #expect(folder.labels(classes: 3) == (0..<3).compactMap { labels["\($0)"]?.stringValue })
    #expect(folder.labels(classes: 4) == nil)
    #expect(folder.labels(classes: 1 << 40) == nil)
    #expect(folder.labels(classes: nil) == nil)
    #expect(folder.finalNormEpsilon == config["layer_norm_eps"]?.numberValue)
    let preprocessing = try JSONValue(
      parsing: Fixtures.bytes("folders/single/preprocessor_config.json"))
    #expect(folder.preprocessing == preprocessing)
    #expect(folder.imageSize == preprocessing["size"]?["shortest_edge"]?.integerValue)
    #expect(folder.imageSize != nil)
  }

  private func folder(_ preprocessing: String, _ config: String) throws -> ModelFolder {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(text: preprocessing, to: "preprocessor_config.json")
    try folder.write(text: config, to: "config.json")
    return try ModelFolder(path: folder.path)
  }

  @Test(
    "the image size stands in one of four places",
    arguments: [
      ("{\"size\": 96}", "{\"image_size\": 64}", 96),
      ("{\"size\": {\"shortest_edge\": 97}}", "{}", 97),
      ("{\"size\": {\"height\": 98, \"width\": 98}}", "{}", 98),
      ("{\"size\": {}}", "{\"image_size\": 64}", 64),
      ("{\"size\": {\"height\": 96, \"width\": 48}}", "{\"image_size\": 64}", nil),
      ("{\"size\": {\"shortest_edge\": 256}, \"crop_size\": 224}", "{}", 224),
      (
        "{\"size\": {\"shortest_edge\": 256}, \"crop_size\": {\"height\": 224, \"width\": 224}}",
        "{\"image_size\": 64}", 224
      ),
      (
        "{\"size\": {\"shortest_edge\": 256}, \"crop_size\": 224, \"do_center_crop\": false}", "{}",
        256
      ),
      (
        // As transformers' fast processors write it.
        """
        {"size": {"shortest_edge": 384}, "crop_size": null, "do_center_crop": null,
         "crop_pct": 0.875}
        """, "{}", 384
      ),
      ("{\"size\": 256, \"crop_size\": 224, \"do_center_crop\": null}", "{}", 256),
      ("{\"size\": 256, \"crop_size\": null, \"do_center_crop\": true}", "{}", 256),
      ("{\"size\": null, \"crop_size\": null}", "{\"image_size\": 64}", 64),
      ("{\"size\": null}", "{\"image_size\": null}", nil),
      ("{}", "{}", nil), ("{}", "{\"image_size\": [64, 64]}", 64),
      ("{}", "{\"image_size\": [64, 96]}", nil), ("{}", "{\"image_size\": -5}", nil),
      ("{}", "{\"image_size\": 8193}", nil), ("{\"size\": 0}", "{}", nil),
    ])
  func imageSize(_ preprocessing: String, _ config: String, _ size: Int?) throws {
    #expect(try folder(preprocessing, config).imageSize == size)
  }

  @Test(
    "images that are not square are told",
    arguments: [
      ("{\"size\": {\"height\": 96, \"width\": 48}}", "{\"image_size\": 64}", "96 x 48"),
      ("{}", "{\"image_size\": [64, 96]}", "64 x 96"),
      ("{\"crop_size\": {\"height\": 64, \"width\": 96}}", "{}", "64 x 96"),
      (
        "{}",
        "{\"architecture\": \"convnext_tiny\", \"pretrained_cfg\": {\"input_size\": [3, 64, 96]}}",
        "64 x 96"
      ),
      ("{\"size\": {\"height\": 96, \"width\": 96}}", "{\"image_size\": [64, 64]}", nil),
      ("{}", "{}", nil),
    ])
  func oblongSizes(_ preprocessing: String, _ config: String, _ sizes: String?) throws {
    #expect(try folder(preprocessing, config).oblongSizes == sizes)
  }

  @Test("what a configuration says is null is not said")
  func nullEntries() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(
      text: #"{"backbone_config": null, "layer_norm_eps": 1e-5, "hidden_act": "relu"}"#,
      to: "config.json")
    let usual = try ModelFolder(path: folder.path)
    #expect(usual.finalNormEpsilon == 1e-5)
    #expect(usual.features == ["activation_relu"])
    try folder.write(
      text: #"""
        {"architecture": "convnext_tiny", "pretrained_cfg": null, "input_size": [3, 64, 64],
         "label_names": null, "model_args": {"depths": null, "norm_eps": null}}
        """#, to: "config.json")
    let timm = try ModelFolder(path: folder.path)
    #expect(timm.imageSize == 64)
    #expect(timm.labels(classes: 2) == nil)
    #expect(timm.normEpsilon == nil)
  }

  @Test("weights are looked for in transformers' order")
  func order() throws {
    let folder = try TemporaryFolder()
    let names = [
      "pytorch_model.bin.index.json", "pytorch_model.bin", "model.safetensors.index.json",
      "model.safetensors",
    ]
    for name in names {
      try folder.write(text: "{}", to: name)
      #expect(try ModelFolder(path: folder.path).weightsPath == folder.path(name))
    }
  }

  @Test(
    "the weights that the configuration names come before all others, if they are in the folder")
  func namedWeights() throws {
    let folder = try TemporaryFolder()
    for name in ["model.safetensors", "other.safetensors"] {
      try folder.writeZeros(["x": [1]], to: name)
    }
    try folder.write(text: #"{"transformers_weights": "other.safetensors"}"#, to: "config.json")
    let model = try ModelFolder(path: folder.path)
    #expect(model.weightsPath == folder.path("other.safetensors"))
    #expect(
      model.unreadNote
        == "'model.safetensors' in the folder was not read: config.json names 'other.safetensors'")
    try folder.write(text: #"{"transformers_weights": "none.safetensors"}"#, to: "config.json")
    #expect(
      failure(SystemError.self) { try Checkpoint(path: folder.path) }?.path
        == folder.path("none.safetensors"))
    try folder.write(text: #"{"transformers_weights": "../../bin/sh"}"#, to: "config.json")
    #expect(throws: (any Error).self) { try ModelFolder(path: folder.path("")) }
  }

  @Test("processor_config.json comes before preprocessor_config.json, if it has an image processor")
  func processor() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(text: #"{"size": 32}"#, to: "preprocessor_config.json")
    try folder.write(text: #"{"image_processor": {"size": 64}}"#, to: "processor_config.json")
    #expect(try ModelFolder(path: folder.path).imageSize == 64)
    try folder.write(text: #"{"processor_class": "X"}"#, to: "processor_config.json")
    #expect(try ModelFolder(path: folder.path).imageSize == 32)
  }

  @Test("an adapter beside the weights, and a type that they are rounded to, are told")
  func companions() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    func model(_ config: String) throws -> ModelFolder {
      try folder.write(text: config, to: "config.json")
      return try ModelFolder(path: folder.path)
    }
    let plain = try model(#"{"dtype": "float32"}"#)
    #expect(plain.adapterNote == nil)
    #expect(plain.roundingNote(of: [.float16, .float32, .int8]) == nil)
    #expect(plain.roundingNote(of: [.float32, .float64])?.hasSuffix("they are F64 here") == true)
    let half = try model(#"{"torch_dtype": "bfloat16"}"#)
    #expect(half.roundingNote(of: [.bfloat16, .float16, .int64]) == nil)
    #expect(half.roundingNote(of: [.float32])?.hasPrefix("config.json says dtype bfloat16") == true)
    try folder.write(text: "{}", to: "adapter_config.json")
    #expect(half.adapterNote?.hasPrefix("the folder has an adapter") == true)
  }

  @Test("a folder without weights, and one with a configuration that is not JSON")
  func refused() throws {
    let folder = try TemporaryFolder()
    try folder.write(text: "weights", to: "weights.pth")
    #expect(
      failure(InputError.self) { try Checkpoint(path: folder.path) }
        == .noCheckpointInFolder(found: ["weights.pth"]))
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(text: "{", to: "config.json")
    let error = try #require(failure(InputError.self) { try Checkpoint(path: folder.path) })
    guard case .invalidConfig("config.json", let json) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.place == ErrorPlace(record: "config.json", byteOffset: json.offset))
  }

  @Test("a configuration larger than the limit is refused")
  func configTooLarge() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(text: "{\"a\": 1}", to: "config.json")
    var limits = Limits.standard
    limits.configByteCount = 8
    _ = try ModelFolder(path: folder.path, limits: limits)
    limits.configByteCount = 7
    #expect(throws: InputError.configTooLarge(name: "config.json", byteCount: 8, limit: 7)) {
      try ModelFolder(path: folder.path, limits: limits)
    }
  }

  @Test("an error of the weights names their file, not the folder")
  func namesFile() throws {
    let folder = try TemporaryFolder()
    let weights = try folder.write([1, 2, 3], to: "model.safetensors")
    let error = try #require(failure(FileError.self) { try Checkpoint(path: folder.path) })
    #expect(error.path == weights)
    #expect(error.rule == "unknown-file")
  }

  @Test("a folder of torch.distributed.checkpoint is named")
  func distributed() throws {
    let folder = try TemporaryFolder()
    try folder.write(text: "index", to: ".metadata")
    let error = try #require(failure(InputError.self) { try Checkpoint(path: folder.path) })
    #expect(error == .distributedCheckpoint)
    #expect(error.category == .unsupported)
    #expect(error.hint?.contains("dcp_to_torch") == true)
  }

  @Test("a part of torch.distributed.checkpoint is named")
  func distributedPart() throws {
    let folder = try TemporaryFolder()
    let archive = try Fixtures.bytes("names/timm.pth").array
    let part = try folder.write(archive + archive, to: "__0_0.distcp")
    #expect(failure(InputError.self) { try Checkpoint(path: part) } == .distributedCheckpoint)
    // What kind of file it is comes from its bytes.
    let other = try folder.write(archive, to: "model.distcp")
    #expect(try Checkpoint(path: other).completeMatch() != nil)
  }

  @Test(
    "weights under other names than a model's are named, and what to do with them",
    arguments: [
      (["model.fp16.safetensors"], "name the one"),
      (["model.safetensors.index.fp16.json", "model-1.fp16.safetensors"], "name the one"),
      (["adapter_config.json", "adapter_model.safetensors"], "merge_and_unload"),
      (["tf_model.h5"], "TensorFlow"), (["flax_model.msgpack", "tf_model.h5"], "TensorFlow"),
      (["README.md"], "name the file with the weights"),
    ])
  func otherNames(_ names: [String], _ hint: String) throws {
    let folder = try TemporaryFolder()
    for name in names { try folder.write(text: "x", to: name) }
    let error = try #require(failure(InputError.self) { try Checkpoint(path: folder.path) })
    for name in names where name != "README.md" && name != "adapter_config.json" {
      #expect(error.message.contains("'\(name)'"))
    }
    #expect(error.hint?.contains(hint) == true, "\(error)")
  }

  @Test("in a larger network the backbone's own configuration counts")
  func backbone() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(
      text: """
        {"hidden_act": "silu", "layer_norm_eps": 0.5,
         "backbone_config": {"model_type": "convnext", "hidden_act": "relu", "layer_norm_eps": 0.25}}
        """, to: "config.json")
    let model = try ModelFolder(path: folder.path)
    #expect(model.features == ["activation_relu"])
    #expect(model.finalNormEpsilon == 0.25)
  }

  @Test("what transformers does not read of a ConvNeXt's configuration does not count")
  func ambiguous() throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    for other in [
      #""backbone_config": {"model_type": "convnext", "hidden_act": "gelu"}"#,
      #""architecture": "convnext_tiny", "model_args": {"act_layer": "gelu"}"#,
    ] {
      try folder.write(
        text: #"{"model_type": "convnext", "hidden_act": "relu", \#(other)}"#, to: "config.json")
      let model = try ModelFolder(path: folder.path)
      #expect(model.features == ["activation_relu"])
      #expect(model.isAmbiguous)
    }
  }

  @Test("a link to nothing is a file that cannot be opened")
  func danglingLink() throws {
    let folder = try TemporaryFolder()
    folder.link("model.safetensors", to: "gone.safetensors")
    #expect(failureCategory { try ModelFolder(path: folder.path) } == .cannotOpen)
  }
}
