import ByteIO
import ConvNeXtSchema
import NativeFormat

extension ConversionPlan {
  /// What the `.convnext` file will say of itself, but for tensors and digests.
  var nativeHeader: NativeHeader {
    let architecture = match.architecture
    let variant = Variant(of: architecture)
    let missing = match.problems.compactMap { problem in
      if case .missing(_, let canonicalName, _, _) = problem { canonicalName } else { nil }
    }
    var model = ModelDescription(
      version: architecture.version, variant: variant?.name ?? "custom",
      depths: architecture.depths, widths: architecture.widths,
      classes: architecture.head.classes, imageSize: nil, features: architecture.features,
      missingTensors: missing)
    let epsilons = NormEpsilons(of: match, in: checkpoint)
    model.normEpsilon = epsilons.norms
    model.finalNormEpsilon = epsilons.finalNorm
    if let native = checkpoint.native?.header {
      model.imageSize = native.model.imageSize
      return NativeHeader(
        model: model, source: native.source, preprocessing: native.preprocessing,
        labels: native.labels)
    }
    let folder = checkpoint.folder
    model.imageSize = folder?.imageSize
    return NativeHeader(
      model: model,
      source: SourceDescription(
        fileName: FileSystem.name(of: checkpoint.path), sha256: nil,
        container: checkpoint.container.rawValue, naming: match.candidate.naming.rawValue,
        wrapper: match.candidate.wrapper, prefix: match.candidate.prefix, tool: request.tool),
      preprocessing: folder?.preprocessing,
      labels: folder?.labels(classes: architecture.head.classes))
  }

  /// How transformers' pipeline turns outputs into answers, where the source's configuration says it:
  /// `multi_label_classification` and the like.
  var problemType: String? { checkpoint.folder?.config?["problem_type"]?.stringValue }

  /// The `config.json` with which transformers builds the model.
  ///
  /// Keys and defaults are those of `ConvNextConfig` and `ConvNextV2Config`.
  var huggingFaceConfig: JSONValue {
    let architecture = match.architecture
    let isV2 = architecture.version == 2
    let classes = architecture.head.classes
    let header = nativeHeader
    var config = JSONObject()
    let className = "ConvNext\(isV2 ? "V2" : "")"
    let task =
      classes != nil
      ? "ForImageClassification" : architecture.head.outputNormStages.isEmpty ? "Model" : "Backbone"
    config["architectures"] = .array([.string(className + task)])
    config["model_type"] = .string(isV2 ? "convnextv2" : "convnext")
    config["num_channels"] = .integer(architecture.inputChannels)
    if case .patch(let kernelSize) = architecture.stem {
      config["patch_size"] = .integer(kernelSize)
    }
    config["num_stages"] = .integer(architecture.stages.count)
    config["depths"] = .integers(architecture.depths)
    config["hidden_sizes"] = .integers(architecture.widths)
    config["hidden_act"] = .string(architecture.block.activation)
    config["layer_norm_eps"] = .number(header.model.finalNormEpsilon)
    if !isV2 {
      config["layer_scale_init_value"] = .number(architecture.block.hasLayerScale ? 1e-6 : 0)
    }
    config["drop_path_rate"] = .number(0)
    config["initializer_range"] = .number(0.02)
    if let imageSize = header.model.imageSize { config["image_size"] = .integer(imageSize) }
    if header.labels == nil, let source = checkpoint.folder?.config,
      let labels = source["id2label"]?.objectValue, labels.entries.count == classes
    {
      // Their numbers have holes, as in Meta's models of 22,000 classes: they stay as they are.
      config["id2label"] = .object(labels)
      config["label2id"] = source["label2id"]
    } else if let classes {
      let labels = header.labels ?? (0..<classes).map { "LABEL_\($0)" }
      var idToLabel = JSONObject()
      var labelToID = JSONObject()
      for (index, label) in labels.enumerated() {
        idToLabel[String(index)] = .string(label)
        labelToID[label] = .integer(index)
      }
      config["id2label"] = .object(idToLabel)
      config["label2id"] = .object(labelToID)
    }
    if let problemType { config["problem_type"] = .string(problemType) }
    if !architecture.head.outputNormStages.isEmpty {
      config["out_features"] = .array(
        architecture.head.outputNormStages.map { .string("stage\($0 + 1)") })
    }
    return .object(config)
  }
}

extension ConversionPlan {
  /// Epsilons of the model that are not those with which the result's reader builds it.
  ///
  /// transformers' 1e-12 for the final norm is left alone where others have 1e-6: that is so for every
  /// one of its models, and changes no prediction.
  func lostEpsilons(inFolder isFolder: Bool) -> [String] {
    // As a feature it is told already.
    guard request.container != .convnext, !match.architecture.namesEpsilon else { return [] }
    let model = nativeHeader.model
    let usual = NormEpsilons(hasSmallFinalEpsilon: false, variant: Variant(of: match.architecture))
    // Only timm knows that one size has another epsilon.
    let expected = naming == .timm ? usual.norms : NormEpsilons.usual
    var sentences: [String] = []
    if model.normEpsilon != expected {
      sentences.append(
        "the norms have an epsilon of \(model.normEpsilon), and \(naming.rawValue)'s code has "
          + "\(expected)")
    }
    let known = [expected, NormEpsilons.smallFinal, model.normEpsilon]
    if !isFolder, match.architecture.head.norm != .none, !known.contains(model.finalNormEpsilon) {
      sentences.append(
        "the final norm has an epsilon of \(model.finalNormEpsilon), which no name tells")
    }
    return sentences
  }
}
