import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

/// A model of the gold lists and what must be found out about it.
struct GoldModel: Sendable, CustomTestStringConvertible {
  let name: String
  let naming: Naming
  var version = 1
  var variant = "tiny"
  var classes: Int? = 1000
  var features = ["layer_scale"]
  /// Whether the naming writes the model back under the very names of the list.
  var isWrittenBack = true

  var testDescription: String { name }

  static let all = [
    GoldModel(name: "facebook tiny", naming: .facebook),
    GoldModel(name: "timm tiny", naming: .timm),
    GoldModel(name: "huggingface tiny", naming: .huggingface),
    GoldModel(name: "torchvision tiny", naming: .torchvision),
    GoldModel(name: "mmpretrain_tiny", naming: .openmmlab),
    GoldModel(
      name: "hf_ConvNextModel_tiny", naming: .huggingface, classes: nil,
      features: ["layer_scale", "headless"]),
    GoldModel(
      name: "hf_ConvNextBackbone_tiny_default_out(stage4)", naming: .huggingface, classes: nil,
      features: ["layer_scale", "output_norms", "headless"]),
    GoldModel(
      name: "hf_ConvNextBackbone_tiny_out_stage1..4", naming: .huggingface, classes: nil,
      features: ["layer_scale", "output_norms", "headless"]),
    GoldModel(
      name: "timm_tiny_num_classes_0", naming: .timm, classes: nil,
      features: ["layer_scale", "headless"]),
    GoldModel(
      name: "timm_tiny_features_only", naming: .timm, classes: nil,
      features: ["layer_scale", "headless"], isWrittenBack: false),
    GoldModel(
      name: "timm_tiny_conv_mlp", naming: .timm, features: ["layer_scale", "conv_mlp"]),
    GoldModel(
      name: "timm_tiny_hnf", naming: .timm, variant: "tiny_hnf",
      features: ["layer_scale", "conv_mlp", "head_norm_first"]),
    GoldModel(
      name: "timm_atto", naming: .timm, variant: "atto", features: ["layer_scale", "conv_mlp"]),
    GoldModel(
      name: "timm_atto_ols", naming: .timm, variant: "atto_ols",
      features: ["layer_scale", "overlap_stem", "conv_mlp"]),
    GoldModel(
      name: "timm_nano_ols", naming: .timm, variant: "nano_ols",
      features: ["layer_scale", "overlap_stem", "conv_mlp"]),
    GoldModel(
      name: "timm_zepto_rms", naming: .timm, variant: "zepto_rms",
      features: ["layer_scale", "conv_mlp", "rms_norm"]),
    GoldModel(name: "timm_v2_tiny", naming: .timm, version: 2, features: ["grn"]),
    GoldModel(
      name: "timm_v2_atto_conv_mlp", naming: .timm, version: 2, variant: "atto",
      features: ["grn", "conv_mlp"]),
    GoldModel(name: "fb_v2_tiny", naming: .facebook, version: 2, features: ["grn"]),
    GoldModel(name: "hf_v2_tiny", naming: .huggingface, version: 2, features: ["grn"]),
    GoldModel(
      name: "hf_dinov3_convnext_tiny", naming: .huggingface, classes: nil,
      features: ["layer_scale", "headless"], isWrittenBack: false),
    GoldModel(
      name: "fb_isotropic_small_default(no gamma)", naming: .facebook, variant: "isotropic_small",
      features: ["isotropic"]),
    GoldModel(
      name: "fb_isotropic_small_with_gamma", naming: .facebook, variant: "isotropic_small",
      features: ["layer_scale", "isotropic"]),
    GoldModel(
      name: "fb_detection_backbone_tiny (checkpoint keys carry prefix backbone.)",
      naming: .facebook, classes: nil, features: ["layer_scale", "output_norms", "headless"]),
    GoldModel(
      name: "mmpretrain_backbone_tiny_out_indices_0123 (checkpoint keys carry prefix backbone.)",
      naming: .openmmlab, classes: nil, features: ["layer_scale", "output_norms", "headless"],
      isWrittenBack: false),
    GoldModel(
      name: "mmpretrain_backbone_v2_tiny", naming: .openmmlab, version: 2, classes: nil,
      features: ["grn", "headless"], isWrittenBack: false),
  ]
}

@Suite("ModelMatcher")
struct ModelMatcherTests {
  private func inputs(
    _ tensors: [TensorInfo], prefix: String = "", wrapper: String = ""
  ) -> [SchemaInput] {
    tensors.map { tensor in
      var info = tensor
      info.name = TensorName((wrapper.isEmpty ? "" : "\(wrapper).") + prefix + tensor.name.string)
      return SchemaInput(info: info, wrapper: wrapper)
    }
  }

  @Test("recognizes every model of the gold lists, whole", arguments: GoldModel.all)
  func recognizesGold(_ model: GoldModel) throws {
    let tensors = try Gold.tensors(model.name)
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(match.problems == [])
    #expect(match.tensors.count == tensors.count)
    #expect(match.candidate.naming == model.naming)
    #expect(match.candidate.path == "")
    #expect(match.architecture.version == model.version)
    #expect(Variant(of: match.architecture)?.name == model.variant)
    #expect(match.architecture.head.classes == model.classes)
    #expect(match.architecture.features == model.features)
    #expect(
      match.architecture.parameterCount
        == tensors.reduce(0) { $0 + (elementCount(of: $1.shape) ?? 0) })
  }

  @Test(
    "writes a model back under the names and shapes of the gold list",
    arguments: GoldModel.all.filter(\.isWrittenBack))
  func writesGoldBack(_ model: GoldModel) throws {
    let tensors = try Gold.tensors(model.name)
    let architecture = try ModelMatcher(inputs(tensors)).match().architecture
    let export = try NameExport(architecture, naming: model.naming)
    let written = export.entries.map { "\($0.name) \($0.shape)" }
    #expect(Set(written) == Set(tensors.map { "\($0.name) \($0.shape)" }))
    #expect(written.count == tensors.count)
  }

  @Test(
    "a model in the wild's prefixes and wrappers is found",
    arguments: [
      ("", "module."), ("", "_orig_mod."), ("", "module._orig_mod."), ("", "visual.trunk."),
      ("", "timm_model."), ("", "_backbone."), ("model", ""), ("state_dict", "model."),
      ("state_dict_ema", "module."),
    ])
  func findsPlaces(wrapper: String, prefix: String) throws {
    let match = try ModelMatcher(
      inputs(Gold.tensors("timm tiny"), prefix: prefix, wrapper: wrapper)
    ).match()
    #expect(match.isComplete)
    #expect(match.candidate.wrapper == (wrapper.isEmpty ? nil : wrapper))
    #expect(match.candidate.prefix == prefix)
  }

  @Test(
    "a model whose parts were compiled one by one is whole, and its names say so",
    arguments: [
      ("timm tiny", "stages.1.", "stages.1._orig_mod."),
      ("timm tiny", ".conv_dw.", "._orig_mod.conv_dw._orig_mod."),
      ("facebook tiny", ".dwconv.", "._checkpoint_wrapped_module.dwconv."),
      ("huggingface tiny", "convnext.", "convnext._orig_mod."),
      ("huggingface tiny", "convnext.encoder.", "convnext._orig_mod.encoder._fsdp_wrapped_module."),
      ("torchvision tiny", "features.1.", "features._orig_mod.1."),
    ])
  func compiledParts(model: String, name: String, wrapped: String) throws {
    let tensors = try Gold.tensors(model)
    let match = try ModelMatcher(
      inputs(
        tensors.map { tensor in
          var info = tensor
          info.name = TensorName(tensor.name.string.replacing(name, with: wrapped))
          return info
        })
    ).match()
    #expect(match.problems == [])
    #expect(match.tensors.count == tensors.count)
    #expect(match.architecture == (try ModelMatcher(inputs(tensors)).match().architecture))
    #expect(
      match.tensors.count { $0.isWrapped } == tensors.count { $0.name.string.contains(name) })
  }

  @Test("of a name with a wrapper and the same name without, one is too much")
  func wrappedTwin() throws {
    let tensors = try Gold.tensors("timm tiny")
    var twin = try #require(tensors.first { $0.name == "stages.1.blocks.0.gamma" })
    twin.name = "stages.1._orig_mod.blocks.0.gamma"
    let match = try ModelMatcher(inputs(tensors + [twin])).match()
    #expect(match.tensors.allSatisfy { !$0.isWrapped })
    #expect(match.problems.count == 1)
  }

  @Test("averaged weights go before raw ones, and a key takes the others")
  func choosesAveragedWeights() throws {
    let tensors = try Gold.tensors("facebook tiny")
    let matcher = ModelMatcher(
      inputs(tensors, wrapper: "model") + inputs(tensors, wrapper: "model_ema")
        + inputs(
          [TensorInfo(name: "state.0.exp_avg", elementType: .float32, shape: [96])],
          wrapper: "optimizer"))
    #expect(matcher.candidates.map(\.key) == ["model_ema", "model"])
    #expect(matcher.candidates.map(\.isAveraged) == [true, false])
    let averaged = try matcher.match()
    #expect(averaged.candidate.wrapper == "model_ema")
    #expect(averaged.isComplete)
    #expect(averaged.leftOut.count == tensors.count + 1)
    let raw = try matcher.match(key: "model")
    #expect(raw.candidate.wrapper == "model")
    #expect(raw.isComplete)
    #expect(
      throws: SchemaError.noModelAtKey("optimizer", available: ["model_ema", "model"])
    ) { try matcher.match(key: "optimizer") }
  }

  @Test("a missing tensor is named, with the nearest name that is too much")
  func namesMissing() throws {
    var tensors = try Gold.tensors("timm tiny")
    let index = try #require(
      tensors.firstIndex { $0.name == "stages.2.blocks.4.mlp.fc1.weight" })
    tensors[index].name = "stages.2.blocks.4.mlp.fc1.wieght"
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(
      match.problems == [
        .missing(
          name: "stages.2.blocks.4.mlp.fc1.weight",
          canonicalName: "stages.2.blocks.4.expand.weight", shape: [1536, 384],
          nearest: "stages.2.blocks.4.mlp.fc1.wieght"),
        .extra(
          name: "stages.2.blocks.4.mlp.fc1.wieght", shape: [1536, 384],
          nearest: "stages.2.blocks.4.mlp.fc1.weight"),
      ])
  }

  @Test("a tensor of another shape is named with both shapes, in the publisher's way")
  func namesWrongShape() throws {
    var tensors = try Gold.tensors("torchvision tiny")
    let index = try #require(tensors.firstIndex { $0.name == "features.1.1.layer_scale" })
    tensors[index].shape = [95, 1, 1]
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(
      match.problems == [
        .wrongShape(
          name: "features.1.1.layer_scale", canonicalName: "stages.0.blocks.1.layer_scale",
          expected: [96, 1, 1], found: [95, 1, 1])
      ])
  }

  @Test("every tensor of a model is missed when it is taken away", arguments: Naming.allCases)
  func missesEachTensor(_ naming: Naming) throws {
    let small = Architecture(depths: [1, 2, 1, 1], widths: [4, 8, 12, 16], classes: 10)
    let tensors = try NameExport(small, naming: naming).entries.map {
      TensorInfo(name: $0.name, elementType: .float32, shape: $0.shape)
    }
    for index in tensors.indices {
      var rest = tensors
      let removed = rest.remove(at: index)
      let match = try ModelMatcher(inputs(rest)).match()
      // Without its weight there is no classifier, and its bias is what does not fit; OpenMMLab's
      // `norm3` is no stage's norm in a model of two stages.
      if removed.shape == [10, 16] {
        #expect(match.problems.count == 1)
      } else {
        #expect(match.problems.map(\.tensorName) == [removed.name.string])
      }
    }
  }

  @Test(
    "files saved through an old transformers, with gamma renamed to weight, are read",
    arguments: [
      "facebook tiny", "timm tiny", "mmpretrain_tiny",
    ])
  func readsRenamedGamma(_ model: String) throws {
    let tensors = try Gold.tensors(model).map { tensor in
      guard tensor.name.string.hasSuffix(".gamma") else { return tensor }
      var renamed = tensor
      renamed.name = TensorName(tensor.name.string.replacing(".gamma", with: ".weight"))
      return renamed
    }
    let match = try ModelMatcher(inputs(tensors)).match()
    #expect(match.isComplete)
    #expect(match.architecture.block.hasLayerScale)
  }

  @Test("the backbone of a detector converts by itself; whole, it does not fit")
  func takesBackbone() throws {
    let detector =
      try inputs(
        Gold.tensors("fb_detection_backbone_tiny (checkpoint keys carry prefix backbone.)"),
        prefix: "backbone.", wrapper: "state_dict")
      + inputs(
        [TensorInfo(name: "neck.conv.weight", elementType: .float32, shape: [8, 8, 1, 1])],
        wrapper: "state_dict")
    let matcher = ModelMatcher(detector)
    #expect(
      try matcher.match().problems == [
        .extra(name: "state_dict.neck.conv.weight", shape: [8, 8, 1, 1], nearest: nil)
      ])
    let backbone = try matcher.match(isBackboneOnly: true)
    #expect(backbone.isComplete)
    #expect(backbone.leftOut == [186])
  }

  @Test("a file without a ConvNeXt says so")
  func refusesOthers() {
    let other = inputs([TensorInfo(name: "fc.weight", elementType: .float32, shape: [2, 2])])
    #expect(throws: SchemaError.noModel(tensorCount: 1)) { try ModelMatcher(other).match() }
  }

  @Test("names that only look equal are different tensors")
  func comparesNamesByBytes() throws {
    let tensors = try Gold.tensors("timm tiny")
    let extra = [
      TensorInfo(name: "caf\u{E9}", elementType: .float32, shape: [1]),
      TensorInfo(name: "cafe\u{301}", elementType: .float32, shape: [1]),
    ]
    let match = try ModelMatcher(inputs(tensors + extra)).match()
    #expect(match.problems.count == 2)
  }

  @Test("a counter beside the prefix is left out, and nothing else that is not the model's")
  func counters() throws {
    let model = try inputs(
      Gold.tensors("torchvision tiny"), prefix: "module.", wrapper: "model_ema")
    let counter = inputs(
      [TensorInfo(name: "n_averaged", elementType: .int64, shape: [])], wrapper: "model_ema")
    let match = try ModelMatcher(counter + model).match()
    #expect(match.isComplete)
    #expect(match.counters == [0])
    #expect(match.leftOut == [0])
    for other in [
      TensorInfo(name: "scale", elementType: .float32, shape: []),
      TensorInfo(name: "steps", elementType: .int64, shape: [1]),
      TensorInfo(name: "module.steps", elementType: .int64, shape: []),
    ] {
      let match = try ModelMatcher(inputs([other], wrapper: "model_ema") + model).match()
      #expect(match.problems.count == 1)
      #expect(match.counters == [])
    }
  }

  @Test("DINOv3's second name of its final norm is no extra tensor, unless its shape is another")
  func repeatedNorm() throws {
    let tensors = try Gold.tensors("facebook tiny")
    let second = { (shape: [Int]) in
      ["weight", "bias"].map {
        TensorInfo(name: TensorName("norms.3.\($0)"), elementType: .float32, shape: shape)
      }
    }
    let match = try ModelMatcher(inputs(tensors + second([768]))).match()
    #expect(match.isComplete)
    #expect(match.leftOut == [])
    #expect(match.repeated.map(\.info.name) == ["norms.3.weight", "norms.3.bias"])
    #expect(
      match.repeated.map { tensors[$0.originalIndex].name } == ["norm.weight", "norm.bias"])
    #expect(match.architecture.features == ["layer_scale", "repeated_norm"])
    let written = try NameExport(match.architecture, naming: .facebook).entries.map(\.name)
    #expect(Set(written) == Set((tensors + second([768])).map(\.name)))
    #expect(written.count == tensors.count + 2)

    let other = try ModelMatcher(inputs(tensors + second([1, 768]))).match()
    #expect(other.problems.count == 2)
    #expect(other.repeated.isEmpty)

    let renamed = tensors.filter { !$0.name.string.hasPrefix("norm.") } + second([768])
    let alone = try ModelMatcher(inputs(renamed)).match()
    #expect(alone.isComplete)
    #expect(alone.architecture.features == ["layer_scale"])
  }

  @Test("mmengine swaps averages and raw weights when it saves")
  func swappedAverages() throws {
    let tensors = try Gold.tensors("mmpretrain_tiny")
    let matcher = ModelMatcher(
      inputs(tensors, prefix: "module.", wrapper: "ema_state_dict")
        + inputs(tensors, wrapper: "state_dict"))
    #expect(matcher.candidates.map(\.key) == ["state_dict", "ema_state_dict.module"])
    #expect(matcher.candidates.map(\.isAveraged) == [true, false])
    let raw = ModelMatcher(inputs(tensors, wrapper: "state_dict")).candidates
    #expect(raw.map(\.isAveraged) == [false])
    let others = try Gold.tensors("timm tiny")
    let timm = ModelMatcher(
      inputs(others, wrapper: "ema_state_dict") + inputs(others, wrapper: "state_dict"))
    #expect(timm.candidates.map(\.key) == ["ema_state_dict", "state_dict"])
    #expect(timm.candidates.map(\.isAveraged) == [true, false])
  }

  @Test("averages and raw weights in one dictionary are two models, and neither is extra")
  func twoModels() throws {
    let tensors = try Gold.tensors("timm tiny")
    let matcher = ModelMatcher(
      inputs(tensors, prefix: "model.") + inputs(tensors, prefix: "ema.module."))
    let averaged = try matcher.match()
    #expect(averaged.isComplete)
    #expect(averaged.candidate.key == "ema.module")
    #expect(averaged.leftOut == Array(tensors.indices))
    #expect(try matcher.match(key: "model").isComplete)
    // Nothing tells two averages apart: the one that is not taken is extra.
    let third = ModelMatcher(
      inputs(tensors, prefix: "model.") + inputs(tensors, prefix: "ema.a.")
        + inputs(tensors, prefix: "ema.b."))
    #expect(try third.match().problems.count == tensors.count)
  }

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
    for naming in [Naming.facebook, .timm, .torchvision, .openmmlab] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "activation_relu")
      ) { try NameExport(match.architecture, naming: naming) }
    }
    #expect(try !NameExport(match.architecture, naming: .huggingface).entries.isEmpty)
  }

  @Test(
    "keys that say that weights are averages",
    arguments: [
      ("model_ema_state_dict", true), ("ema_weights", true), ("model_ema", true),
      ("online_model", false), ("schema_model", false), ("model_state_dict", false),
    ])
  func averagedKeys(_ key: String, isAveraged: Bool) throws {
    let matcher = try ModelMatcher(inputs(Gold.tensors("timm tiny"), wrapper: key))
    #expect(matcher.candidates.map(\.isAveraged) == [isAveraged])
  }

  @Test("with a key, what lies elsewhere is not extra")
  func keyBoundsExtra() throws {
    let tensors = try Gold.tensors("timm tiny")
    let matcher = ModelMatcher(inputs(tensors, prefix: "img.") + inputs(tensors, prefix: "dep."))
    #expect(try matcher.match().problems.count == tensors.count)
    let match = try matcher.match(key: "dep")
    #expect(match.isComplete)
    #expect(match.leftOut == Array(tensors.indices))
  }

  /// A tensor of a model of twice the width.
  private static func wider(_ tensor: TensorInfo) -> TensorInfo {
    var info = tensor
    info.shape[0] *= 2
    return info
  }

  @Test("what a file says of the computation is kept once, and not without end")
  func settings() throws {
    let tensors = try inputs(Gold.tensors("facebook tiny"))
    let twice = [
      "norm_eps_0.1", "global_pool_max", "norm_eps_0.1", "unheard_of", "output_stride_x",
    ]
    let few = try ModelMatcher(tensors, knownFeatures: twice).match().architecture
    #expect(few.features == ["layer_scale", "norm_eps_0.1", "global_pool_max"])
    let many = (0..<100_000).map { "norm_eps_\($0)" }
    #expect(
      try ModelMatcher(tensors, knownFeatures: many).match().architecture.settings.count == 16)
  }

  @Test("a teacher of other widths is another model, and no average")
  func otherTeacher() throws {
    let student = try inputs(Gold.tensors("timm tiny"), prefix: "student.")
    let same = try inputs(Gold.tensors("timm tiny"), prefix: "teacher.")
    #expect(ModelMatcher(student + same).candidates.map(\.key) == ["teacher", "student"])
    let other = try inputs(Gold.tensors("timm tiny").map(Self.wider), prefix: "teacher.")
    let candidates = ModelMatcher(other + student).candidates
    #expect(candidates.map(\.key) == ["student", "teacher"])
    #expect(candidates.map(\.isAveraged) == [false, false])
  }

  @Test(
    "what an optimizer keeps comes last",
    arguments: ["optimizer.exp_avg", "momentum_buffer", "grads"])
  func optimizerState(_ path: String) throws {
    let tensors = try Gold.tensors("timm tiny")
    let matcher = ModelMatcher(
      inputs(tensors, wrapper: path) + inputs(tensors, wrapper: "network"))
    #expect(matcher.candidates.map(\.key) == ["network", path])
  }

  @Test("a batch norm's counter counts nothing beside the model")
  func batchCounter() throws {
    let tensors = try inputs(Gold.tensors("timm tiny"), prefix: "backbone.")
    let counter = SchemaInput(
      info: TensorInfo(name: "neck.bn.num_batches_tracked", elementType: .int64, shape: []))
    #expect(try ModelMatcher(tensors + [counter]).match().counters == [])
  }

  @Test("torchvision's features are found by themselves, and are written with their name")
  func torchvisionFeatures() throws {
    let tensors = try Gold.tensors("torchvision tiny").filter {
      $0.name.string.hasPrefix("features.")
    }
    for prefix in ["", "backbone.", "0."] {
      let bare = tensors.map { tensor in
        var info = tensor
        info.name = TensorName(String(tensor.name.string.dropFirst("features.".count)))
        return info
      }
      let match = try ModelMatcher(inputs(bare, prefix: prefix)).match()
      #expect(match.problems == [])
      #expect(match.candidate.prefix == prefix)
      #expect(match.architecture.head.norm == .none)
      let names = try NameExport(match.architecture, naming: .torchvision).entries.map(\.name)
      #expect(Set(names) == Set(tensors.map(\.name)))
    }
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
    var halving = architecture
    halving.outputStride = nil
    #expect(
      throws: SchemaError.numberNotExpressible(
        naming: .timm, name: "stride from the image to the last stage", expected: 32, found: 64)
    ) { try NameExport(halving, naming: .timm) }
  }
}
