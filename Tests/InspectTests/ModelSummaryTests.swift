import ByteIO
import ConvNeXtSchema
import Inspect
import TensorModel
import TestSupport
import Testing

@Suite("ModelSummary")
struct ModelSummaryTests {
  private func summary(
    _ name: String, imageSize: Int = 224, change: (inout Architecture) -> Void = { _ in }
  ) throws -> ModelSummary {
    var architecture = try Variant.configuration(named: name).variant.architecture
    change(&architecture)
    return try ModelSummary(architecture, imageSize: imageSize)
  }

  @Test("stages, parameters and costs of tiny")
  func tiny() throws {
    let summary = try summary("tiny")
    #expect(summary.variant?.fullName == "convnext_tiny")
    #expect(summary.parameterCount == 28_589_128)
    #expect(summary.byteCount == 4 * 28_589_128)
    #expect(summary.macs == 4_455_531_264)
    #expect(summary.flops == 8_911_062_528)
    #expect(
      summary.stages.map(\.name) == [
        "stem", "stages.0", "stages.1", "stages.2", "stages.3", "head",
      ])
    #expect(summary.stages.map(\.blockCount) == [0, 3, 3, 9, 3, 0])
    #expect(
      summary.stages.map(\.macs) == [
        14_450_688, 737_888_256, 773_563_392, 2_171_893_248, 756_967_680, 768_000,
      ])
    #expect(
      summary.stages.map(\.outputShape) == [
        [96, 56, 56], [96, 56, 56], [192, 28, 28], [384, 14, 14], [768, 7, 7], [1000, 1, 1],
      ])
    #expect(summary.layers.count == Set(summary.layers.map(\.name)).count)
  }

  @Test(
    "stages add up to the totals, for every published size", arguments: Variant.all.map(\.fullName))
  func totals(_ name: String) throws {
    let architecture = try Variant.configuration(named: name).variant.architecture
    let summary = try ModelSummary(architecture, imageSize: 224)
    #expect(summary.parameterCount == architecture.parameterCount)
    #expect(summary.macs == summary.layers.reduce(0) { $0 + $1.macs })
    #expect(summary.byteCount == 4 * architecture.parameterCount)
    #expect(summary.stages.count == architecture.stages.count + 2)
    #expect(summary.stages.map(\.blockCount).reduce(0, +) == architecture.depths.reduce(0, +))
    #expect(summary.variant?.fullName == name)
    for stage in summary.stages where stage.name != "head" {
      #expect(stage.parameterCount > 0, "\(stage.name)")
    }
  }

  @Test("parameters and costs of every row that was read off the real models")
  func gold() throws {
    let rows = try #require(Gold.json("variants.json")["rows"]?.arrayValue)
    var comparisons = 0
    for row in rows {
      let name = try #require(row["name"]?.stringValue)
      let plain = String(name.prefix { $0 != "(" })
      let classes = try #require(row["classes"]?.integerValue)
      for entry in row.objectValue?.entries ?? [] where entry.key.hasPrefix("macs_") {
        let imageSize = try #require(Int(entry.key.dropFirst("macs_".count)))
        let summary = try summary(plain, imageSize: imageSize) {
          $0.head.classes = classes == 0 ? nil : classes
          if let hasLayerScale = row["layer_scale"]?.boolValue {
            $0.block.hasLayerScale = hasLayerScale
          }
        }
        #expect(summary.parameterCount == row["params"]?.integerValue, "\(name)")
        #expect(summary.macs == entry.value.integerValue, "\(name) \(entry.key)")
        #expect(summary.imageSize == imageSize)
        comparisons += 1
      }
    }
    #expect(comparisons > 40)
  }

  @Test("without a classifier the head has the final norm, or is left out")
  func headless() throws {
    let model = try summary("tiny") { $0.head.classes = nil }
    #expect(model.parameterCount == 28_589_128 - 769_000)
    let head = try #require(model.stages.last)
    #expect(head.name == "head")
    #expect(head.parameterCount == 2 * 768)
    #expect(head.macs == 0)
    #expect(head.outputShape == [768, 1, 1])
    let body = try summary("tiny") {
      $0.head.classes = nil
      $0.head.norm = .none
    }
    #expect(body.stages.map(\.name).last == "stages.3")
    #expect(body.parameterCount == model.parameterCount - 2 * 768)
  }

  @Test("norms of stages' outputs count with their stage and do not change its output")
  func outputNorms() throws {
    let plain = try summary("tiny") {
      $0.head.classes = nil
      $0.head.norm = .none
    }
    let backbone = try summary("tiny") {
      $0.head.classes = nil
      $0.head.norm = .none
      $0.head.outputNormStages = [0, 3]
    }
    let added = zip(backbone.stages, plain.stages).map { $0.parameterCount - $1.parameterCount }
    #expect(added == [0, 2 * 96, 0, 0, 2 * 768])
    #expect(backbone.stages.map(\.outputShape) == plain.stages.map(\.outputShape))
    #expect(backbone.macs == plain.macs)
  }

  @Test("an isotropic model has one stage")
  func isotropic() throws {
    let summary = try summary("isotropic_small")
    #expect(summary.stages.map(\.name) == ["stem", "stages.0", "head"])
    #expect(summary.stages.map(\.blockCount) == [0, 18, 0])
    #expect(summary.stages[0].outputShape == [384, 14, 14])
    #expect(summary.stages[1].outputShape == [384, 14, 14])
    #expect(summary.stages[0].parameterCount == 384 * 3 * 16 * 16 + 384)
  }

  @Test("bytes follow the element types of the parameters")
  func elementTypes() throws {
    let architecture = try Variant.configuration(named: "tiny").variant.architecture
    var types: [String: ElementType] = [:]
    for parameter in architecture.parameters where parameter.stage == 2 {
      types[parameter.name] = .float16
    }
    types["head.classifier.weight"] = .int8
    let summary = try ModelSummary(architecture, imageSize: 224, elementTypes: types)
    for stage in summary.stages {
      let expected =
        switch stage.name {
        case "stages.2": 2 * stage.parameterCount
        case "head": 4 * stage.parameterCount - 3 * 768_000
        default: 4 * stage.parameterCount
        }
      #expect(stage.byteCount == expected, "\(stage.name)")
    }
    #expect(summary.byteCount == summary.stages.reduce(0) { $0 + $1.byteCount })
  }

  @Test("costs follow the image, and one that is too small is refused")
  func imageSizes() throws {
    let small = try summary("tiny", imageSize: 64)
    #expect(small.stages.map(\.outputShape)[1] == [96, 16, 16])
    #expect(small.parameterCount == 28_589_128)
    #expect(throws: SchemaError.imageTooSmall(imageSize: 31, minimum: 32)) {
      try summary("tiny", imageSize: 31)
    }
  }

  @Test("a model of no published size has no name")
  func custom() throws {
    let summary = try ModelSummary(
      Architecture(depths: [1, 2], widths: [8, 16], classes: 3), imageSize: 32)
    #expect(summary.variant?.fullName == nil)
    #expect(summary.stages.map(\.name) == ["stem", "stages.0", "stages.1", "head"])
  }

  @Test(
    "every layer belongs to one part",
    arguments: ["tiny", "atto_ols", "isotropic_small", "tiny_hnf", "v2-atto"])
  func parts(_ name: String) throws {
    let summary = try summary(name) {
      $0.head.outputNormStages = [0]
      $0.head.hiddenFeatures = 8
    }
    let names = summary.stages.map(\.name)
    #expect(Set(summary.layers.map(\.part)) == Set(names))
    for stage in summary.stages {
      let layers = summary.layers.filter { $0.part == stage.name }
      #expect(layers.reduce(0) { $0 + $1.parameterCount } == stage.parameterCount)
      #expect(layers.allSatisfy { $0.name.hasPrefix("\(stage.name).") })
    }
    // In the order of the forward pass, so each part is a run of layers.
    let places = summary.layers.compactMap { names.firstIndex(of: $0.part) }
    #expect(places == places.sorted())
  }
}
