import ByteIO

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
