import Testing

@testable import ConvNeXtSchema

@Suite("What is taken for granted of a model of changed code")
struct ArchitectureAssumptionsTests {
  private static let plain = Architecture(
    depths: [1, 1, 1, 1], widths: [2, 4, 6, 8], classes: 3)

  private func assumptions(
    of naming: Naming, _ change: (inout Architecture) -> Void
  ) -> [ArchitectureAssumption] {
    var architecture = Self.plain
    change(&architecture)
    return architecture.assumptions(of: naming)
  }

  @Test("nothing, where the publisher's code builds it", arguments: Naming.allCases)
  func nothing(_ naming: Naming) {
    #expect(Self.plain.assumptions(of: naming) == [])
    for variant in Variant.all {
      #expect(variant.architecture.assumptions(of: naming) == [], "\(variant.fullName)")
    }
    #expect(assumptions(of: naming) { $0.stages[1].kernelSize = 5 } == [])
    #expect(assumptions(of: naming) { $0.stages.removeLast(3) } == [])
  }

  @Test("the stem's stride, where all models of the publisher have one size of patches")
  func stem() {
    for naming in Naming.allCases {
      let found = assumptions(of: naming) { $0.stem = .patch(kernelSize: 3) }
      let isFixed = naming == .facebook || naming == .torchvision
      #expect(found == (isFixed ? [.stemStride(kernelSize: 3, usual: 4)] : []), "\(naming)")
    }
  }

  @Test("the strides between stages, which all publishers have alike", arguments: Naming.allCases)
  func downsampling(_ naming: Naming) {
    #expect(
      assumptions(of: naming) { $0.downsampleKernelSize = 3 }
        == [.downsampleStride(kernelSize: 3, usual: 2)])
    let one = assumptions(of: naming) {
      $0.downsampleKernelSize = 3
      $0.stages.removeLast(3)
    }
    #expect(one == [])
  }

  @Test("that positions are kept by an even kernel, as costs have it")
  func evenKernel() throws {
    #expect(
      assumptions(of: .timm) { $0.stages[2].kernelSize = 4 } == [.evenKernel(kernelSize: 4)])
    var architecture = Self.plain
    architecture.stages[0].kernelSize = 4
    let layers = try architecture.layers(imageSize: 64)
    let depthwise = layers.filter { $0.name.hasSuffix("depthwise") }
    #expect(depthwise.map { $0.outputShape[1] } == [16, 8, 4, 2])
    #expect(depthwise[0].macs == 2 * 16 * 16 * 4 * 4)
  }

  @Test("each is told in words with its numbers")
  func sentences() {
    let stem = ArchitectureAssumption.stemStride(kernelSize: 3, usual: 4).sentence
    #expect(stem.hasPrefix("the first convolution is 3x3") && stem.contains("code has 4x4"))
    let between = ArchitectureAssumption.downsampleStride(kernelSize: 3, usual: 2).sentence
    #expect(between.contains("are 3x3") && between.contains("has 2x2"))
    #expect(ArchitectureAssumption.evenKernel(kernelSize: 4).sentence.contains("are 4x4"))
  }
}
