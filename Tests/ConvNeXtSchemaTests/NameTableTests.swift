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
    let feature = name == "tiny_hnf" ? "head_norm_first" : "rms_norm"
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

  @Test("OpenMMLab's norm3 alone would be taken for the final norm")
  func refusesAmbiguousNorm() throws {
    var backbone = Architecture(
      depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: nil)
    backbone.head.norm = .none
    backbone.head.outputNormStages = [3]
    #expect(throws: SchemaError.featureNotExpressible(naming: .openmmlab, feature: "output_norms"))
    {
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
