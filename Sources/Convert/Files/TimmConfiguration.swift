import ByteIO
import ConvNeXtSchema

/// What timm says in the `config.json` of a model (`timm/models/_hub.py`). How images are prepared
/// is in `pretrained_cfg`, or at the top level in files from before 2023.
struct TimmConfiguration {
  private let config: JSONValue
  private let pretrained: JSONValue
  /// The model's name in timm: `convnext_tiny`.
  private let architecture: String
  /// The other arguments that the model was built with.
  private let arguments: JSONValue?

  /// `nil` if the configuration is neither timm's nor that of a timm model in transformers
  /// (`TimmBackboneConfig`).
  init?(_ config: JSONValue) {
    // `convnext_tiny.fb_in1k` is a name and a tag for the original weights; `hf-hub:timm/` in front
    // says where they are.
    func withoutTag(_ name: String) -> String {
      String((name.split(separator: "/").last ?? "").prefix { $0 != "." })
    }
    if let name = config["architecture"]?.stringValue {
      architecture = withoutTag(name)
      arguments = config["model_args"]
    } else if config["model_type"]?.stringValue == "timm_backbone",
      let name = config["backbone"]?.stringValue
    {
      architecture = withoutTag(name)
      arguments = config
    } else {
      return nil
    }
    self.config = config
    pretrained = config[nonNull: "pretrained_cfg"] ?? config
  }

  /// The published size of this name; `nil` if there is none, or if the arguments say another.
  var size: Variant? {
    guard arguments?[nonNull: "depths"] == nil, arguments?[nonNull: "dims"] == nil else {
      return nil
    }
    return try? Variant.configuration(named: architecture).variant
  }

  /// Height and width of the images, if both are the same.
  var imageSize: Int? {
    imageSides.flatMap { $0[0] == $0[1] ? $0[0] : nil }
  }

  /// Height and width of the images.
  var imageSides: [Int]? {
    guard let shape = pretrained["input_size"]?.integerArray, shape.count == 3 else { return nil }
    return Array(shape.dropFirst())
  }

  /// The names of the classes, in the order of the classifier's outputs.
  var labels: [String]? {
    // `labels` in files from before 2023.
    let keys = ["label_names", "labels"]
    let said = [config, pretrained].lazy.flatMap { object in keys.map { object[nonNull: $0] } }
    guard let names = said.compactMap(\.self).first?.arrayValue else { return nil }
    let labels = names.compactMap(\.stringValue)
    return labels.count == names.count ? labels : nil
  }

  /// What `model_args`, or the architecture's own defaults, say about the computation and no tensor
  /// shows, as in `Architecture.features`.
  var features: [String] {
    var features: [String] = []
    let activation = arguments?["act_layer"]?.stringValue ?? Self.activations[architecture]
    if let activation, activation != Architecture.Block.usualActivation {
      features.append(
        Architecture.activationPrefix + (Self.transformersNames[activation] ?? activation))
    }
    if let stride = arguments?["output_stride"]?.integerValue, stride != Self.usualStride {
      features.append("\(Architecture.outputStridePrefix)\(stride)")
    }
    if let normEpsilon { features.append("\(Architecture.epsilonPrefix)\(normEpsilon)") }
    if let feature = Architecture.Norm(rawValue: norm).map(\.feature) ?? "norm_layer_\(norm)" {
      features.append(feature)
    }
    switch arguments?["global_pool"]?.stringValue {
    case nil, Self.usualPool: break
    case "": features.append(Architecture.unpooledFeature)
    case let pool?: features.append("global_pool_\(pool)")
    }
    return features
  }

  /// The epsilon of every norm, if it is not the one that most architectures have.
  var normEpsilon: Double? {
    let own = Self.epsilons.first { architecture.hasPrefix($0.prefix) }?.epsilon
    let epsilon = arguments?["norm_eps"]?.numberValue ?? own
    return own == nil && epsilon == NormEpsilons.usual ? nil : epsilon
  }

  /// Architectures whose epsilon is not the usual one (`timm/models/convnext.py`).
  private static let epsilons: [(prefix: String, epsilon: Double)] = [
    ("convnext_xxlarge", 1e-5), ("test_convnext", 1e-5),
  ]

  /// Activations of architectures that do not use GELU (`timm/models/convnext.py`).
  private static let activations = [
    "test_convnext": "gelu_tanh", "test_convnext2": "gelu_tanh", "test_convnext3": "silu",
  ]

  /// timm's names for activations (`timm/layers/create_act.py`) where transformers has other names
  /// (`ACT2FN` in `transformers/activations.py`).
  private static let transformersNames = [
    "gelu_tanh": "gelu_pytorch_tanh", "swish": "silu", "hard_swish": "hardswish",
    "identity": "linear",
  ]

  private static let usualStride = 32

  private static let usualPool = "avg"

  /// Norms of architectures that do not use LayerNorm.
  private static let norms: [(prefix: String, norm: Architecture.Norm)] = [
    ("convnext_zepto_rms", .simple), ("convnext_atto_rms", .rootMeanSquare),
  ]

  /// timm's name for the norms, without its `2d`, which only says where the channels are.
  private var norm: String {
    let own = Self.norms.first { architecture.hasPrefix($0.prefix) }?.norm
    switch arguments?["norm_layer"] {
    case .string(let name): return String(name.hasSuffix("2d") ? name.dropLast(2) : name[...])
    // `None` means LayerNorm.
    case .null: return Architecture.Norm.layer.rawValue
    default: return (own ?? .layer).rawValue
    }
  }

  /// The entries that say how images are prepared.
  var preprocessing: JSONValue? {
    var object = JSONObject()
    for key in Self.preprocessingKeys { object[key] = pretrained[key] }
    return object.entries.isEmpty ? nil : .object(object)
  }

  private static let preprocessingKeys = [
    "input_size", "test_input_size", "interpolation", "crop_pct", "test_crop_pct", "crop_mode",
    "mean", "std",
  ]
}
