public import ByteIO
import TensorModel

extension SchemaError: CheckpointError {
  /// `unsupported` for what a format cannot express and for sparse models, `usage` for a name or
  /// number that the user gave, and otherwise `invalidInput`.
  public var category: FailureCategory {
    switch self {
    case .notExpressible, .featureNotExpressible, .featureMissing, .numberNotExpressible,
      .ambiguousNorm, .sparseModel:
      .unsupported
    case .unknownConfiguration, .impossibleNumber, .imageTooSmall: .usage
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .noModel: "no-convnext"
    case .sparseModel: "sparse-convnext"
    case .noModelAtKey: "no-convnext-at-key"
    case .doesNotFit: "does-not-fit"
    case .noTensors: "nothing-to-write"
    case .notExpressible: "not-expressible"
    case .featureNotExpressible: "feature-not-expressible"
    case .featureMissing: "feature-missing"
    case .numberNotExpressible: "number-not-expressible"
    case .ambiguousNorm: "ambiguous-norm"
    case .unknownConfiguration: "unknown-configuration"
    case .impossibleNumber: "impossible-number"
    case .tooLarge: "layer-too-large"
    case .imageTooSmall: "image-too-small"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .noModel(let tensorCount, let misplaced, let replaced):
      tensorCount == 0
        ? "there are no tensors in it"
        : "none of its \(tensorCount) tensors has the name and shape of a ConvNeXt's "
          + "depthwise convolution"
          + ((misplaced?.sentence ?? replaced?.sentence).map { "; \($0)" } ?? "")
    case .sparseModel:
      "it is a ConvNeXt V2 in pretraining (FCMAE), whose sparse convolutions have kernels of other "
        + "shapes and names"
    case .noModelAtKey(let key, let available):
      available.isEmpty
        ? "no ConvNeXt was found at \(quoted(key)), nor elsewhere in the file"
        : "no ConvNeXt was found at \(quoted(key)); there is one at "
          + available.prefix(4).map { $0.isEmpty ? "the top (--key '')" : quoted($0) }
          .joined(separator: " and at ")
          + (available.count > 4 ? ", and at \(available.count - 4) more places" : "")
    case .doesNotFit(let model, let problems):
      "it is not quite a \(model): " + summary(of: problems)
    case .noTensors: "the result would hold no tensors"
    case .notExpressible(let naming, let canonicalName):
      "\(naming.rawValue) has no name for \(quoted(canonicalName))"
    case .featureNotExpressible(let naming, let feature):
      "\(naming.rawValue) has no models with \(quoted(feature)): its code would not load this one, "
        + "or would compute something else"
    case .featureMissing(let naming, let feature):
      "all models of \(naming.rawValue) have \(quoted(feature)), and this one does not"
    case .numberNotExpressible(let naming, let name, let expected, let found):
      "the \(name) is \(expected) in all models of \(naming.rawValue), and \(found) in this one"
    case .ambiguousNorm(let naming):
      "the norm behind the last stage, without one behind another, would be read back from "
        + "\(naming.rawValue)'s names as the final norm"
    case .unknownConfiguration(let name, let nearest):
      "there is no configuration \(quoted(name))"
        + (nearest.map { "; did you mean \(quoted($0))?" } ?? "")
    case .impossibleNumber(let name, let value):
      "\(name) cannot be \(value)"
    case .tooLarge(let layer): "the cost of \(quoted(layer)) is too large to be counted"
    case .imageTooSmall(let imageSize, let minimum):
      "an image of \(imageSize) pixels is too small; "
        + (minimum == .max
          ? "this model's strides leave nothing of any image"
          : "this model needs \(minimum) at least")
    }
  }

  private func summary(of problems: [MatchProblem]) -> String {
    let shown = problems.prefix(8).map { "\n    \($0.sentence)" }.joined()
    let rest = problems.count - 8
    return (problems.count == 1 ? "1 tensor does not fit" : "\(problems.count) tensors do not fit")
      + shown + (rest > 0 ? "\n    and \(rest) more" : "")
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noModel(_, nil, let replaced?): replaced.hint
    case .noModel(_, _?, _):
      "--rules FILE gives tensors other names before anything is recognized; 'convnext help naming'"
        + " has the publishers'"
    case .noModel: "'convnext tensors' lists what is in the file, whatever it is"
    case .sparseModel:
      "'remap_checkpoint_keys' in the utils.py of Meta's ConvNeXt-V2 makes the usual model of it"
    case .doesNotFit(_, let problems): problems.hint
    case .notExpressible, .featureNotExpressible, .featureMissing, .numberNotExpressible,
      .ambiguousNorm:
      "choose another --naming, or the .convnext format, which holds everything"
    case .unknownConfiguration: "'convnext inspect --config list' shows all names"
    default: nil
    }
  }

  /// The tensor, if there is just one.
  public var place: ErrorPlace {
    switch self {
    case .doesNotFit(_, let problems) where problems.count == 1:
      ErrorPlace(tensor: problems.first?.tensorName)
    case .notExpressible(_, let canonicalName): ErrorPlace(tensor: canonicalName)
    default: ErrorPlace()
    }
  }
}

extension MatchProblem {
  /// The name of the tensor concerned.
  public var tensorName: String {
    switch self {
    case .missing(let name, _, _, _), .extra(let name, _, _), .wrongShape(let name, _, _, _),
      .unreadable(let name, _):
      name.string
    }
  }

  /// The problem in words.
  public var sentence: String {
    switch self {
    case .missing(let name, _, let shape, let nearest):
      "missing: \(quoted(name.string)) (\(readableShape(shape)))"
        + (nearest.map { "; the nearest in the file is \(quoted($0.string))" } ?? "")
    case .extra(let name, let shape, let nearest):
      "extra: \(quoted(name.string)) (\(readableShape(shape)))"
        + (nearest.map { "; the nearest that the model has is \(quoted($0))" } ?? "")
    case .wrongShape(let name, _, let expected, let found):
      "wrong shape: \(quoted(name.string)) is \(readableShape(found)), "
        + "the model has \(readableShape(expected))"
    case .unreadable(let name, let description):
      "unreadable: \(quoted(name.string)) is \(escaped(description, limit: 120))"
    }
  }
}
