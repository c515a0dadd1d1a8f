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
      features: ["layer_scale", "conv_mlp", "simple_norm"]),
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

  @Test("a model in sparse pretraining is none yet, and is known for what it is")
  func sparsePretraining() {
    let kernel = TensorInfo(
      name: "encoder.stages.0.0.dwconv.kernel", elementType: .float32, shape: [49, 40])
    #expect(throws: SchemaError.sparseModel) { try ModelMatcher(inputs([kernel])).match() }
    #expect(SchemaError.sparseModel.category == .unsupported)
    let other = TensorInfo(name: kernel.name, elementType: .float32, shape: [49])
    #expect(throws: SchemaError.noModel(tensorCount: 1)) {
      try ModelMatcher(inputs([other])).match()
    }
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

  @Test(
    "DINOv3 under the names of any release of transformers is whole within somebody's model",
    arguments: ["", "model.", "net.", "encoder.model."], [true, false])
  func dinov3Releases(prefix: String, isRecent: Bool) throws {
    let tensors = try Gold.tensors("hf_dinov3_convnext_tiny").map { info in
      let name = info.name.string.replacing(/^(model\.)?stages\./) { _ in
        isRecent ? "model.stages." : "stages."
      }
      return TensorInfo(
        name: TensorName(name), elementType: info.elementType, shape: info.shape)
    }
    let match = try ModelMatcher(inputs(tensors, prefix: prefix)).match()
    #expect(match.problems == [])
    #expect(match.architecture.features == ["layer_scale", "headless"])
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

  @Test(
    "buffers of mmcv's averaging are neither extra nor the model's", arguments: ["", "state_dict"])
  func averageBuffers(wrapper: String) throws {
    let tensors = try Gold.tensors("mmpretrain_tiny")
    let buffers = tensors.map { info in
      TensorInfo(
        name: TensorName("ema_" + info.name.string.replacing(".", with: "_")),
        elementType: info.elementType, shape: info.shape)
    }
    let stray = TensorInfo(name: "ema_backbone_x", elementType: .float32, shape: [1])
    let match = try ModelMatcher(inputs(tensors + buffers + [stray], wrapper: wrapper)).match()
    #expect(match.averageBuffers == Array(tensors.count..<2 * tensors.count))
    #expect(match.leftOut == match.averageBuffers)
    #expect(match.extraNames.map { $0.string.hasSuffix("ema_backbone_x") } == [true])
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
}
