import ByteIO
import ConvNeXtSchema
import TestSupport
import Testing

@testable import Convert

@Suite("ModelFolder: disagreements")
struct ModelFolderDisagreementsTests {
  private func disagreements(_ config: String?, with architecture: Architecture) throws -> [String]
  {
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    if let config { try folder.write(text: config, to: "config.json") }
    return try ModelFolder(path: folder.path).disagreements(with: architecture)
  }

  private static let small = Architecture(depths: [1, 2], widths: [2, 4], classes: 2)

  @Test("a folder without a configuration says nothing")
  func noConfiguration() throws {
    #expect(try disagreements(nil, with: Self.small) == [])
  }

  @Test("a configuration that fits says nothing, with a classifier and without")
  func fitting() throws {
    let config = """
      {"model_type": "convnext", "depths": [1, 2], "hidden_sizes": [2, 4], "num_channels": 3,
       "patch_size": 4, "id2label": {"0": "a", "1": "b"}}
      """
    var headless = Self.small
    headless.head.classes = nil
    #expect(try disagreements(config, with: Self.small) == [])
    #expect(try disagreements(config, with: headless) == [])
  }

  @Test("where configuration and weights differ, both are told")
  func different() throws {
    var architecture = Architecture(depths: [1, 1], widths: [2, 3], classes: 3)
    architecture.inputChannels = 1
    architecture.stem = .patch(kernelSize: 2)
    let config = """
      {"model_type": "convnextv2", "depths": [1, 2], "hidden_sizes": [2, 4], "num_channels": 3,
       "patch_size": 4, "id2label": {"0": "a", "1": "b"}}
      """
    #expect(
      try disagreements(config, with: architecture) == [
        "config.json says model_type convnextv2, the weights are of version 1",
        "config.json says depths 1,2, the weights have 1,1",
        "config.json says hidden_sizes 2,4, the weights have 2,3",
        "config.json says num_channels 3, the weights have 1",
        "config.json says patch_size 4, the weights have 2",
        "config.json names 2 labels, the classifier has 3 outputs",
      ])
  }

  @Test("what transformers would leave out or build otherwise is told")
  func builtOtherwise() throws {
    var architecture = Self.small
    architecture.block.hasLayerScale = true
    let config = """
      {"model_type": "convnext", "num_stages": 3, "depths": [1, 2], "layer_scale_init_value": 0.0,
       "architecture": "convnext_tiny"}
      """
    #expect(
      try disagreements(config, with: architecture) == [
        "config.json describes two models: 'model_type' says what transformers builds, which is what "
          + "counts here, and 'backbone_config' or timm's 'architecture' says something else",
        "config.json says layer_scale_init_value 0.0, with which transformers leaves the layer scales "
          + "of the weights out",
        "config.json says num_stages 3, the weights have 2",
      ])
  }

  @Test("two convolutions of a stem have no patches, and other model types no version")
  func incomparable() throws {
    var architecture = Self.small
    architecture.stem = .overlap(middleChannels: 2, hasActivation: false)
    #expect(
      try disagreements(#"{"model_type": "mine", "patch_size": 7}"#, with: architecture) == [])
  }

  @Test("in a larger network the backbone's own configuration is held against the weights")
  func backbone() throws {
    let config = """
      {"model_type": "upernet", "depths": [7],
       "backbone_config": {"model_type": "convnext", "depths": [1, 3]}}
      """
    #expect(
      try disagreements(config, with: Self.small) == [
        "config.json says depths 1,3, the weights have 1,2"
      ])
  }

  @Test("labels are numbered from 0 without a gap")
  func labelNumbers() throws {
    #expect(
      try disagreements(
        #"{"model_type": "convnext", "id2label": {"0": "a", "2": "b"}}"#, with: Self.small) == [
          "config.json does not number its labels from 0 to 1"
        ])
  }

  @Test("numbers that no model has are told, and not used")
  func impossibleNumbers() throws {
    let config = #"{"model_type": "convnext", "image_size": -5, "layer_norm_eps": -1e-6}"#
    #expect(
      try disagreements(config, with: Self.small) == [
        "config.json says a layer_norm_eps of -1e-06, which no norm has"
      ])
    let folder = try TemporaryFolder()
    try folder.writeZeros(["x": [1]], to: "model.safetensors")
    try folder.write(text: config, to: "config.json")
    #expect(try ModelFolder(path: folder.path).finalNormEpsilon == nil)
  }

  @Test("a configuration of neither library is said to be unknown")
  func unknownKind() throws {
    #expect(
      try disagreements(#"{"layers": 3}"#, with: Self.small) == [
        "config.json is neither transformers' nor timm's; what it says of the model is not known"
      ])
  }

  @Test("timm's name of a size is held against the weights, with labels and classes")
  func timmName() throws {
    let config = """
      {"architecture": "convnext_tiny.fb_in1k", "num_classes": 3, "num_features": 768,
       "label_names": ["ant", "bee", "cat"]}
      """
    let tiny = Architecture(depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], classes: 3)
    #expect(try disagreements(config, with: tiny) == [])
    #expect(
      try disagreements(config, with: Self.small) == [
        "config.json says num_features 768, the weights have 4",
        "config.json says num_classes 3, the weights have 2",
        "config.json says architecture convnext_tiny, which has depths 3,3,9,3 and widths "
          + "96,192,384,768; the weights have depths 1,2 and widths 2,4",
        "config.json names 3 labels, the classifier has 2 outputs",
      ])
  }

  @Test("a backbone of timm has the stages up to its last output")
  func timmBackbone() throws {
    let part = Architecture(depths: [3, 3, 9], widths: [96, 192, 384], classes: nil)
    let other = Architecture(depths: [3, 3, 27], widths: [96, 192, 384], classes: nil)
    let config = #"{"model_type": "timm_backbone", "backbone": "convnext_tiny"}"#
    #expect(try disagreements(config, with: part) == [])
    #expect(
      try disagreements(config, with: other) == [
        "config.json says architecture convnext_tiny, which has depths 3,3,9,3 and widths "
          + "96,192,384,768; the weights have depths 3,3,27 and widths 96,192,384"
      ])
  }

  @Test("timm's arguments go before the name of a size; other names are not known")
  func timmArguments() throws {
    let arguments = #""model_args": {"depths": [1, 2], "dims": [2, 4], "in_chans": 3}"#
    #expect(
      try disagreements(#"{"architecture": "convnext_tiny", \#(arguments)}"#, with: Self.small)
        == [])
    #expect(
      try disagreements(
        #"{"architecture": "convnext_tiny", "model_args": {"depths": [1, 3], "in_chans": 1}}"#,
        with: Self.small) == [
          "config.json says model_args.depths 1,3, the weights have 1,2",
          "config.json says model_args.in_chans 1, the weights have 3",
        ])
    #expect(try disagreements(#"{"architecture": "my_net"}"#, with: Self.small) == [])
  }
}
