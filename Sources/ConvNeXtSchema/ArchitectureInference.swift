import TensorModel

/// Reads the description of a model off the names and shapes of its tensors.
///
/// What most blocks say wins, so that one wrong tensor is found as the odd one out instead of
/// bending the description.
///
/// Numbers come from a file and may be anything; what lies beyond `Bounds` is not believed, so that
/// no product of what is left overflows.
struct ArchitectureInference {
  /// The largest numbers that a description may have.
  private enum Bounds {
    static let stages = 64
    static let channels = 1 << 20
    static let classes = 1 << 24
    static let kernelSize = 64
  }

  /// A tensor and what its name says it is.
  private struct Sighting {
    let row: NameTable.Row
    let indices: NamePattern.Indices
    let shape: [Int]
  }

  private var sightings: [String: [Sighting]] = [:]
  private let table: NameTable
  /// A model has no more blocks in a stage than the file has tensors.
  private let blockBound: Int

  /// - Parameter names: Names without the candidate's path, with their shapes.
  init(_ names: [(name: Substring, shape: [Int])], table: NameTable, bodyPrefix: String) {
    self.table = table
    blockBound = names.count
    for (name, shape) in names {
      let whole = DottedName(name.utf8)
      if bodyPrefix.isEmpty {
        note(whole, shape) { _ in true }
      } else {
        note(whole, shape) { !$0.isInBody }
        if name.utf8.starts(with: bodyPrefix.utf8) {
          note(DottedName(name.utf8.dropFirst(bodyPrefix.utf8.count)), shape) { $0.isInBody }
        }
      }
    }
  }

  /// Notes a tensor under every row that its name matches.
  private mutating func note(
    _ name: DottedName, _ shape: [Int], where isEligible: (NameTable.Row) -> Bool
  ) {
    for row in table.rows(thatMayMatch: name) where isEligible(row) {
      guard let indices = row.theirs.match(name), Self.isPlausible(row, shape) else { continue }
      sightings[row.canonical.text, default: []].append(
        Sighting(row: row, indices: indices, shape: shape))
    }
  }

  /// Convolutions have four dimensions and norms one, which tells timm's `stem.1` of the two stems
  /// apart.
  private static func isPlausible(_ row: NameTable.Row, _ shape: [Int]) -> Bool {
    let template = row.canonical.text
    let isKernel = row.canonical.hasLiteral {
      $0.elementsEqual("depthwise".utf8) || $0.starts(with: "conv".utf8)
    }
    let firstBound = template.hasPrefix("head.classifier.") ? Bounds.classes : Bounds.channels
    for (dimension, count) in shape.enumerated() {
      let bound = dimension == 0 ? firstBound : Bounds.channels
      guard count >= 1, count <= (isKernel && dimension > 1 ? Bounds.kernelSize : bound) else {
        return false
      }
    }
    guard template.hasPrefix("stem.") else { return !shape.isEmpty }
    let isConvolution = template.hasPrefix("stem.conv") && template.hasSuffix(".weight")
    return !shape.isEmpty && isConvolution == (shape.count == 4)
  }

  /// The description that the tensors fit best.
  func architecture() -> Architecture {
    var architecture = Architecture(stages: stages, head: head)
    architecture.stem = stem
    architecture.inputChannels =
      (sightings["stem.conv.weight"] ?? sightings["stem.conv1.weight"])?.first?.shape[1] ?? 3
    architecture.downsampleKernelSize =
      Self.mostCommon(
        sightings["stages.{i}.downsample.conv.weight", default: []]
          .filter { $0.indices.stage ?? 0 > 0 && $0.shape.count == 4 }.map { $0.shape[3] }) ?? 2
    architecture.block.hasLayerScale = has("stages.{i}.blocks.{j}.layer_scale")
    architecture.block.hasGlobalResponseNorm = has("stages.{i}.blocks.{j}.grn.weight")
    architecture.block.hasPointwiseConvolutions =
      Self.mostCommon(
        sightings["stages.{i}.blocks.{j}.expand.weight", default: []]
          .map(\.shape.count)) == 4
    architecture.normsHaveBias =
      has("stages.{i}.blocks.{j}.norm.bias") || !has("stages.{i}.blocks.{j}.norm.weight")
    return architecture
  }

  private func has(_ template: String) -> Bool { sightings[template] != nil }

  private var stages: [Architecture.Stage] {
    let inBlocks = sightings.filter { $0.key.hasPrefix("stages.{i}.blocks.{j}.") }
    var depths: [Int] = []
    for sighting in inBlocks.values.joined() {
      // An isotropic model's names have no stage: it is the only one.
      let stage = sighting.indices.stage ?? 0
      let block = sighting.indices.block ?? 0
      guard stage < Bounds.stages, block < blockBound else { continue }
      while depths.count <= stage { depths.append(0) }
      depths[stage] = max(depths[stage], block + 1)
    }
    return depths.enumerated().map { stage, depth in
      let depthwise = shapes("stages.{i}.blocks.{j}.depthwise.weight", rank: 4, stage: stage)
      let expand = shapes("stages.{i}.blocks.{j}.expand.weight", rank: 2, stage: stage)
      let norms = shapes("stages.{i}.blocks.{j}.norm.weight", rank: 1, stage: stage)
      let width =
        Self.mostCommon(depthwise.map { $0[0] }) ?? Self.mostCommon(norms.map { $0[0] }) ?? 1
      return Architecture.Stage(
        depth: depth, width: width,
        hiddenWidth: Self.mostCommon(expand.map { $0[0] }) ?? 4 * width,
        kernelSize: Self.mostCommon(depthwise.map { $0[3] }) ?? 7)
    }
  }

  /// The shapes of a stage's tensors that have at least `rank` dimensions.
  private func shapes(_ template: String, rank: Int, stage: Int) -> [[Int]] {
    sightings[template, default: []]
      .filter { ($0.indices.stage ?? 0) == stage && $0.shape.count >= rank }.map(\.shape)
  }

  private var stem: Architecture.Stem {
    if let second = sightings["stem.conv2.weight"]?.first {
      let middle = sightings["stem.conv1.weight"]?.first?.shape[0] ?? second.shape[1]
      return .overlap(
        middleChannels: middle, hasActivation: second.row.condition == .overlapAct)
    }
    let kernelSize = sightings["stem.conv.weight"]?.first?.shape[3] ?? 4
    let canHaveNorm = table.rows.contains { $0.canonical.text == "stem.norm.weight" }
    let isIsotropic = !has("stem.norm.weight") && (!canHaveNorm || stages.count == 1)
    return isIsotropic ? .bare(kernelSize: kernelSize) : .patch(kernelSize: kernelSize)
  }

  private var head: Architecture.Head {
    let classifier = sightings["head.classifier.weight"]?.first?.shape.first
    var head = Architecture.Head(classes: classifier)
    head.hiddenFeatures = sightings["head.pre_logits.weight"]?.first?.shape.first
    let outputNorms = Set(
      sightings["stages.{i}.output_norm.weight", default: []].compactMap(\.indices.stage))
    let finalNorm = sightings["head.norm.weight"]?.first
    if let finalNorm {
      head.norm = finalNorm.row.condition == .normFirst ? .beforePooling : .afterPooling
      // OpenMMLab's `norm3` is the final norm of a classifier, and one of several norms otherwise.
      let isOneOfSeveral = outputNorms.count > 1 && table.naming == .openmmlab
      if isOneOfSeveral { head.norm = .none }
      head.outputNormStages =
        table.naming == .openmmlab && !isOneOfSeveral ? [] : outputNorms.sorted()
    } else {
      // A classifier has a final norm in every publisher's model: if it is not there, it is missing.
      head.norm = classifier == nil ? .none : .afterPooling
      head.outputNormStages = outputNorms.sorted()
    }
    return head
  }

  /// The most frequent value, the smallest of equally frequent ones; `nil` where there is none.
  private static func mostCommon(_ values: [Int]) -> Int? {
    var counts: [Int: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
