import TensorModel

/// Infers the description of a model from the names and shapes of its tensors.
///
/// What most blocks say wins, so that one wrong tensor is found as the odd one out instead of
/// distorting the description.
///
/// Numbers come from a file and may be anything; those beyond `Architecture.Bounds` are not
/// believed.
struct ArchitectureInference {
  private typealias Bounds = Architecture.Bounds

  /// A tensor and what its name says it is.
  private struct Sighting {
    let row: NameTable.Row
    let indices: NamePattern.Indices
    let shape: [Int]

    /// An isotropic model's names have no stage: it is the only one.
    var stage: Int { indices.stage ?? 0 }
  }

  private var sightings: [String: [Sighting]] = [:]
  private var sequence: HeadSequence?
  private let table: NameTable

  /// - Parameter names: Names without the candidate's path, with their shapes.
  init(_ names: [(name: Substring, shape: [Int])], table: NameTable, bodyPrefix: String) {
    self.table = table
    sequence = HeadSequence(table)
    for (name, shape) in names {
      let whole = DottedName(name.utf8)
      sequence?.note(whole)
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
      let shape = withoutLeadingUnits(shape, rank: row.rank)
      guard let indices = row.theirs.match(name), Self.isPlausible(row, shape),
        sequence == nil || HeadSequence.isPlausible(row, shape)
      else { continue }
      sightings[row.canonical.text, default: []].append(
        Sighting(row: row, indices: indices, shape: shape))
    }
  }

  /// Convolutions have four dimensions and norms one, which distinguishes timm's `stem.1` in the
  /// two stems.
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
    architecture.stem = stem(stageCount: architecture.stages.count)
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
    let normsHaveBias =
      has("stages.{i}.blocks.{j}.norm.bias") || !has("stages.{i}.blocks.{j}.norm.weight")
    architecture.norm = normsHaveBias ? .layer : .rootMeanSquare
    return architecture
  }

  /// Whether the head is the user's own, without a recognized final norm.
  var hasOtherHead: Bool { sequence?.isThere == true && !has("head.norm.weight") }

  private func has(_ template: String) -> Bool { sightings[template] != nil }

  private var stages: [Architecture.Stage] {
    let depths = depths
    let depthwise = sightings("stages.{i}.blocks.{j}.depthwise.weight", rank: 4)
    let expand = sightings("stages.{i}.blocks.{j}.expand.weight", rank: 2)
    let norms = sightings("stages.{i}.blocks.{j}.norm.weight", rank: 1)
    // Only this shows the width of a stage without blocks.
    let downsample = sightings("stages.{i}.downsample.conv.weight", rank: 4)
    return (0..<((depths.keys.max() ?? -1) + 1)).map { stage in
      let width =
        Self.mostCommon(depthwise[stage], dimension: 0)
        ?? Self.mostCommon(norms[stage], dimension: 0)
        ?? Self.mostCommon(downsample[stage], dimension: 0) ?? 1
      return Architecture.Stage(
        depth: depths[stage] ?? 0, width: width,
        hiddenWidth: Self.mostCommon(expand[stage], dimension: 0) ?? 4 * width,
        kernelSize: Self.mostCommon(depthwise[stage], dimension: 3) ?? 7)
    }
  }

  /// Blocks that are believed if the file has next to none, shared among its stages: enough for the
  /// last block of a stage to determine the depth of every published size.
  private static let spareBlockCount = 256

  /// How many blocks each stage has.
  ///
  /// That is what the highest number of a block says, unless most of the stage's tensors would be
  /// missing: such a number is the odd one out, and a few names could otherwise make a model of any
  /// size.
  private var depths: [Int: Int] {
    var blocks: [Int: [Int]] = [:]
    for (template, sightings) in sightings where template.hasPrefix("stages.{i}.blocks.{j}.") {
      for sighting in sightings where sighting.stage < Bounds.stages {
        blocks[sighting.stage, default: []].append(sighting.indices.block ?? 0)
      }
    }
    let stageCount = max(1, blocks.count)
    return blocks.compactMapValues { numbers in
      let believed = max(
        Self.spareBlockCount / stageCount, numbers.count / Self.fewestTensorsOfBlock)
      let bound = min(Bounds.blocks / stageCount, believed)
      return numbers.filter { $0 < bound }.max().map { $0 + 1 }
    }
  }

  /// Every block has at least seven tensors; with more than half of them it counts as one.
  private static let fewestTensorsOfBlock = 4

  /// The tensors of each stage that have at least `rank` dimensions.
  private func sightings(_ template: String, rank: Int) -> [Int: [Sighting]] {
    Dictionary(
      grouping: sightings[template, default: []].filter { $0.shape.count >= rank }, by: \.stage)
  }

  private func stem(stageCount: Int) -> Architecture.Stem {
    if let second = sightings["stem.conv2.weight"]?.first {
      let middle = sightings["stem.conv1.weight"]?.first?.shape[0] ?? second.shape[1]
      return .overlap(
        middleChannels: middle, hasActivation: second.row.condition == .overlapAct)
    }
    let kernelSize = sightings["stem.conv.weight"]?.first?.shape[3] ?? 4
    let canHaveNorm = table.rows.contains { $0.canonical.text == "stem.norm.weight" }
    let isIsotropic = !has("stem.norm.weight") && (!canHaveNorm || stageCount == 1)
    return isIsotropic ? .bare(kernelSize: kernelSize) : .patch(kernelSize: kernelSize)
  }

  private var head: Architecture.Head {
    let classifierShape =
      sequence?.goesOn == true ? nil : sightings["head.classifier.weight"]?.first?.shape
    let biasShape =
      sequence?.goesOn == true ? nil : sightings["head.classifier.bias"]?.first?.shape
    let classifier = classifierShape?.first ?? biasShape?.first
    var head = Architecture.Head(classes: classifier)
    let preLogitsShape = sightings["head.pre_logits.weight"]?.first?.shape
    head.hiddenFeatures =
      preLogitsShape?.first ?? sightings["head.pre_logits.bias"]?.first?.shape.first
    // timm makes classifier and pre-logits convolutions only without pooling (`_create_fc` in
    // `timm/layers/classifier.py`).
    head.isPooled =
      table.naming != .timm || classifierShape?.count != 4 && preLogitsShape?.count != 4
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
      // A classifier has a final norm in every publisher's model; if it is not there, it is
      // missing.
      head.norm = classifier == nil ? .none : .afterPooling
      head.outputNormStages = outputNorms.sorted()
    }
    return head
  }

  /// The most frequent size of a dimension, which all of the tensors must have.
  private static func mostCommon(_ sightings: [Sighting]?, dimension: Int) -> Int? {
    mostCommon((sightings ?? []).map { $0.shape[dimension] })
  }

  /// The most frequent value, the smallest of equally frequent ones; `nil` if there is none.
  private static func mostCommon(_ values: [Int]) -> Int? {
    var counts: [Int: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
