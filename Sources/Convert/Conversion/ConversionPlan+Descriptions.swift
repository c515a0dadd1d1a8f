import ByteIO
import ConvNeXtSchema
import NativeFormat
import TensorModel

extension ConversionPlan {
  /// What the `.convnext` file will say about itself, apart from tensors and digests.
  var nativeHeader: NativeHeader {
    let architecture = match.architecture
    let variant = Variant(of: architecture)
    var model = ModelDescription(
      version: architecture.version, variant: variant?.name ?? "custom",
      depths: architecture.depths, widths: architecture.widths,
      classes: architecture.head.classes, imageSize: nil, features: architecture.features,
      missingTensors: match.missingParameters)
    let epsilons = NormEpsilons(of: match, in: checkpoint)
    model.normEpsilon = epsilons.norms
    model.finalNormEpsilon = epsilons.finalNorm
    if let native = checkpoint.native?.header {
      model.imageSize = native.model.imageSize
      return NativeHeader(
        model: model, source: native.source, preprocessing: native.preprocessing,
        labels: checkpoint.labels(classes: architecture.head.classes))
    }
    let folder = checkpoint.folder
    model.imageSize = folder?.imageSize
    // A folder's name is not the model's, nor is whether it was given as `.`.
    let sourcePath = folder?.weightsPath ?? checkpoint.path
    return NativeHeader(
      model: model,
      source: SourceDescription(
        fileName: FileSystem.name(of: sourcePath), sha256: nil,
        container: checkpoint.container.rawValue, naming: match.candidate.naming.rawValue,
        wrapper: match.candidate.wrapper, prefix: match.candidate.prefix, tool: request.tool),
      preprocessing: folder?.preprocessing,
      labels: checkpoint.labels(classes: architecture.head.classes))
  }

  /// How transformers' pipeline turns outputs into answers, if the source's configuration says so:
  /// `multi_label_classification` and the like.
  var problemType: String? { checkpoint.folder?.config?["problem_type"]?.stringValue }

  /// Keys of a configuration that depend on the result's tensors, or say where the source came
  /// from.
  private static let uncarriedKeys: Set<String> = [
    "dtype", "torch_dtype", "quantization_config", "_name_or_path", "num_labels", "id2label",
    "label2id", "out_features", "out_indices", ModelFolder.weightsKey,
  ]

  /// The settings in the source's configuration, if it is transformers' for a model of the same
  /// type: those of a training run, and keys that are not known here.
  private func carriedSettings(modelType: String) -> JSONObject {
    guard let config = checkpoint.folder?.config?.objectValue,
      config["model_type"]?.stringValue == modelType
    else { return JSONObject() }
    var carried = JSONObject()
    for entry in config.entries where !Self.uncarriedKeys.contains(entry.key) {
      carried[entry.key] = entry.value
    }
    return carried
  }

  /// The type in which transformers must build a model whose tensors have several, or one in which
  /// PyTorch does not compute. Unless configured, it uses that of the first weight for all, in which
  /// others may overflow. `nil` if there is one type, which it finds.
  private var mixedType: String? {
    let types = Set(outputs.map(\.elementType).filter { FloatFormat($0) != nil })
    if types.count < 2, types.allSatisfy(Self.computedTypes.contains) { return nil }
    return types.contains(.float64) ? "float64" : "float32"
  }

  private static let computedTypes: Set<ElementType> = [.bfloat16, .float16, .float32, .float64]

  /// The most placeholder labels that are written, as `save_pretrained` writes them; beyond that
  /// only `num_labels` is: a shape can claim very many.
  private static let madeUpLabelCount = 1 << 16

  /// The `config.json` with which transformers builds the model.
  ///
  /// Keys and defaults are those of `ConvNextConfig` and `ConvNextV2Config`; settings of the source
  /// that no tensor shows stay as they are.
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
    let modelType = isV2 ? "convnextv2" : "convnext"
    let carried = carriedSettings(modelType: modelType)
    config["architectures"] = .array([.string(className + task)])
    config["model_type"] = .string(modelType)
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
      // Any number above 0 creates layer scales.
      let carriedValue = carried["layer_scale_init_value"]
      let hasCarried = (carriedValue?.numberValue ?? 0) > 0 && architecture.block.hasLayerScale
      config["layer_scale_init_value"] =
        (hasCarried ? carriedValue : nil) ?? .number(architecture.block.hasLayerScale ? 1e-6 : 0)
    }
    config["drop_path_rate"] = carried["drop_path_rate"] ?? .number(0)
    config["initializer_range"] = carried["initializer_range"] ?? .number(0.02)
    config["image_size"] =
      carried["image_size"] ?? header.model.imageSize.map { .integer($0) }
    if header.labels == nil, let source = checkpoint.folder?.config,
      let labels = source["id2label"]?.objectValue, labels.entries.count == classes
    {
      // Their numbers have gaps, as in Meta's models with 22,000 classes, so they stay as they are.
      config["id2label"] = .object(labels)
      config["label2id"] = source["label2id"]
    } else if let classes, header.labels == nil, classes > Self.madeUpLabelCount {
      // transformers makes them up itself.
      config["num_labels"] = .integer(classes)
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
    if let mixedType { config["dtype"] = .string(mixedType) }
    if let problemType { config["problem_type"] = .string(problemType) }
    if !architecture.head.outputNormStages.isEmpty {
      config["out_features"] = .array(
        architecture.head.outputNormStages.map { .string("stage\($0 + 1)") })
    }
    for entry in carried.entries where config[entry.key] == nil { config[entry.key] = entry.value }
    return .object(config)
  }
}
