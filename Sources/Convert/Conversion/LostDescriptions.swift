import ByteIO
import ConvNeXtSchema
import NativeFormat
import TorchFormat

extension ConversionPlan {
  /// What is known about the model but has no place in the result, or no counterpart in the code
  /// that reads it, in sentences.
  ///
  /// - Parameter isFolder: Whether a folder with a `config.json` is written.
  public func lostDescriptions(inFolder isFolder: Bool) -> [String] {
    LostDescriptions(self, inFolder: isFolder).sentences
  }
}

/// What a conversion loses besides tensors.
private struct LostDescriptions {
  private let plan: ConversionPlan
  /// Whether a folder with a `config.json` is written.
  private let isFolder: Bool
  /// What a `.convnext` file would say.
  private let header: NativeHeader

  init(_ plan: ConversionPlan, inFolder isFolder: Bool) {
    self.plan = plan
    self.isFolder = isFolder
    header = plan.nativeHeader
  }

  private var checkpoint: Checkpoint { plan.checkpoint }
  private var architecture: Architecture { plan.match.architecture }
  private var naming: Naming { plan.naming }
  /// Whether the result is a `.convnext` file, which has a place for all of it.
  private var isNative: Bool { plan.request.container == .convnext }

  var sentences: [String] {
    (checkpoint.folder?.disagreementsBesideLabels(with: architecture) ?? [])
      + settings + epsilons + texts + program + answers + missingParts + labels
  }

  /// What the model computes that the result's names do not show.
  private var settings: [String] {
    guard !isNative, !isFolder, naming != .canonical else { return [] }
    let way =
      naming == .huggingface
      ? "a folder's config.json does" : "the model has to be built with it"
    return architecture.settingFeatures.filter { !naming.implies($0) }
      .map { "the names do not show '\($0)'; \(way)" }
  }

  /// Epsilons of the model other than those with which the result's reader builds it.
  ///
  /// Others use 1e-6 for the final norm where transformers uses 1e-12. That is so for every one of
  /// its models, so it is reported only if the source itself says it.
  private var epsilons: [String] {
    // As a feature it is already reported.
    guard !isNative, architecture.statedEpsilon == nil else { return [] }
    let model = header.model
    let expected = NormEpsilons(
      of: architecture, naming: naming, hasSmallFinalEpsilon: false
    ).norms
    var sentences: [String] = []
    if model.normEpsilon != expected {
      sentences.append(
        "the norms have an epsilon of \(model.normEpsilon), and \(naming.rawValue)'s code has "
          + "\(expected)")
    }
    let known = [expected, NormEpsilons.smallFinal, model.normEpsilon]
    if !isFolder, architecture.head.norm != .none, !known.contains(model.finalNormEpsilon) {
      sentences.append(
        "the final norm has an epsilon of \(model.finalNormEpsilon), which no name shows")
    }
    if naming != .huggingface, architecture.head.norm != .none,
      model.finalNormEpsilon == NormEpsilons.smallFinal, checkpoint.statesEpsilons
    {
      let others =
        naming == .canonical
        ? "canonical names do not show" : "\(naming.rawValue)'s code has \(expected)"
      sentences.append(
        "the final norm has an epsilon of \(model.finalNormEpsilon), and \(others), which shows where "
          + "what is pooled is next to nothing")
    }
    return sentences
  }

  /// Labels, preprocessing and metadata for which the result has no place.
  private var texts: [String] {
    var lost: [String] = []
    if !isNative, !isFolder {
      // Those that transformers makes up say nothing.
      if let labels = header.labels, labels.enumerated().contains(where: { $1 != "LABEL_\($0)" }) {
        lost.append("class labels")
      }
      if header.preprocessing != nil { lost.append("preprocessing") }
      if let imageSize = header.model.imageSize { lost.append("the image size \(imageSize)") }
    }
    if architecture.head.classes == nil, checkpoint.folder?.namesClasses == true {
      lost.append("class labels of config.json, because there is no classifier")
    }
    if architecture.head.outputNormStages.isEmpty,
      let stages = checkpoint.folder?.outputStages, stages != ["stage\(architecture.depths.count)"]
    {
      lost.append(
        "out_features of config.json (\(quotedList(stages))), because there are no norms of outputs"
      )
    }
    if let metadata = lostMetadata { lost.append(metadata) }
    let usedKey =
      isNative || isFolder
      ? checkpoint.labelKey(classes: architecture.head.classes) : nil
    let values = checkpoint.namesOfPlainValues.filter { $0 != usedKey }
    if !values.isEmpty { lost.append("values besides the weights (\(quotedList(values)))") }
    return lost.isEmpty
      ? []
      : ["left out, for the result has no place for it: \(lost.joined(separator: ", "))"]
  }

  /// What a TorchScript file has besides weights, which the result does not.
  private var program: [String] {
    let compiled = checkpoint.torchFiles.filter { $0.container == .torchScript }
    guard !compiled.isEmpty else { return [] }
    let files = compiled.flatMap(\.extraFileNames)
    return [
      "left out: the program of the TorchScript file, which may do more than the model, such as "
        + "normalizing images"
        + (files.isEmpty ? "" : "; and its extra files (\(quotedList(files)))")
    ]
  }

  /// The safetensors metadata that is not carried over; `nil` if all of it is.
  private var lostMetadata: String? {
    let staysWithin = plan.request.container == .safetensors
    let keys = staysWithin ? checkpoint.lostMetadataKeys : checkpoint.metadataKeys
    guard !keys.isEmpty else { return nil }
    let whose =
      staysWithin
      ? "that the shards give differently"
      : checkpoint.files.count == 1 ? "of the safetensors file" : "of the safetensors files"
    return "metadata \(whose) (\(quotedList(keys)))"
  }

  /// What the result does not say about the model's inputs and the meaning of its outputs.
  private var answers: [String] {
    var sentences: [String] = []
    // Without one, transformers assumes this of models that have several classes.
    if !isFolder, let problemType = plan.problemType, problemType != "single_label_classification" {
      sentences.append(
        "config.json's problem_type \(quoted(problemType)), by which transformers turns outputs into "
          + "answers, is not kept")
    }
    if isFolder, let preprocessing = header.preprocessing {
      if PreprocessorConfiguration.huggingFace(preprocessing) == nil {
        sentences.append(
          "how images are prepared cannot be said in transformers' words, and is left out")
      } else if PreprocessorConfiguration.isShifted(preprocessing) {
        sentences.append(
          "timm crops the middle of an image a pixel further to the right and down than transformers "
            + "does: what is left over is odd")
      }
    }
    return sentences
  }

  /// What the code that reads the result builds, but the model does not have.
  private var missingParts: [String] {
    let head = architecture.head
    var sentences: [String] = []
    if head.norm == .none, head.outputNormStages.isEmpty, naming != .canonical,
      !plan.match.problems.contains(where: \.isMissing)
    {
      sentences.append(
        "the model has no final norm; the code that reads it has one"
          + (isFolder ? ", and will start it at 1 and 0" : ", and loads the rest if not strict"))
    }
    if let stageCount = naming.stageCount, architecture.stages.count < stageCount,
      !architecture.isIsotropic
    {
      sentences.append(
        "the model has \(architecture.stages.count) of \(stageCount) stages; the code that reads "
          + "it loads the rest if not strict")
    }
    return sentences
  }

  /// Labels that do not match the classifier's outputs one to one.
  private var labels: [String] {
    guard let classes = architecture.head.classes else { return [] }
    if let disagreement = checkpoint.labelDisagreement(classes: classes) {
      return ["\(disagreement): they are left out"]
    }
    guard let folder = checkpoint.folder, let count = folder.labelCount, count == classes,
      folder.labels(classes: classes) == nil
    else { return [] }
    return [
      "config.json does not number its \(count) labels from 0 on"
        + (isFolder ? "; they stay as they are" : ", so they are left out")
    ]
  }
}
