import ByteIO
import ConvNeXtSchema
import TestSupport
import Testing

@Suite("Costs")
struct CostTests {
  @Test("tiny at 224 agrees with the real model, layer by layer")
  func agreesLayerByLayer() throws {
    let gold = try Gold.json("macs-tiny-224.json")
    let (variant, imageSize) = try Variant.configuration(named: "tiny-224")
    let layers = try variant.architecture.layers(imageSize: #require(imageSize))
      .filter { $0.kind != .layerScale }
    let rows = try #require(gold["layers"]?.arrayValue)
    #expect(layers.count == rows.count)
    for (layer, row) in zip(layers, rows) {
      let columns = try #require(row.arrayValue)
      #expect(layer.inputShape == columns[2].integerArray, "\(layer.name)")
      #expect(layer.outputShape == columns[3].integerArray, "\(layer.name)")
      #expect(layer.macs == columns[4].integerValue, "\(layer.name)")
    }
  }

  @Test("tiny at 224 has each tool's figure")
  func agreesWithTools() throws {
    let conventions = try #require(Gold.json("macs-tiny-224.json")["conventions"])
    let layers = try Variant.configuration(named: "tiny").variant.architecture
      .layers(imageSize: 224)
    #expect(layers.reduce(0) { $0 + $1.macs } == conventions["macs_conv_linear"]?.integerValue)
    for (convention, key) in [
      (CostConvention.torchFlopCounter, "flops_2x"),
      (.fvcoreTimm, "fvcore_timm_or_torchvision"), (.fvcoreFacebook, "fvcore_fb"),
      (.mmcv, "mmcv_backbone_only"),
    ] {
      #expect(convention.cost(of: layers) == conventions[key]?.integerValue, "\(key)")
    }
  }

  @Test(
    "fvcore does not see RMS norms",
    arguments: [
      // fvcore 0.1.5's FlopCountAnalysis on timm 1.0.31's models.
      ("atto_rms", nil, 224, 547_028_160), ("zepto_rms", 1, 224, 301_896_704),
      ("zepto_rms_ols", 1, 224, 336_819_200),
    ] as [(String, Int?, Int, Int)])
  func rmsNorms(name: String, classes: Int?, imageSize: Int, expected: Int) throws {
    var architecture = try Variant.configuration(named: name).variant.architecture
    architecture.head.classes = classes
    let layers = try architecture.layers(imageSize: imageSize)
    #expect(CostConvention.fvcoreTimm.cost(of: layers) == expected)
    #expect(CostConvention.fvcoreFacebook.cost(of: layers) == nil)
  }

  @Test("mmcv counts the biases of convolutions in the place of linear layers")
  func pointwiseConvolutions() throws {
    var architecture = try Variant.configuration(named: "tiny").variant.architecture
    architecture.block.hasPointwiseConvolutions = true
    let layers = try architecture.layers(imageSize: 224)
    // mmcv 2.2.0 on mmpretrain 1.2.0's model with linear_pw_conv=False.
    #expect(CostConvention.mmcv.cost(of: layers) == 4_468_197_888)
  }

  @Test("fvcore sees adaptive pooling to the mean, and no other of timm's ways")
  func pools() throws {
    let usual = try Variant.configuration(named: "atto").variant.architecture
    let cost = { (architecture: Architecture) in
      try CostConvention.fvcoreTimm.cost(of: architecture.layers(imageSize: 224)) ?? 0
    }
    for (pool, isCounted) in [("max", false), ("fast", false), ("avgmax", true)] {
      var architecture = usual
      architecture.settings = ["global_pool_\(pool)"]
      #expect(try cost(usual) - cost(architecture) == (isCounted ? 0 : 320 * 7 * 7), "\(pool)")
    }
  }

  @Test("every published size agrees with the real model")
  func agreesWithVariants() throws {
    let rows = try #require(Gold.json("variants.json")["rows"]?.arrayValue)
    var comparisons = 0
    for row in rows {
      let name = try #require(row["name"]?.stringValue)
      let plain = String(name.prefix { $0 != "(" })
      var architecture = try Variant.configuration(named: plain).variant.architecture
      let classes = try #require(row["classes"]?.integerValue)
      architecture.head.classes = classes == 0 ? nil : classes
      if let hasLayerScale = row["layer_scale"]?.boolValue {
        architecture.block.hasLayerScale = hasLayerScale
      }
      #expect(architecture.parameterCount == row["params"]?.integerValue, "\(name)")
      comparisons += 1
      for entry in row.objectValue?.entries ?? [] {
        let words = entry.key.split(separator: "_")
        guard let imageSize = words.last.flatMap({ Int($0) }) else { continue }
        let layers = try architecture.layers(imageSize: imageSize)
        let cost =
          switch words.dropLast().joined(separator: "_") {
          case "macs": layers.reduce(0) { $0 + $1.macs }
          case "fvcore": CostConvention.fvcoreTimm.cost(of: layers)
          case "fvcore_fb": CostConvention.fvcoreFacebook.cost(of: layers)
          default: Int?.none
          }
        #expect(cost == entry.value.integerValue, "\(name) \(entry.key)")
        comparisons += 1
      }
    }
    #expect(comparisons > 150)
  }

  /// fvcore 0.1.5 and torch 2.13 on timm's model with that `output_stride`.
  @Test(
    "what keeps its positions costs what the real tools count",
    arguments: [(8, 2_716_034_880, 5_410_867_200), (16, 828_131_520, 1_645_785_600)])
  func outputStride(_ stride: Int, _ fvcore: Int, _ torch: Int) throws {
    var architecture = try Variant.configuration(named: "atto").variant.architecture
    architecture.outputStride = stride
    let layers = try architecture.layers(imageSize: 224)
    #expect(CostConvention.fvcoreTimm.cost(of: layers) == fvcore)
    #expect(CostConvention.torchFlopCounter.cost(of: layers) == torch)
  }

  @Test(
    "parameters of the layers add up to those of the model",
    arguments: [
      "tiny", "v2-atto", "isotropic_large", "zepto_rms_ols", "tiny_hnf",
    ])
  func parametersAddUp(_ name: String) throws {
    let architecture = try Variant.configuration(named: name).variant.architecture
    let layers = try architecture.layers(imageSize: 224)
    #expect(layers.reduce(0) { $0 + $1.parameterCount } == architecture.parameterCount)
  }

  @Test(
    "strides that multiply without end stop nothing",
    arguments: [(1, 2, 4), (13, 2, 16_384), (3, 64, 16_384), (12, 64, .max), (64, 2, .max)])
  func manyStrides(stages: Int, kernelSize: Int, minimum: Int) {
    var architecture = Architecture(
      depths: [Int](repeating: 1, count: stages), widths: [Int](repeating: 1, count: stages),
      classes: 2)
    architecture.downsampleKernelSize = kernelSize
    #expect(architecture.minimumImageSize == minimum)
    do throws(SchemaError) {
      _ = try architecture.layers(imageSize: 8192)
      #expect(minimum <= 8192)
    } catch {
      #expect(error == .imageTooSmall(imageSize: 8192, minimum: minimum))
      #expect(error.message.contains("\(minimum)") == (minimum != .max))
    }
  }

  @Test(
    "an image of any size is taken or refused",
    arguments: [.min, -1, 0, 1, 1 << 31, .max - 1, .max])
  func anyImageSize(imageSize: Int) throws {
    for name in ["tiny", "atto_ols", "isotropic_small"] {
      let architecture = try Variant.configuration(named: name).variant.architecture
      #expect(throws: SchemaError.self) { try architecture.layers(imageSize: imageSize) }
    }
  }

  @Test(
    "an image that leaves nothing is refused, the next larger one is not",
    arguments: [
      "tiny", "atto_ols", "isotropic_small",
    ])
  func refusesTooSmallImages(_ name: String) throws {
    let architecture = try Variant.configuration(named: name).variant.architecture
    let minimum = architecture.minimumImageSize
    #expect(throws: SchemaError.imageTooSmall(imageSize: minimum - 1, minimum: minimum)) {
      try architecture.layers(imageSize: minimum - 1)
    }
    let last = try architecture.layers(imageSize: minimum).last
    #expect(last?.outputShape == [1000, 1, 1])
  }
}
