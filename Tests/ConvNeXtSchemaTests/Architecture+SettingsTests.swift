import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("Architecture: settings")
struct ArchitectureSettingsTests {
  @Test("an activation that is known goes with the model, whatever its names")
  func activation() throws {
    let tensors = try inputs(Gold.tensors("huggingface tiny"))
    let match = try ModelMatcher(tensors, knownFeatures: ["activation_relu"]).match()
    #expect(match.architecture.features == ["layer_scale", "activation_relu"])
    #expect(match.architecture.untoldFeatures == ["activation_relu"])
    let hostile = "activation_\u{1B}[2J\n'" + String(repeating: "x", count: 100)
    let shown = try ModelMatcher(tensors, knownFeatures: [hostile]).match().architecture
    #expect(shown.block.activation == "__2J__" + String(repeating: "x", count: 47))
    #expect(Variant(of: match.architecture)?.name == "tiny")
    for naming in [Naming.facebook, .torchvision, .openmmlab] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "activation_relu")
      ) { try NameExport(match.architecture, naming: naming) }
    }
    for naming in [Naming.huggingface, .timm] {
      #expect(try !NameExport(match.architecture, naming: naming).entries.isEmpty)
    }
  }

  /// `ACT2FN` of transformers and `create_act.py` of timm have most names in common.
  @Test(
    "a publisher whose code does not know an activation is refused",
    arguments: [
      ("elu", [Naming.timm]), ("selu", [.timm]), ("gelu_fast", [.huggingface]), ("sine", []),
      ("linear", [.huggingface, .timm]), ("silu", [.huggingface, .timm]),
    ] as [(String, [Naming])])
  func knownActivations(name: String, namings: [Naming]) throws {
    let tensors = try inputs(Gold.tensors("huggingface tiny"))
    let match = try ModelMatcher(tensors, knownFeatures: ["activation_\(name)"]).match()
    for naming in [Naming.huggingface, .timm] {
      let isKnown = (try? NameExport(match.architecture, naming: naming)) != nil
      #expect(isKnown == namings.contains(naming), "\(naming)")
    }
  }

  @Test("other pools and epsilons are options of timm, and of nobody else")
  func optionsOfTimm() throws {
    let tensors = try inputs(Gold.tensors("timm tiny"))
    for feature in ["global_pool_max", "norm_eps_1e-05"] {
      let match = try ModelMatcher(tensors, knownFeatures: [feature]).match()
      #expect(try !NameExport(match.architecture, naming: .timm).entries.isEmpty)
      for naming in [Naming.facebook, .huggingface, .torchvision, .openmmlab] {
        #expect(
          throws: SchemaError.featureNotExpressible(naming: naming, feature: feature)
        ) { try NameExport(match.architecture, naming: naming) }
      }
    }
  }

  @Test("what a file says of the computation is kept once, and not without end")
  func settings() throws {
    let tensors = try inputs(Gold.tensors("facebook tiny"))
    let twice = [
      "norm_eps_0.1", "global_pool_max", "norm_eps_0.1", "unheard_of", "output_stride_x",
    ]
    let few = try ModelMatcher(tensors, knownFeatures: twice).match().architecture
    #expect(
      few.features == ["layer_scale", "norm_eps_0.1", "global_pool_max", "unheard_of"])
    #expect(few.unknownFeatures == ["unheard_of"])
    #expect(few.untoldFeatures == ["norm_eps_0.1", "global_pool_max", "unheard_of"])
    let many = (0..<100_000).map { "norm_eps_\($0)" }
    #expect(
      try ModelMatcher(tensors, knownFeatures: many).match().architecture.settings.count == 16)
  }

  @Test(
    "timm keeps a stride of 32: after patches of 8 its last stage has the positions of the third")
  func largePatches() throws {
    let tensors = try Gold.tensors("timm tiny").map { tensor in
      var info = tensor
      if info.name == "stem.0.weight" { info.shape = [96, 3, 8, 8] }
      return info
    }
    let architecture = try ModelMatcher(inputs(tensors)).match().architecture
    #expect(architecture.features == ["layer_scale", "output_stride_32"])
    let sides = try architecture.layers(imageSize: 256).map { $0.outputShape[1] }
    #expect(sides.filter { $0 == 8 }.count > 20 && !sides.contains(4))
    #expect(architecture.minimumImageSize == 32)
    for naming in [Naming.huggingface, .openmmlab] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "output_stride_32")
      ) { try NameExport(architecture, naming: naming) }
    }
    #expect(try !NameExport(architecture, naming: .timm).entries.isEmpty)
    #expect(architecture.stride(before: 1) == 8 && architecture.stride(before: 4) == 64)
    var halving = architecture
    halving.outputStride = nil
    #expect(
      throws: SchemaError.numberNotExpressible(
        naming: .timm, name: "stride from the image to the last stage", expected: 32, found: 64)
    ) { try NameExport(halving, naming: .timm) }
  }

  @Test("a bound beyond all strides stops nothing", arguments: [.min, -1, 0, 1, 1 << 16, .max])
  func anyOutputStride(bound: Int) {
    var architecture = Architecture(
      depths: [Int](repeating: 1, count: 64), widths: [Int](repeating: 1, count: 64), classes: 2)
    architecture.outputStride = bound
    #expect(architecture.stride(before: 64) == .max)
    let strides = (1..<64).map { architecture.downsampleStride($0) }
    #expect(strides.filter { $0 == 1 }.count == (bound <= 4 ? 63 : bound == .max ? 2 : 49))
  }

  @Test("norms without biases are those of the size, unless the file says other ones")
  func kindOfNorms() throws {
    let zepto = try inputs(Gold.tensors("timm_zepto_rms"))
    for known in [nil, [], ["simple_norm"]] as [[String]?] {
      let architecture = try ModelMatcher(zepto, knownFeatures: known).match().architecture
      #expect(architecture.norm == .simple)
      #expect(architecture.untoldFeatures == [] && architecture.settingFeatures == [])
      #expect(try !NameExport(architecture, naming: .timm).entries.isEmpty)
    }
    let other = try ModelMatcher(zepto, knownFeatures: ["rms_norm"]).match().architecture
    #expect(other.norm == .rootMeanSquare)
    #expect(other.untoldFeatures == ["rms_norm"] && other.settingFeatures == ["rms_norm"])
    let tiny = try inputs(Gold.tensors("timm tiny"))
    #expect(
      try ModelMatcher(tiny, knownFeatures: ["simple_norm"]).match().architecture.norm == .layer)
    let bare = tiny.filter { !$0.info.name.string.hasSuffix("norm.bias") }
    #expect(try ModelMatcher(bare).match().architecture.norm == .rootMeanSquare)
    let said = try ModelMatcher(bare, knownFeatures: ["simple_norm"]).match().architecture
    #expect(said.norm == .simple && said.untoldFeatures == ["simple_norm"])
  }

  /// The tensors of a size under timm's names, which do not tell its activation.
  private func timm(_ name: String) throws -> [SchemaInput] {
    var architecture = try Variant.configuration(named: name).variant.architecture
    architecture.block.activation = Architecture.Block.usualActivation
    architecture.settings = []
    return inputs(
      try NameExport(architecture, naming: .timm).entries.map {
        TensorInfo(name: $0.name, elementType: .float32, shape: $0.shape)
      })
  }

  @Test(
    "timm's test models are what timm's code makes of them, where nothing else is said",
    arguments: [
      ("test_convnext", "gelu_pytorch_tanh"), ("test_convnext2", "gelu_pytorch_tanh"),
      ("test_convnext3", "silu"),
    ])
  func testModels(name: String, activation: String) throws {
    let tensors = try timm(name)
    let architecture = try ModelMatcher(tensors).match().architecture
    #expect(Variant(of: architecture)?.fullName == name)
    #expect(
      architecture.features == ["layer_scale", "activation_\(activation)", "norm_eps_1e-05"])
    #expect(architecture.publishedEpsilon == 1e-5)
    let said = try ModelMatcher(tensors, knownFeatures: []).match().architecture
    #expect(said.features == ["layer_scale"] && said.publishedEpsilon == 1e-6)
  }

  /// Kernel, stride, padding and dilation of the convolutions before the last two stages and of the
  /// depthwise ones in them, as timm 1.0.31 builds them.
  @Test(
    "stages that keep their positions have dilated kernels",
    arguments: [
      (4, 16, [[2, 2, 0, 1], [7, 1, 3, 1], [2, 1, 0, 1], [7, 1, 6, 2]]),
      (4, 8, [[2, 1, 0, 1], [7, 1, 6, 2], [2, 1, 1, 2], [7, 1, 12, 4]]),
      (16, 8, [[2, 1, 1, 2], [7, 1, 12, 4], [2, 1, 1, 2], [7, 1, 24, 8]]),
    ])
  func dilation(patchSize: Int, outputStride: Int, expected: [[Int]]) throws {
    var architecture = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    architecture.stem = .patch(kernelSize: patchSize)
    architecture.applyOutputStride(outputStride)
    let layers = try architecture.layers(imageSize: 224)
    let convolutions = layers.filter { ($0.stage ?? 0) > 1 }.compactMap(\.convolution)
    #expect(
      convolutions.map { [$0.kernelSize, $0.stride, $0.padding, $0.dilation] } == expected)
    #expect(layers.allSatisfy { ($0.stage ?? 0) < 2 || $0.outputShape[1] > 13 })
  }

  @Test("dilations that double without end stop nothing")
  func manyDilations() throws {
    var architecture = Architecture(
      depths: [Int](repeating: 1, count: 64), widths: [Int](repeating: 1, count: 64), classes: 2)
    architecture.applyOutputStride(1)
    let layers = try architecture.layers(imageSize: 224)
    #expect(layers.compactMap(\.convolution?.dilation).max() == 1 << 16)
  }

  @Test("an epsilon is a number that can be one", arguments: ["x", "nan", "inf", "-1", ""])
  func strangeEpsilon(text: String) throws {
    var architecture = Architecture(depths: [1], widths: [2], classes: 3)
    architecture.applySettings(["norm_eps_\(text)"])
    #expect(architecture.statedEpsilon == nil && architecture.publishedEpsilon == 1e-6)
    architecture.applySettings(["norm_eps_0.01"])
    #expect(architecture.statedEpsilon == 0.01)
  }

  @Test("an activation is named where it stands")
  func activations() throws {
    var architecture = Architecture(depths: [1], widths: [2], classes: 3)
    architecture.stem = .overlap(middleChannels: 2, hasActivation: true)
    architecture.head.hiddenFeatures = 5
    architecture.block.activation = "relu"
    let named = architecture.modules.filter { $0.activation != nil }
    #expect(named.map(\.name) == ["stem.conv1", "stages.0.blocks.0.expand", "head.pre_logits"])
    #expect(named.map(\.activation) == ["relu", "relu", "gelu"])
  }
}
