import ByteIO
import ConvNeXtSchema
import Inspect
import NativeFormat
import TestSupport
import Testing

@testable import Convert

@Suite("TimmConfiguration")
struct TimmConfigurationTests {
  /// As timm writes it beside a model (`timm/models/_hub.py`), shortened.
  private static let config = """
    {"architecture": "convnext_tiny", "num_classes": 3, "label_names": ["ant", "bee", "cat"],
     "pretrained_cfg": {"tag": "in1k", "input_size": [3, 288, 288], "interpolation": "bicubic",
      "crop_pct": 0.95, "crop_mode": "center", "mean": [0.5, 0.25, 0.125], "std": [0.5, 0.5, 0.25],
      "first_conv": "stem.0"}}
    """

  private func folder(_ config: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.copy("folders/single/model.safetensors", to: "model.safetensors")
    try folder.write(text: config, to: "config.json")
    return folder
  }

  @Test("labels of a folder that timm wrote before 2023", arguments: [true, false])
  func oldLabels(isFlat: Bool) throws {
    let said = #""num_classes": 3, "labels": ["ant", "bee", "cat"]"#
    let folder = try folder(
      #"{"architecture": "convnext_tiny", \#(isFlat ? said : #""pretrained_cfg": {\#(said)}"#)}"#)
    #expect(try ModelFolder(path: folder.path).labels(classes: 3) == ["ant", "bee", "cat"])
  }

  @Test("a tag behind the architecture says whose weights it had first, and nothing else")
  func tag() throws {
    for name in ["test_convnext3", "test_convnext3.r160_in1k"] {
      let folder = try folder(#"{"architecture": "\#(name)"}"#)
      #expect(
        try ModelFolder(path: folder.path).features == ["activation_silu", "norm_eps_1e-05"])
    }
  }

  @Test("a pool that is none is one of the features, without a classifier, too")
  func unpooled() throws {
    let arguments = #""model_args": {"global_pool": "", "num_classes": 0}"#
    let folder = try folder(#"{"architecture": "convnext_tiny", \#(arguments)}"#)
    #expect(try ModelFolder(path: folder.path).features == ["unpooled_head"])
  }

  @Test("image size, labels and preprocessing of a folder from timm")
  func folderOfTimm() throws {
    let folder = try folder(Self.config)
    let model = try ModelFolder(path: folder.path)
    #expect(model.imageSize == 288)
    #expect(model.labels(classes: 3) == ["ant", "bee", "cat"])
    #expect(model.labels(classes: 4) == nil)
    #expect(model.preprocessing?["mean"] == .array([.number(0.5), .number(0.25), .number(0.125)]))
    #expect(model.preprocessing?["first_conv"] == nil)
  }

  @Test("before 2023 the entries stood beside each other")
  func flat() throws {
    let folder = try folder(
      #"{"architecture": "convnext_tiny", "input_size": [3, 224, 224], "mean": [0, 0, 0]}"#)
    let model = try ModelFolder(path: folder.path)
    #expect(model.imageSize == 224)
    #expect(model.preprocessing?["mean"]?.arrayValue?.count == 3)
  }

  @Test(
    "what is no size of square images, or no list of names, says nothing",
    arguments: [
      #"{"architecture": "a", "input_size": [3, 224, 192], "label_names": ["a", 2]}"#,
      #"{"architecture": "a", "input_size": 224, "label_names": "a"}"#,
      #"{"input_size": [3, 224, 224], "label_names": ["a", "b"]}"#,
    ])
  func silent(_ config: String) throws {
    let folder = try folder(config)
    let model = try ModelFolder(path: folder.path)
    #expect(model.imageSize == nil)
    #expect(model.labels(classes: 2) == nil)
  }

  @Test("a folder for transformers says the same in its own words")
  func exported() throws {
    let source = try folder(Self.config)
    let plan = try ConversionPlan(
      Checkpoint(path: source.path), request(.safetensors, .huggingface))
    let target = source.path("out")
    _ = try plan.write(to: target + "/", replacingExisting: false)
    let model = try ModelFolder(path: target)
    #expect(model.imageSize == 288)
    #expect(model.labels(classes: 3) == ["ant", "bee", "cat"])
    #expect(
      model.preprocessing
        == (try JSONValue(
          parsing: ByteRegion(
            copying: Array(
              """
              {"image_processor_type": "ConvNextImageProcessor", "do_resize": true,
               "size": {"shortest_edge": 288}, "crop_pct": 0.95, "resample": 3, "do_rescale": true,
               "rescale_factor": 0.00392156862745098, "do_normalize": true,
               "image_mean": [0.5, 0.25, 0.125], "image_std": [0.5, 0.5, 0.25]}
              """.utf8)))))
  }

  @Test(
    "what Hugging Face's words cannot say is left out",
    arguments: [
      (224, "center", "bicubic", 0.9, true), (224, "squash", "bicubic", 0.9, false),
      (384, "center", "bicubic", 1, false), (384, "squash", "bilinear", 1, true),
      (384, "squash", "bilinear", 0.95, false), (224, "center", "random", 0.9, false),
    ])
  func untold(
    _ size: Int, _ mode: String, _ filter: String, _ share: Double, _ isTold: Bool
  ) throws {
    let json = try JSONValue(
      parsing: ByteRegion(
        copying: Array(
          """
          {"input_size": [3, \(size), \(size)], "crop_mode": "\(mode)", "crop_pct": \(share),
           "interpolation": "\(filter)", "mean": [0, 0, 0], "std": [1, 1, 1]}
          """.utf8)))
    #expect((PreprocessorConfiguration.huggingFace(json) != nil) == isTold)
  }

  private func request(_ container: OutputContainer, _ naming: Naming) -> ConversionRequest {
    var request = ConversionRequest(container: container, tool: "tests")
    request.naming = naming
    return request
  }

  @Test(
    "what timm's arguments say of the computation are features",
    arguments: [
      (#""model_args": {"act_layer": "relu"}"#, ["activation_relu"]),
      (#""model_args": {"act_layer": "gelu_tanh"}"#, ["activation_gelu_pytorch_tanh"]),
      (#""model_args": {"act_layer": "gelu", "norm_eps": 1e-6, "output_stride": 32}"#, []),
      (
        #""model_args": {"output_stride": 8, "norm_eps": 0.01, "global_pool": "max"}"#,
        ["output_stride_8", "norm_eps_0.01", "global_pool_max"]
      ),
      (#""model_args": {"norm_layer": "groupnorm1"}"#, ["norm_layer_groupnorm1"]),
      (#""model_args": {"norm_layer": "layernorm2d", "global_pool": "avg"}"#, []),
      (#""model_args": {"norm_layer": null, "act_layer": 3}"#, []),
    ])
  func modelArguments(_ json: String, _ features: [String]) throws {
    let folder = try folder("{\"architecture\": \"convnext_tiny\", \(json)}")
    #expect(try ModelFolder(path: folder.path).features == features)
    // Stride 8 takes three stages' strides away; 32 after patches of 4 takes none.
    let match = try Checkpoint(path: folder.path).completeMatch()
    #expect(match?.architecture.settingFeatures == features)
  }

  @Test(
    "norms without biases are those that timm's arguments or the architecture ask for",
    arguments: [
      (#""convnext_tiny", "model_args": {"norm_layer": "simplenorm2d"}"#, "simple_norm"),
      (#""convnext_tiny", "model_args": {"norm_layer": "rmsnorm"}"#, "rms_norm"),
      (#""convnext_zepto_rms_ols""#, "simple_norm"), (#""convnext_atto_rms""#, "rms_norm"),
      (#""convnext_zepto_rms", "model_args": {"norm_layer": "rmsnorm2d"}"#, "rms_norm"),
      (#""convnext_zepto_rms", "model_args": {"norm_layer": null}"#, nil),
    ] as [(String, String?)])
  func norms(_ json: String, _ feature: String?) throws {
    let folder = try TemporaryFolder()
    try folder.copy("families/timm-rms.safetensors", to: "model.safetensors")
    try folder.write(text: "{\"architecture\": \(json)}", to: "config.json")
    #expect(try ModelFolder(path: folder.path).features == (feature.map { [$0] } ?? []))
    let checkpoint = try Checkpoint(path: folder.path)
    let isSimple = feature == "simple_norm"
    for checkpoint in [checkpoint, try checkpoint.converted(to: folder.path("a.convnext"))] {
      let inspection = try Inspection(checkpoint)
      let kinds = Set(
        try #require(inspection.summary).layers.map(\.kind.rawValue).filter { $0.hasSuffix("norm") }
      )
      #expect(kinds == [isSimple ? "simplenorm" : "rmsnorm"])
      // Without a word RMS norms are assumed, which the header then says.
      #expect(
        inspection.doubts.contains { $0.hasPrefix("the norms have no biases") }
          == (feature == nil && checkpoint.native == nil))
      let plan = try checkpoint.plan("a.safetensors", naming: .timm)
      #expect(
        plan.lostDescriptions(inFolder: false).contains { $0.contains("'simple_norm'") } == isSimple
      )
    }
    let bare = try Checkpoint(path: Fixtures.path("families/timm-rms.safetensors"))
    #expect(
      try ModelDiff(checkpoint, bare).modelDifference
        == (isSimple ? "only the first computes 'simple_norm'" : nil))
  }

  @Test("an architecture's epsilon holds for whatever size it was built with")
  func epsilonOfArchitecture() throws {
    let sizes = #""model_args": {"depths": [1, 1, 2, 1], "dims": [4, 8, 12, 16]}"#
    for json in ["", ", " + sizes] {
      let folder = try folder("{\"architecture\": \"convnext_xxlarge\"\(json)}")
      #expect(try ModelFolder(path: folder.path).features == ["norm_eps_1e-05"])
      let checkpoint = try Checkpoint(path: folder.path)
      #expect(checkpoint.folder?.normEpsilon == 1e-5)
      // The fixture is a small model, whatever the configuration calls it.
      #expect(try checkpoint.completeMatch()?.architecture.statedEpsilon == 1e-5)
    }
  }

  @Test("where a name leads to the hub, what follows is the architecture")
  func hubName() throws {
    let folder = try folder(#"{"architecture": "hf-hub:timm/test_convnext3.r160_in1k"}"#)
    #expect(
      try ModelFolder(path: folder.path).features == ["activation_silu", "norm_eps_1e-05"])
  }

  @Test("test models of timm have other activations by themselves")
  func testModels() throws {
    let folder = try folder(#"{"architecture": "test_convnext3"}"#)
    #expect(
      try ModelFolder(path: folder.path).features == ["activation_silu", "norm_eps_1e-05"])
  }

  @Test(
    "an epsilon that the size does not tell is that of every norm in the header, too",
    arguments: [
      (#""convnext_tiny", "model_args": {"norm_eps": 1e-5}"#, 1e-5),
      (#""convnext_tiny", "model_args": {"norm_eps": 1e-6}"#, 1e-6),
      (#""convnext_tiny""#, 1e-6), (#""test_convnext2""#, 1e-5),
    ])
  func normEpsilon(_ json: String, _ epsilon: Double) throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    try folder.write(text: "{\"architecture\": \(json)}", to: "config.json")
    let plan = try Checkpoint(path: folder.path).plan("a.convnext")
    #expect(plan.nativeHeader.model.normEpsilon == epsilon)
    #expect(plan.nativeHeader.model.finalNormEpsilon == epsilon)
    let hasFeature = plan.nativeHeader.model.features.contains("norm_eps_\(epsilon)")
    #expect(hasFeature == (epsilon != 1e-6))
  }

  @Test("such a model goes to timm with a note, to .convnext and back, and to nobody else")
  func exports() throws {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    try folder.write(
      text: #"{"architecture": "my_convnext", "model_args": {"global_pool": "max"}}"#,
      to: "config.json")
    let checkpoint = try Checkpoint(path: folder.path)
    for checkpoint in [checkpoint, try checkpoint.converted(to: folder.path("a.convnext"))] {
      let plan = try checkpoint.plan("a.safetensors", naming: .timm)
      #expect(
        plan.lostDescriptions(inFolder: false) == [
          "the names do not show 'global_pool_max'; the model has to be built with it"
        ])
      for naming in [Naming.facebook, .huggingface, .torchvision, .openmmlab] {
        #expect(
          throws: SchemaError.featureNotExpressible(naming: naming, feature: "global_pool_max")
        ) { try checkpoint.plan("a.safetensors", naming: naming) }
      }
    }
  }

  /// torchvision's `center_crop`, which timm uses, rounds half of what is left over to the even
  /// number; transformers' rounds down.
  @Test("timm's middle is told to be another pixel exactly where the two round differently")
  func shiftedCrop() throws {
    for size in [32, 160, 224, 256, 288, 384] {
      for share in [0.5, 0.875, 0.9, 0.95, 0.96, 1] {
        let json = try JSONValue(
          parsing: ByteRegion(
            copying: """
              {"input_size": [3, \(size), \(size)], "mean": [0], "std": [1], "crop_pct": \(share)}
              """.utf8))
        let margin = (Double(size) / share).rounded(.down) - Double(size)
        let differs =
          (margin / 2).rounded(.toNearestOrEven) != (margin / 2).rounded(.down) && size < 384
        #expect(PreprocessorConfiguration.isShifted(json) == differs, "\(size) \(share)")
      }
    }
  }
}
