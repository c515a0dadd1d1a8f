import Testing

@testable import ConvNeXtSchema

@Suite("Architecture: bounds")
struct ArchitectureBoundsTests {
  private static let small = Architecture(depths: [1, 1], widths: [8, 16], classes: 3)

  private static func changed(_ change: (inout Architecture) -> Void) -> Architecture {
    var architecture = small
    change(&architecture)
    return architecture
  }

  private static let madeUp: [(Architecture, name: String, value: Int)] = [
    (
      Architecture(
        depths: [Int](repeating: 1, count: 65), widths: [Int](repeating: 1, count: 65), classes: 3),
      "the number of stages", 65
    ),
    (changed { $0.inputChannels = 0 }, "the input channels", 0),
    (changed { $0.stem = .patch(kernelSize: 0) }, "the patch size", 0),
    (changed { $0.stem = .bare(kernelSize: -4) }, "the patch size", -4),
    (
      changed { $0.stem = .overlap(middleChannels: 0, hasActivation: true) },
      "the channels within the stem", 0
    ),
    (changed { $0.downsampleKernelSize = 0 }, "the kernel size between stages", 0),
    (changed { $0.stages[0].depth = -1 }, "the depth of stage 0", -1),
    (changed { $0.stages[1].depth = 1 << 40 }, "the depth of stage 1", 1 << 40),
    (changed { $0.stages[1].width = -16 }, "the width of stage 1", -16),
    (changed { $0.stages[1] = .init(depth: 1, width: .max) }, "the width of stage 1", .max),
    (changed { $0.stages[0].hiddenWidth = 0 }, "the hidden width of stage 0", 0),
    (changed { $0.stages[0].kernelSize = 0 }, "the kernel size of stage 0", 0),
    (
      Architecture(depths: [65536, 1], widths: [1, 1], classes: nil), "the number of blocks", 65537
    ),
    (changed { $0.head.hiddenFeatures = 0 }, "the hidden features of the head", 0),
    (changed { $0.head.classes = -3 }, "the number of classes", -3),
    (changed { $0.outputStride = 0 }, "the output stride", 0),
  ]

  @Test("costs of what no model has are refused, and nothing traps", arguments: madeUp)
  func impossible(_ architecture: Architecture, name: String, value: Int) {
    #expect(throws: SchemaError.impossibleNumber(name: name, value: value)) {
      try architecture.layers(imageSize: 64)
    }
  }

  @Test("a stage without blocks, and models without classes or stages, are possible")
  func possible() throws {
    try Architecture(depths: [], widths: [], classes: nil).requireBounds()
    let architecture = Architecture(depths: [1, 0], widths: [8, 16], classes: nil)
    #expect(try architecture.layers(imageSize: 64).isEmpty == false)
    try Self.small.requireBounds()
    try Self.changed { $0.head.classes = 0 }.requireBounds()
  }

  @Test("every published size is within the bounds")
  func published() throws {
    for variant in Variant.all { try variant.architecture.requireBounds() }
  }
}
