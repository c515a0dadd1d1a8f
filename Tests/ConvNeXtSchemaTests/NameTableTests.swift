import TensorModel
import Testing

@testable import ConvNeXtSchema

@Suite("NameTable")
struct NameTableTests {
  @Test("every line of every table names a parameter that some model has")
  func hasNoDeadLines() {
    var full = Architecture(depths: [1, 1], widths: [8, 16], classes: 10)
    full.block.hasGlobalResponseNorm = true
    full.head.hiddenFeatures = 8
    full.head.outputNormStages = [0, 1]
    var overlap = full
    overlap.stem = .overlap(middleChannels: 4, hasActivation: false)
    let templates = Set((full.parameters + overlap.parameters).map(\.template))
    for table in NameTable.all {
      for row in table.rows {
        #expect(templates.contains(row.canonical.text), "\(table.title): \(row.canonical.text)")
      }
      let depthwise = table.rows.filter {
        $0.canonical.text == "stages.{i}.blocks.{j}.depthwise.weight"
      }
      #expect(depthwise.map(\.theirs) == [table.depthwise], "\(table.title)")
    }
  }

  @Test("no table gives two parameters of one model the same name", arguments: Naming.allCases)
  func givesDistinctNames(_ naming: Naming) throws {
    for variant in Variant.all {
      guard let export = try? NameExport(variant.architecture, naming: naming) else { continue }
      #expect(Set(export.entries.map(\.name)).count == export.entries.count)
    }
  }

  @Test("every published size is written and found again in every naming that can express it")
  func roundTripsEverySize() throws {
    var pairs = 0
    for variant in Variant.all {
      for naming in Naming.allCases {
        guard let export = try? NameExport(variant.architecture, naming: naming) else { continue }
        let match = try ModelMatcher(
          export.entries.map {
            SchemaInput(info: .init(name: $0.name, elementType: .float32, shape: $0.shape))
          }
        ).match()
        #expect(match.problems == [], "\(variant.fullName) \(naming)")
        #expect(match.candidate.naming == naming)
        #expect(
          match.tensors.map(\.parameter.name) == export.entries.map(\.parameter.name),
          "\(variant.fullName) \(naming)")
        pairs += 1
      }
    }
    #expect(pairs > 100)
  }

  @Test(
    "a model that a publisher's code would compute otherwise is not given its names",
    arguments: ["tiny_hnf", "zepto_rms"])
  func refusesWhatWouldComputeSomethingElse(_ name: String) throws {
    let architecture = try Variant.configuration(named: name).variant.architecture
    let feature = name == "tiny_hnf" ? "head_norm_first" : "simple_norm"
    for naming in [Naming.facebook, .huggingface, .torchvision, .openmmlab] {
      #expect(throws: SchemaError.featureNotExpressible(naming: naming, feature: feature)) {
        try NameExport(architecture, naming: naming)
      }
    }
    for naming in [Naming.timm, .canonical] {
      #expect(try !NameExport(architecture, naming: naming).entries.isEmpty)
    }
  }

  @Test("names that fit are not enough: the publisher's code must build such a model")
  func refusesWhatCannotBeBuilt() throws {
    var isotropic = try Variant.configuration(named: "isotropic_small").variant.architecture
    for naming in [Naming.timm, .huggingface, .openmmlab] {
      #expect(throws: SchemaError.featureNotExpressible(naming: naming, feature: "isotropic")) {
        try NameExport(isotropic, naming: naming)
      }
    }
    #expect(try !NameExport(isotropic, naming: .facebook).entries.isEmpty)
    isotropic.block.hasLayerScale = false
    #expect(try !NameExport(isotropic, naming: .facebook).entries.isEmpty)

    var plain = try Variant.configuration(named: "tiny").variant.architecture
    plain.block.hasLayerScale = false
    #expect(throws: SchemaError.featureMissing(naming: .torchvision, feature: "layer_scale")) {
      try NameExport(plain, naming: .torchvision)
    }
    #expect(try !NameExport(plain, naming: .timm).entries.isEmpty)
  }

  @Test("no publisher but timm and OpenMMLab has layer scale and global response norms at once")
  func refusesExclusive() throws {
    var both = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    both.block.hasGlobalResponseNorm = true
    for naming in [Naming.facebook, .huggingface] {
      #expect(
        throws: SchemaError.featureNotExpressible(naming: naming, feature: "grn and layer_scale")
      ) { try NameExport(both, naming: naming) }
    }
    for naming in [Naming.timm, .openmmlab] {
      #expect(try !NameExport(both, naming: naming).entries.isEmpty)
    }
  }

  @Test("nobody's code but OpenMMLab's classifies a model with norms of its stages' outputs")
  func refusesOutputNorms() throws {
    var model = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    model.head.norm = .none
    model.head.outputNormStages = [0, 1, 2, 3]
    for naming in [Naming.facebook, .huggingface] {
      #expect(
        throws: SchemaError.featureNotExpressible(
          naming: naming, feature: "output_norms and a classifier")
      ) { try NameExport(model, naming: naming) }
    }
    #expect(try !NameExport(model, naming: .openmmlab).entries.isEmpty)
    model.head.classes = nil
    for naming in [Naming.facebook, .huggingface, .openmmlab] {
      #expect(try !NameExport(model, naming: naming).entries.isEmpty)
    }
  }

  private static let oddNumbers:
    [(String, Int, Int, Set<Naming>, @Sendable (inout Architecture) -> Void)] = [
      ("number of stages", 4, 3, [.facebook, .timm, .openmmlab], { $0.stages.removeLast() }),
      ("number of input channels", 3, 1, [.torchvision], { $0.inputChannels = 1 }),
      ("patch size", 4, 5, [.facebook, .torchvision], { $0.stem = .patch(kernelSize: 5) }),
      ("patch size", 4, 2, [.facebook, .torchvision, .timm], { $0.stem = .patch(kernelSize: 2) }),
      (
        "kernel size", 7, 5, [.facebook, .huggingface, .torchvision, .openmmlab],
        { $0.stages[1].kernelSize = 5 }
      ),
      (
        "kernel size", 7, 6, [.facebook, .timm, .huggingface, .torchvision, .openmmlab],
        { $0.stages[1].kernelSize = 6 }
      ),
      (
        "kernel size between stages", 2, 3,
        [.facebook, .timm, .huggingface, .torchvision, .openmmlab], { $0.downsampleKernelSize = 3 }
      ),
      (
        "number of channels within a block", 8, 6,
        [.facebook, .timm, .huggingface, .torchvision, .openmmlab], { $0.stages[0].hiddenWidth = 6 }
      ),
    ]

  @Test("numbers that a publisher's code does not take are refused", arguments: oddNumbers.indices)
  func refusesNumbers(_ index: Int) throws {
    let (name, expected, found, refusals, change) = Self.oddNumbers[index]
    var odd = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    change(&odd)
    for naming in Naming.allCases {
      if refusals.contains(naming) {
        #expect(
          throws: SchemaError.numberNotExpressible(
            naming: naming, name: name, expected: expected, found: found)
        ) { try NameExport(odd, naming: naming) }
      } else {
        #expect(try !NameExport(odd, naming: naming).entries.isEmpty, "\(naming)")
      }
    }
  }

  @Test(
    "a publisher's code that was changed takes its own numbers back", arguments: oddNumbers.indices)
  func ownCode(_ index: Int) throws {
    var odd = Architecture(depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)
    Self.oddNumbers[index].4(&odd)
    for naming in Naming.allCases {
      #expect(try !NameExport(odd, naming: naming, isOwnCode: true).entries.isEmpty, "\(naming)")
    }
  }

  @Test("OpenMMLab's norm3 alone would be taken for the final norm")
  func refusesAmbiguousNorm() throws {
    var backbone = Architecture(
      depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: nil)
    backbone.head.norm = .none
    backbone.head.outputNormStages = [3]
    #expect(throws: SchemaError.ambiguousNorm(naming: .openmmlab)) {
      try NameExport(backbone, naming: .openmmlab)
    }
    for stages in [[2], [0, 3], [0, 1, 2, 3]] {
      backbone.head.outputNormStages = stages
      let export = try NameExport(backbone, naming: .openmmlab)
      let match = try ModelMatcher(
        export.entries.map {
          SchemaInput(info: .init(name: $0.name, elementType: .float32, shape: $0.shape))
        }
      ).match()
      #expect(match.architecture.head == backbone.head)
    }
  }

  @Test("what a publisher's models do not have cannot be expressed")
  func refusesWhatCannotBeExpressed() throws {
    let v2 = try Variant.configuration(named: "v2-tiny").variant.architecture
    #expect(
      throws: SchemaError.notExpressible(
        naming: .torchvision, canonicalName: "stages.0.blocks.0.grn.weight")
    ) { try NameExport(v2, naming: .torchvision) }
  }
}
