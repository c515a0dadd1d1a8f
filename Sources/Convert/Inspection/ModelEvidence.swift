import ByteIO
import ConvNeXtSchema
import NativeFormat
import TensorModel
import TorchFormat

/// What the recognition of a model is based on, and what is uncertain about it.
struct ModelEvidence {
  private(set) var evidence: [String] = []
  private(set) var doubts: [String] = []

  /// - Parameters:
  ///   - match: The model.
  ///   - variant: The model's published size.
  ///   - others: The places that it was preferred to, if none was asked for.
  init(_ checkpoint: Checkpoint, match: ModelMatch?, variant: Variant?, others: [Candidate] = []) {
    if !checkpoint.unindexedTensors.isEmpty {
      doubts.append(
        "the shards hold \(counted(checkpoint.unindexedTensors.count, "tensor")) that the index does "
          + "not name")
    }
    if checkpoint.torchFiles.contains(where: \.hasDeflatedTensors) {
      doubts.append(
        "the elements are deflated: torch.load with mmap=True, as transformers calls it, takes other "
          + "bytes for them; a converted file has them plain")
    }
    if let sentence = checkpoint.folder?.unreadNote { doubts.append(sentence) }
    guard let match else { return }
    let architecture = match.architecture
    let candidate = match.candidate
    evidence.append(
      "\(counted(candidate.blockCount, "depthwise convolution")) under \(candidate.title) names")
    let all = architecture.tensorCount
    evidence.append(
      match.tensors.count == all
        ? "all \(all) tensors of the model are there, each in its shape"
        : "\(match.tensors.count) of \(all) tensors of the model are there, each in its shape")
    if !match.repeated.isEmpty {
      evidence.append(
        "the final norm is in the file twice, with the same elements: also as "
          + match.repeated.map { quoted($0.info.name.string) }.joined(separator: " and "))
    }
    let dictionaryCount = Set(
      match.tensors.map { ByteText(checkpoint.inputs[$0.inputIndex].wrapper) }
    )
    .count
    if dictionaryCount > 1 {
      evidence.append(
        "the state dict was saved in parts, in \(dictionaryCount) dictionaries")
    }
    doubts += checkpoint.doubts(of: match)
    let wrappedCount = match.tensors.count { $0.isWrapped }
    if wrappedCount > 0 {
      evidence.append(
        "in \(wrappedCount) names a wrapper of torch ('_orig_mod' and the like) is in the middle; "
          + "without it they are \(candidate.title) names")
    }
    if let variant {
      evidence.append("depths and widths are those of \(variant.fullName)")
    }
    if !others.isEmpty, candidate.advantage(over: others) == .position {
      doubts.append(
        "\(quoted(candidate.key)) is the first in the file; nothing else distinguishes it from "
          + others.filter { candidate.advantage(over: [$0]) == .position }.prefix(4)
          .map { quoted($0.key) }.joined(separator: ", "))
    }
    addDoubts(checkpoint, match)
  }

  private mutating func addDoubts(_ checkpoint: Checkpoint, _ match: ModelMatch) {
    let architecture = match.architecture
    if match.tensors.contains(where: { $0.parameter.role == .layerScale && $0.isAlias }) {
      doubts.append(
        "layer scales are named 'weight': an old transformers renamed 'gamma' when it saved the file"
      )
    }
    if match.candidate.hasSmallFinalEpsilon, architecture.head.norm != .none,
      checkpoint.folder?.finalNormEpsilon == nil
    {
      doubts.append(
        "the final norm's epsilon is not in the file; transformers' default, "
          + "\(NormEpsilons.smallFinal), is assumed")
    }
    if !match.hasAllTensors, let shardCount = checkpoint.shardCount {
      doubts.append(
        "by its name the file is one of \(shardCount) parts of a model: name their index, or the folder"
      )
    }
    doubts += checkpoint.disagreements(of: match)
    doubts += checkpoint.companionNotes(of: match)
    if let sizes = checkpoint.folder?.oblongSizes {
      doubts.append("images of \(sizes) are named; image sizes and costs are those of squares")
    }
    if checkpoint.folder == nil,
      let disagreement = architecture.head.classes.flatMap(checkpoint.labelDisagreement)
    {
      doubts.append(disagreement)
    }
    addNorms(architecture, stated: checkpoint.statedFeatures)
    addPublishedSettings(match, stated: checkpoint.statedFeatures)
    doubts += architecture.unknownFeatures.map {
      "the file says that the model has the feature \(quoted($0)), which this program does not know"
    }
    doubts += checkpoint.native.map { match.disagreements(with: $0.header.model) } ?? []
    let shared = SharedStorages(match, checkpoint)
    if !shared.names.isEmpty {
      doubts.append(
        "these tensors share memory and are written once each, or tied where the container can: "
          + quotedList(shared.names))
    }
  }
}

extension ModelEvidence {
  /// What kind of norms without biases the model has, which its tensors do not show.
  private mutating func addNorms(_ architecture: Architecture, stated: [String]?) {
    let features = Architecture.Norm.allCases.compactMap(\.feature)
    let isStated = features.contains { stated?.contains($0) ?? false }
    let size = Variant(of: architecture)
    switch (architecture.norm, size?.architecture.norm) {
    case (.layer, _):
      if isStated {
        doubts.append("the file says that the norms have no biases, but they do")
      }
    case (_, nil):
      if !isStated {
        doubts.append(
          "the norms have no biases; RMS norms are assumed, and timm's SimpleNorm has the same tensors"
        )
      }
    case (let norm, let published?):
      if let size, norm != published {
        doubts.append(
          "the file says \(norm.rawValue), and \(size.fullName) has \(published.rawValue)")
      } else if let size, !isStated {
        evidence.append("the norms have no biases, and \(size.fullName) has \(norm.rawValue)")
      }
    }
  }

  /// What was taken from timm's code for the size because nothing else says it.
  private mutating func addPublishedSettings(_ match: ModelMatch, stated: [String]?) {
    let settings = match.architecture.settingFeatures
    guard stated == nil, match.candidate.naming == .timm,
      let size = Variant(of: match.architecture),
      !settings.isEmpty, size.architecture.features.contains(settings[0])
    else { return }
    doubts.append(
      "the names do not show \(quotedList(settings)); that is what timm has for \(size.fullName)")
  }
}
