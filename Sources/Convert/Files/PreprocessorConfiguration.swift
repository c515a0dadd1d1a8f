import ByteIO

/// The `preprocessor_config.json` of a Hugging Face folder.
enum PreprocessorConfiguration {
  /// `PIL.Image.Resampling` by timm's names (`timm/data/transforms.py`).
  private static let resampling = ["nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3]
  /// From this size on, `ConvNextImageProcessor` neither crops nor keeps the image's proportions.
  private static let leastWarpedSize = 384

  /// Whether the middle that timm crops begins a pixel later than the one that
  /// `ConvNextImageProcessor` crops: what is left over is odd, and timm rounds half of it to the
  /// even number (`torchvision/transforms/functional.py`), where transformers rounds down.
  static func isShifted(_ preprocessing: JSONValue) -> Bool {
    guard preprocessing[nonNull: "mean"] != nil,
      let size = preprocessing["input_size"]?.integerArray?.last,
      (1..<leastWarpedSize).contains(size)
    else { return false }
    let share = preprocessing["crop_pct"]?.numberValue ?? usualCropShare
    guard share > 0.01, share <= 1 else { return false }
    let margin = Int((Double(size) / share).rounded(.down)) - size
    return margin % 4 == 3
  }

  private static let usualCropShare = 0.875

  /// A source's preprocessing in Hugging Face's terms; `nil` if these cannot express it.
  ///
  /// timm resizes the shorter side to size / `crop_pct` and crops the middle, as
  /// `ConvNextImageProcessor` does for sizes below 384. It does not crop larger ones, so timm's
  /// cropping cannot be expressed for them.
  static func huggingFace(_ preprocessing: JSONValue) -> JSONValue? {
    guard preprocessing.objectValue != nil else { return nil }
    guard let mean = preprocessing[nonNull: "mean"] else { return preprocessing }
    let cropMode = preprocessing["crop_mode"]?.stringValue ?? "center"
    let cropShare = preprocessing["crop_pct"]?.numberValue ?? usualCropShare
    guard let shape = preprocessing["input_size"]?.integerArray, shape.count == 3,
      shape[1] == shape[2], let deviation = preprocessing[nonNull: "std"],
      let filter = preprocessing["interpolation"]?.stringValue.flatMap({ resampling[$0] }),
      shape[2] < leastWarpedSize ? cropMode == "center" : cropMode == "squash" && cropShare == 1
    else { return nil }
    var size = JSONObject()
    size["shortest_edge"] = .integer(shape[2])
    var object = JSONObject()
    object["image_processor_type"] = .string("ConvNextImageProcessor")
    object["do_resize"] = .bool(true)
    object["size"] = .object(size)
    object["crop_pct"] = .number(cropShare)
    object["resample"] = .integer(filter)
    object["do_rescale"] = .bool(true)
    object["rescale_factor"] = .number(1.0 / 255)
    object["do_normalize"] = .bool(true)
    object["image_mean"] = mean
    object["image_std"] = deviation
    return .object(object)
  }
}
