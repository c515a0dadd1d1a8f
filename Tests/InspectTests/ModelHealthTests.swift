import ByteIO
import ConvNeXtSchema
import TensorModel
import TestSupport
import Testing

@testable import Inspect

/// A small model with numbers like a trained one's, into which tests put faults.
private struct Patient {
  var subjects: [HealthSubject]

  init(version: Int = 1) throws {
    var architecture = Architecture(depths: [1, 2], widths: [8, 16], classes: 5)
    if version == 2 {
      architecture.block.hasLayerScale = false
      architecture.block.hasGlobalResponseNorm = true
    }
    let model = try SyntheticModel(architecture, naming: .canonical, seed: 5)
    subjects = zip(model.tensors, architecture.parameters).map {
      HealthSubject($0, .model($1))
    }
  }

  /// The numbers of a tensor, changed.
  mutating func change(_ name: TensorName, _ body: (inout [Float]) -> Void) throws {
    let index = try #require(subjects.firstIndex { $0.tensor.name == name })
    let tensor = subjects[index].tensor
    var numbers: [Float] = []
    try tensor.forEachChunk { bytes in
      for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
        numbers.append(
          Float(
            bitPattern: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
    }
    body(&numbers)
    subjects[index] = HealthSubject(
      floatTensor(name, numbers, shape: tensor.shape), subjects[index].owner)
  }

  /// Sets all elements of some tensors.
  mutating func fill(
    with value: Float, where isMeant: (HealthSubject) -> Bool
  ) throws {
    for subject in subjects where isMeant(subject) {
      try change(subject.tensor.name) { $0 = $0.map { _ in value } }
    }
  }

  func health() throws -> ModelHealth { try ModelHealth(of: subjects) }
}

/// A finding in a line.
private func lines(_ health: ModelHealth) -> [String] {
  health.findings.map {
    "\($0.severity.rawValue) \($0.rule.rawValue) \($0.tensor?.string ?? "-"): \($0.evidence)"
  }
}

@Suite("Model health")
struct ModelHealthTests {
  @Test("a model like a trained one has no findings", arguments: [1, 2])
  func healthy(version: Int) throws {
    let health = try Patient(version: version).health()
    #expect(lines(health) == [])
    #expect(health.verdict == "nothing was found")
    #expect(health.statistics.count == health.statistics.compactMap(\.self).count)
    #expect(health.unexaminedCount == 0)
  }

  private static let expand: TensorName = "stages.0.blocks.0.expand.weight"

  @Test(
    "each fault is found where it is, with its numbers",
    arguments: [
      (
        expand, "error not-finite: 2 NaN and 1 infinite of 256 elements",
        { @Sendable in ($0[3], $0[5], $0[7]) = (.nan, .nan, -.infinity) }
      ),
      (expand, "warning all-zero: all 256 elements are 0", { $0 = $0.map { _ in 0 } }),
      (expand, "warning constant: all 256 elements are 0.5000", { $0 = $0.map { _ in 0.5 } }),
      (
        expand, "note dead-channels: 1 of 32 output channels have weights of 0 only: 2",
        { for index in 16..<24 { $0[index] = 0 } }
      ),
      (
        expand,
        "warning dead-channels: 5 of 32 output channels have weights of 0 only: 2, 3, 4, 5, ...",
        { for index in 16..<56 { $0[index] = index % 2 == 0 ? 0 : -0 } }
      ),
      (
        expand,
        "warning overflows-float16: 2 of 256 elements from 65520 on; the range is -65520 to 1000000",
        { ($0[0], $0[1], $0[2], $0[3]) = (-65520, 1e6, 65519.9, 65504) }
      ),
      (
        "stages.1.blocks.1.norm.weight", "warning zero-norm-weights: 2 of 16 weights are 0",
        { ($0[0], $0[9]) = (0, -0) }
      ),
      (
        "stages.1.blocks.1.norm.weight", "note constant: all 16 elements are 0.2500",
        { $0 = $0.map { _ in 0.25 } }
      ),
      (
        "stages.1.blocks.1.norm.weight", "note unchanged: all 16 are 1", { $0 = $0.map { _ in 1 } }
      ),
      ("head.classifier.bias", "note unchanged: all 5 are 0", { $0 = $0.map { _ in 0 } }),
      (
        "stages.1.blocks.0.layer_scale", "warning initial-layer-scale: all 16 are 1.000e-06",
        { $0 = $0.map { _ in 1e-6 } }
      ),
      (
        "stages.1.blocks.0.layer_scale", "warning initial-layer-scale: all 16 are 1",
        { $0 = $0.map { _ in 1 } }
      ),
      (
        "stages.1.blocks.0.layer_scale", "note constant: all 16 elements are 0.1000",
        { $0 = $0.map { _ in 0.1 } }
      ),
      (
        "stages.1.blocks.0.layer_scale",
        "warning dead-channels: 1 of 16 channels of the block's branch are multiplied by 0",
        { $0[3] = 0 }
      ),
    ] as [(TensorName, String, @Sendable (inout [Float]) -> Void)])
  func faults(
    tensor: TensorName, expected: String, change: @Sendable (inout [Float]) -> Void
  ) throws {
    var patient = try Patient()
    try patient.change(tensor, change)
    let start = expected.prefix { $0 != ":" }
    #expect(
      lines(try patient.health()) == ["\(start) \(tensor)\(expected.dropFirst(start.count))"])
  }

  @Test(
    "what is just not a fault is none",
    arguments: [
      (expand, { @Sendable in ($0[0], $0[1]) = (65519.9, -65519.9) }),
      (expand, { @Sendable in for index in 16..<23 { $0[index] = 0 } }),
      (expand, { @Sendable in for index in 20..<28 { $0[index] = 0 } }),
      ("stages.1.blocks.1.norm.weight", { @Sendable in $0[0] = .leastNonzeroMagnitude }),
      ("head.classifier.bias", { @Sendable in for index in 1..<5 { $0[index] = 0 } }),
    ] as [(TensorName, @Sendable (inout [Float]) -> Void)])
  func nearMisses(tensor: TensorName, change: @Sendable (inout [Float]) -> Void) throws {
    var patient = try Patient()
    try patient.change(tensor, change)
    #expect(lines(try patient.health()) == [])
  }

  @Test("a norm's channel without weight and bias is dead")
  func deadNormChannels() throws {
    var patient = try Patient()
    try patient.change("stem.norm.weight") { ($0[1], $0[2], $0[3]) = (0, 0, 0) }
    try patient.change("stem.norm.bias") { ($0[2], $0[3], $0[4]) = (0, 0, 0) }
    #expect(
      lines(try patient.health()) == [
        "warning zero-norm-weights stem.norm.weight: 3 of 8 weights are 0; 2 of these channels have no "
          + "bias either and are dead"
      ])
  }

  @Test("a freshly made model gets one note, whatever its version", arguments: [1, 2])
  func untrained(version: Int) throws {
    var patient = try Patient(version: version)
    try patient.fill(with: 1) { $0.kind == .normWeight }
    try patient.fill(with: 0) { $0.kind == .startsFromZero }
    try patient.fill(with: 1e-6) { $0.kind == .layerScale }
    let count = patient.subjects.count { $0.kind != .weight }
    #expect(
      lines(try patient.health()) == [
        "note untrained -: \(count) of \(count) norms, biases and layer scales have their initial "
          + "values" + (version == 1 ? "; layer scales are 1.000e-06" : "")
      ])
    // A fault in it is found all the same.
    try patient.change("stem.norm.weight") { $0[0] = .nan }
    #expect(try patient.health().findings.map(\.rule) == [.notFinite, .untrained])
  }

  @Test("fewer than nine of ten at their initial values are named one by one")
  func untrainedShare() throws {
    var patient = try Patient()
    let count = patient.subjects.count { $0.kind != .weight }
    try patient.fill(with: 0) { $0.kind == .startsFromZero }
    let initial = patient.subjects.count { $0.kind == .startsFromZero }
    #expect(Double(initial) < HealthThresholds.untrainedShare * Double(count))
    let health = try patient.health()
    #expect(health.findings.map(\.rule) == Array(repeating: .unchanged, count: initial))
    #expect(health.groups.map(\.findings.count) == [initial])
  }

  @Test("the same bytes under two names are found, ties and constants are not")
  func duplicates() throws {
    var patient = try Patient()
    let (first, second) = (
      "stages.1.blocks.0.project.weight" as TensorName, "stages.1.blocks.1.project.weight"
    )
    var numbers: [Float] = []
    try patient.change(first) { numbers = $0 }
    try patient.change(TensorName(second)) { $0 = numbers }
    #expect(
      lines(try patient.health()) == [
        "warning duplicate \(second): the same 4,096 bytes as '\(first)'"
      ])
    let tensor = try #require(patient.subjects.first { $0.tensor.name == first }).tensor
    let index = try #require(patient.subjects.firstIndex { $0.tensor.name.string == second })
    patient.subjects[index] = HealthSubject(
      tensor.renamed(TensorName(second)), patient.subjects[index].owner)
    #expect(lines(try patient.health()) == [])
    // One bit more, and they are not the same.
    patient.subjects[index] = HealthSubject(
      floatTensor(TensorName(second), numbers.reversed(), shape: [16, 64]),
      patient.subjects[index].owner)
    #expect(lines(try patient.health()) == [])
  }

  @Test("the same bytes in another shape are no duplicates, and hide none")
  func duplicatesInTwoShapes() throws {
    var patient = try Patient()
    // The first is 64x16, the others are 16x64.
    let names: [TensorName] = [
      "stages.1.blocks.0.expand.weight", "stages.1.blocks.0.project.weight",
      "stages.1.blocks.1.project.weight",
    ]
    var numbers: [Float] = []
    try patient.change(names[0]) { numbers = $0 }
    for name in names.dropFirst() { try patient.change(name) { $0 = numbers } }
    let duplicates = try patient.health().findings.filter { $0.rule == .duplicate }
    #expect(duplicates.map(\.tensor) == [names[2]])
    #expect(duplicates.first?.evidence.hasSuffix("bytes as '\(names[1])'") == true)
  }

  @Test("of what stands beside the model only numbers that are not finite are told")
  func besideModel() throws {
    let health = try ModelHealth(of: [
      HealthSubject(floatTensor("step", [0, 0], shape: [1, 2]), .besideModel),
      HealthSubject(floatTensor("a", [1e9, 2], shape: [1, 2]), .besideModel),
      HealthSubject(floatTensor("b", [1e9, 2], shape: [1, 2]), .besideModel),
      HealthSubject(floatTensor("c", [.infinity], shape: [1]), .besideModel),
    ])
    #expect(lines(health) == ["warning not-finite c: 1 infinite of 1 elements"])
  }

  @Test("of an unknown model's tensors matrices are judged as weights, vectors by no rule")
  func unknownModel() throws {
    let health = try ModelHealth(of: [
      HealthSubject(floatTensor("norm", [1, 1, 1]), .unknownModel),
      HealthSubject(floatTensor("bias", [0, 0, 0]), .unknownModel),
      HealthSubject(floatTensor("token", [0, 0], shape: [1, 1, 2]), .unknownModel),
      HealthSubject(floatTensor("w", [0, 0, 0, 0], shape: [2, 2]), .unknownModel),
      HealthSubject(floatTensor("empty", [], shape: [0, 2]), .unknownModel),
    ])
    #expect(lines(health) == ["warning all-zero w: all 4 elements are 0"])
  }

  @Test("a model's weights that are integers are counted as not examined")
  func integerWeights() throws {
    let patient = try Patient(version: 1)
    let parameter = try #require(patient.subjects.compactMap(\.parameter).first)
    let subject = HealthSubject(
      try Tensor(
        name: "w", elementType: .int8, shape: [4],
        storage: RegionStorage(ByteRegion(copying: [1, 2, 3, 4]))), .model(parameter))
    let health = try ModelHealth(of: [subject])
    #expect(health.findings == [])
    #expect(health.unexaminedCount == 1)
    #expect(
      health.unexamined
        == "1 tensor of complex, packed or integer elements could not be examined")
  }

  @Test("integers are not judged, complex tensors are counted")
  func otherTypes() throws {
    func tensor(_ type: ElementType) throws -> HealthSubject {
      HealthSubject(
        try Tensor(
          name: "t", elementType: type, shape: [2, 2],
          storage: RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: 64)))),
        .unknownModel)
    }
    let health = try ModelHealth(of: [tensor(.int64), tensor(.bool), tensor(.complex64)])
    #expect(lines(health) == [])
    #expect(health.unexaminedCount == 1)
  }

  @Test(
    "a layer scale of 1e-6 is known in every floating-point type",
    arguments: [
      (ElementType.float16, [0x11, 0x00]), (.bfloat16, [0x86, 0x35]),
      (.float32, [0xBD, 0x37, 0x86, 0x35]),
    ] as [(ElementType, [UInt8])])
  func roundedLayerScale(type: ElementType, bytes: [UInt8]) throws {
    var patient = try Patient()
    let name: TensorName = "stages.0.blocks.0.layer_scale"
    let index = try #require(patient.subjects.firstIndex { $0.tensor.name == name })
    patient.subjects[index] = HealthSubject(
      try Tensor(
        name: name, elementType: type, shape: [8],
        storage: RegionStorage(ByteRegion(copying: (0..<8).flatMap { _ in bytes }))),
      patient.subjects[index].owner)
    #expect(try patient.health().findings.map(\.rule) == [.initialLayerScale])
  }

  @Test("errors come first, and further findings take their places")
  func order() throws {
    var patient = try Patient()
    try patient.change("head.classifier.bias") { $0 = $0.map { _ in 0 } }
    try patient.change(Self.expand) { $0[0] = .nan }
    var health = try patient.health()
    health.add([HealthFinding(.headLabels, .warning, evidence: "e")])
    #expect(health.findings.map(\.severity) == [.error, .warning, .note])
    #expect(health.verdict == "1 error, 1 warning, 1 note")
    #expect(health.groups.map(\.rule) == [.notFinite, .headLabels, .unchanged])
  }

  @Test(
    "rows of zeros are those that a plain loop finds, wherever blocks end",
    arguments: [(1, 9000), (9000, 1), (3, 4096), (4097, 3), (7, 5000), (100, 100)])
  func zeroRows(rowCount: Int, rowLength: Int) throws {
    var generator = SeededGenerator(seed: 11)
    var numbers = (0..<rowCount * rowLength).map { _ in Float.random(in: 1...2, using: &generator) }
    for row in 0..<rowCount where Bool.random(using: &generator) {
      for index in 0..<rowLength { numbers[row * rowLength + index] = 0 }
      // All but one.
      if row % 3 == 0 { numbers[row * rowLength + rowLength - 1] = 1 }
    }
    let expected = (0..<rowCount).filter { row in
      numbers[row * rowLength..<(row + 1) * rowLength].allSatisfy { $0 == 0 }
    }
    let rows = try #require(
      try ZeroRows(of: floatTensor("w", numbers, shape: [rowCount, rowLength])))
    #expect(rows.rowCount == rowCount)
    #expect(rows.count == expected.count)
    #expect(rows.firstIndices == Array(expected.prefix(4)))
  }

  @Test("every rule says what it is and why it matters, in sentences")
  func rules() {
    for rule in HealthRule.allCases {
      #expect(rule.title.first?.isUppercase == true)
      #expect(rule.reason.hasSuffix("."))
    }
    #expect(Set(HealthRule.allCases.map(\.title)).count == HealthRule.allCases.count)
  }
}
