import TensorModel
import TestSupport
import Testing

@testable import ConvNeXtSchema

@Suite("ArchitectureInference")
struct ArchitectureInferenceTests {
  private typealias Named = (name: Substring, shape: [Int])

  private func architecture(
    _ tensors: [Named], _ table: NameTable = .timm, bodyPrefix: String = ""
  ) -> Architecture {
    ArchitectureInference(tensors, table: table, bodyPrefix: bodyPrefix).architecture()
  }

  /// A model's tensors under timm's names.
  private func tensors(
    _ depths: [Int], change: (inout Architecture) -> Void = { _ in }
  ) throws -> [Named] {
    var model = Architecture(
      depths: depths, widths: depths.indices.map { 4 << $0 }, classes: 3)
    change(&model)
    return model.parameters.compactMap { parameter in
      NameTable.timm.row(for: parameter, in: model).map {
        (Substring($0.theirs.name(parameter.indices)), parameter.shape)
      }
    }
  }

  private func depthwise(_ stage: Int, _ block: Int, _ shape: [Int] = [1, 1, 2, 2]) -> Named {
    ("stages.\(stage).blocks.\(block).conv_dw.weight", shape)
  }

  @Test(
    "a description is read back from the names and shapes that it leads to",
    arguments: [
      { _ in },
      { $0.stem = .patch(kernelSize: 2) },
      { $0.stem = .overlap(middleChannels: 5, hasActivation: false) },
      { $0.stem = .overlap(middleChannels: 5, hasActivation: true) },
      { $0.inputChannels = 1 },
      { $0.downsampleKernelSize = 3 },
      { $0.block.hasLayerScale = false },
      { $0.block.hasGlobalResponseNorm = true },
      { $0.norm = .rootMeanSquare },
      { $0.head.classes = nil },
      { $0.head.hiddenFeatures = 6 },
      { $0.head.norm = .beforePooling },
      { $0.stages[1].kernelSize = 5 },
      { $0.stages[2].hiddenWidth = 7 },
    ] as [@Sendable (inout Architecture) -> Void])
  func readsBack(_ change: @Sendable (inout Architecture) -> Void) throws {
    var expected = Architecture(depths: [1, 2, 3], widths: [4, 8, 16], classes: 3)
    change(&expected)
    #expect(architecture(try tensors([1, 2, 3], change: change)) == expected)
  }

  @Test("unit dimensions in front of every shape change nothing", arguments: [1, 2])
  func leadingUnits(count: Int) throws {
    let units = [Int](repeating: 1, count: count)
    let plain = try tensors([1, 2, 3])
    let padded = plain.map {
      (name: $0.name, shape: $0.shape.count > 1 ? units + $0.shape : $0.shape)
    }
    #expect(architecture(padded) == architecture(plain))
    let match = try ModelMatcher(
      padded.map {
        SchemaInput(
          info: TensorInfo(
            name: TensorName(String($0.name)), elementType: .float32, shape: $0.shape))
      }
    ).match()
    #expect(match.isComplete && match.architecture == architecture(plain))
  }

  @Test("a classifier without its weights has as many classes as biases, and lacks the weights")
  func classifierWithoutWeights() throws {
    let named = try tensors([1, 1, 1]).filter { $0.name != "head.fc.weight" }
    #expect(architecture(named).head.classes == 3)
  }

  /// timm with `global_pool=''` makes convolutions of them, with a classifier or without.
  @Test("a head of convolutions does not pool", arguments: [nil, 3])
  func unpooled(classes: Int?) throws {
    var named = try tensors([1, 1]) { model in
      model.head = Architecture.Head(classes: classes)
      model.head.hiddenFeatures = 5
    }
    #expect(architecture(named).head.isPooled)
    for index in named.indices
    where ["head.pre_logits.fc.weight", "head.fc.weight"].contains(named[index].name) {
      named[index].shape += [1, 1]
    }
    let found = architecture(named)
    #expect(!found.head.isPooled)
    #expect(found.head.hiddenFeatures == 5)
    var read = found
    read.head.isPooled = true
    read.apply([Architecture.unpooledFeature])
    #expect(!read.head.isPooled)
  }

  @Test("a stage without blocks is as wide as what leads to it")
  func emptyStage() throws {
    let expected = Architecture(depths: [1, 0, 2], widths: [4, 8, 16], classes: 3)
    #expect(architecture(try tensors([1, 0, 2])) == expected)
  }

  @Test("one odd shape bends nothing", arguments: ["conv_dw.weight", "mlp.fc1.weight"])
  func majority(leaf: String) throws {
    let odd = try tensors([3, 3]).map { name, shape in
      name == "stages.1.blocks.1.\(leaf)" ? (name, shape.map { $0 + 2 }) : (name, shape)
    }
    #expect(architecture(odd).stages == architecture(try tensors([3, 3])).stages)
  }

  @Test("of a model of which blocks are missing, the depth is known from the last block")
  func missingBlocks() throws {
    let depths = [3, 3, 27, 3]
    let whole = try tensors(depths)
    let last = whole.filter { name, _ in
      let parts = name.split(separator: ".")
      guard parts[0] == "stages", parts[2] == "blocks", let stage = Int(parts[1]) else {
        return true
      }
      return Int(parts[3]) == depths[stage] - 1
    }
    #expect(last.count < whole.count / 4)
    #expect(architecture(last) == architecture(whole))
  }

  @Test(
    "a block far beyond the others is the odd one out",
    arguments: [
      ([0, 1, 2, 300], [1, 3]), ([0, 1, 2, 999_999], [1, 3]), ([0, 1, 2, 100], [1, 101]),
      ([127], [1, 128]), ([128], [1]), ([], [1]),
    ])
  func strayBlock(blocks: [Int], depths: [Int]) {
    let found = architecture([depthwise(0, 0)] + blocks.map { depthwise(1, $0) })
    #expect(found.depths == depths)
  }

  @Test("a model has no more blocks than its file has tensors for, whatever their numbers")
  func blocksOfAllStages() {
    let deepest = (0..<64).map { depthwise($0, 1000) }
    #expect(architecture([depthwise(0, 0)] + deepest).depths == [1])
    let dense = (0..<64).flatMap { stage in (0..<40).map { depthwise(stage, $0) } }
    #expect(architecture(dense).depths == [Int](repeating: 10, count: 64))
  }

  @Test("a deep stage keeps its depth where nearly half of its tensors are missing")
  func deepStage() throws {
    let whole = try tensors([2, 300, 2])
    for leaves in [["gamma", "bias"], ["fc1.weight", "fc2.weight", "conv_dw.bias", "norm.bias"]] {
      let rest = whole.filter { name, _ in
        !leaves.contains { name.hasSuffix($0) } || name.contains(".299.")
      }
      #expect(rest.count < whole.count)
      #expect(architecture(rest).depths == [2, 300, 2])
    }
  }

  @Test("a model of more blocks than any model has is not believed")
  func deepestStage() throws {
    #expect(architecture(try tensors([1500])).depths == [1500])
    // 65,536 blocks among all stages.
    let stages = (1..<64).map { depthwise($0, 0) }
    let depths = architecture(try tensors([1500]) + stages).depths
    #expect(depths == [1024] + [Int](repeating: 1, count: 63))
    #expect(architecture([depthwise(0, 0), depthwise(64, 0)]).depths == [1])
    #expect(architecture([depthwise(0, 0), depthwise(63, 0)]).stages.count == 64)
  }

  @Test(
    "what is no shape of such a tensor tells nothing",
    arguments: [
      [], [0], [1 << 21], [1, 1], [1, 1, 7], [0, 1, 7, 7], [1, 1, 65, 65],
      [.max, .max, .max, .max],
      [1, 1, 1, 1, 1, 1, 1, 1],
    ])
  func shapes(_ shape: [Int]) {
    let names = [
      "stem.0.weight", "stem.1.weight", "stem.2.weight", "stages.1.downsample.1.weight",
      "stages.0.blocks.0.norm.weight", "stages.0.blocks.0.mlp.fc1.weight", "head.fc.weight",
      "stages.0.blocks.1.conv_dw.weight", "head.pre_logits.fc.weight", "head.norm.weight",
    ]
    let found = architecture([depthwise(0, 0)] + names.map { (Substring($0), shape) })
    #expect(found.widths.allSatisfy { (1...1 << 20).contains($0) })
    #expect(found.parameterCount > 0 && found.minimumImageSize > 0)
    _ = try? found.layers(imageSize: 224)
  }

  /// Numbers at and beyond every bound.
  private static let sizes = [
    0, 1, 2, 7, 63, 64, 65, 1 << 20, (1 << 20) + 1, 1 << 24, (1 << 24) + 1, .max,
  ]
  private static let indices = [0, 1, 2, 3, 63, 64, 255, 256, 1023, 1024, 999_999]

  @Test("whatever names and shapes say, every figure is a number or refused", arguments: 0..<36)
  func extremes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func pick(_ numbers: [Int]) -> Int {
      numbers[Int.random(in: 0..<numbers.count, using: &generator)]
    }
    let table = NameTable.all[Int(seed) % NameTable.all.count]
    let sizes = seed.isMultiple(of: 2) ? Self.sizes : [1, 2, 64, 1 << 20]
    let names = (0..<200).map { _ -> Named in
      let row = table.rows[Int.random(in: 0..<table.rows.count, using: &generator)]
      let indices = NamePattern.Indices(stage: pick(Self.indices), block: pick(Self.indices))
      let isKernel =
        row.canonical.text.contains("conv.weight") || row.canonical.text.contains("dep")
      let rank = isKernel ? 4 : Int.random(in: 0...4, using: &generator)
      return (
        Substring(row.theirs.name(indices)),
        (0..<rank).map { isKernel && $0 > 1 ? pick([1, 2, 7, 64]) : pick(sizes) }
      )
    }
    let found = architecture(names, table)
    #expect(found.stages.count <= 64 && found.depths.reduce(0, +) <= 1 << 16)
    #expect(found.parameterCount >= 0 && found.tensorCount >= 0)
    #expect(found.minimumImageSize >= 1)
    for imageSize in [1, 224, 8192, .max] {
      guard let layers = try? found.layers(imageSize: imageSize) else { continue }
      #expect(CostConvention.allCases.allSatisfy { $0.cost(of: layers) ?? 0 >= 0 })
      #expect(layers.allSatisfy { $0.outputCount > 0 })
    }
    for naming in Naming.allCases { _ = try? NameExport(found, naming: naming) }
  }

  @Test("the largest description that is believed has figures that do not overflow")
  func largest() throws {
    let channels = 1 << 20
    let model = { (depth: Int) in
      var model = Architecture(
        stages: [Architecture.Stage](
          repeating: .init(depth: depth, width: channels, kernelSize: 64), count: 64),
        head: .init(classes: 1 << 24))
      model.stem = .patch(kernelSize: 64)
      model.inputChannels = channels
      model.downsampleKernelSize = 64
      return model
    }
    let counts = [1, 2].map { model($0).parameterCount }
    // With 1024 blocks in each stage, in four bytes each.
    #expect(counts[0] + 1023 * (counts[1] - counts[0]) < .max / 4)
    #expect(throws: SchemaError.self) { try model(1).layers(imageSize: 8192) }
  }

  @Test("the body's prefix is for names of the body, and the classifier has none")
  func bodyPrefix() {
    let found = architecture(
      [
        ("convnext.encoder.stages.0.layers.0.dwconv.weight", [4, 1, 7, 7]),
        ("encoder.stages.0.layers.1.dwconv.weight", [4, 1, 7, 7]),
        ("classifier.weight", [5, 4]), ("convnext.classifier.weight", [6, 4]),
      ], .huggingface, bodyPrefix: "convnext.")
    #expect(found.depths == [1])
    #expect(found.head.classes == 5)
  }
}
