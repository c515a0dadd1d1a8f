import ByteIO
import ConvNeXtSchema

/// What timm says in the `config.json` beside a model (`timm/models/_hub.py`): how images are
/// prepared stands in `pretrained_cfg`, or beside the rest in files of before 2023.
struct TimmConfiguration {
  private let config: JSONValue
  private let pretrained: JSONValue

  /// `nil` for a configuration that is not timm's.
  init?(_ config: JSONValue) {
    guard config["architecture"]?.stringValue != nil else { return nil }
    self.config = config
    pretrained = config["pretrained_cfg"] ?? config
  }

  /// Height and width of the images, where both are the same.
  var imageSize: Int? {
    guard let shape = pretrained["input_size"]?.integerArray, shape.count == 3, shape[1] == shape[2]
    else { return nil }
    return shape[2]
  }

  /// The names of the classes, in the order of the classifier's outputs.
  var labels: [String]? {
    guard let names = (config["label_names"] ?? pretrained["label_names"])?.arrayValue else {
      return nil
    }
    let labels = names.compactMap(\.stringValue)
    return labels.count == names.count ? labels : nil
  }

  /// What `model_args`, or the architecture's own defaults, say of the computation and no tensor
  /// tells, as `Architecture.features` names it.
  var features: [String] {
    let arguments = config["model_args"]
    var features: [String] = []
    let activation =
      arguments?["act_layer"]?.stringValue
      ?? config["architecture"]?.stringValue.flatMap { Self.activations[$0] }
    if let activation, activation != Architecture.Block.usualActivation {
      features.append(
        Architecture.activationPrefix + (Self.transformersNames[activation] ?? activation))
    }
    if let stride = arguments?["output_stride"]?.integerValue, stride != Self.usualStride {
      features.append("\(Architecture.outputStridePrefix)\(stride)")
    }
    if let normEpsilon { features.append("\(Architecture.epsilonPrefix)\(normEpsilon)") }
    for (key, usual) in Self.usualValues {
      if let value = arguments?[key]?.stringValue, !usual.contains(value) {
        features.append("\(key)_\(value)")
      }
    }
    return features
  }

  /// The epsilon of every norm, where it is not the one that the model's size tells.
  var normEpsilon: Double? {
    let name = config["architecture"]?.stringValue ?? ""
    let own = Self.epsilons.first { name.hasPrefix($0.prefix) }
    let epsilon = config["model_args"]?["norm_eps"]?.numberValue ?? own?.epsilon
    return epsilon == (own?.isPublished == true ? own?.epsilon : NormEpsilons.usual) ? nil : epsilon
  }

  /// Architectures with another epsilon than others have (`timm/models/convnext.py`), and whether
  /// `NormEpsilons` knows their size.
  private static let epsilons: [(prefix: String, epsilon: Double, isPublished: Bool)] = [
    ("convnext_xxlarge", 1e-5, true), ("test_convnext", 1e-5, false),
  ]

  /// Activations of architectures that have another one than GELU (`timm/models/convnext.py`).
  private static let activations = [
    "test_convnext": "gelu_tanh", "test_convnext2": "gelu_tanh", "test_convnext3": "silu",
  ]

  /// timm's names of activations (`timm/layers/create_act.py`) where transformers has another
  /// (`ACT2FN` in `transformers/activations.py`).
  private static let transformersNames = [
    "gelu_tanh": "gelu_pytorch_tanh", "swish": "silu", "hard_swish": "hardswish",
  ]

  private static let usualStride = 32

  /// Values of other arguments that change nothing, or that names and shapes tell.
  private static let usualValues: [(key: String, values: Set<String>)] = [
    ("global_pool", ["avg", ""]),
    (
      "norm_layer",
      ["layernorm", "layernorm2d", "rmsnorm", "rmsnorm2d", "simplenorm", "simplenorm2d"]
    ),
  ]

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
