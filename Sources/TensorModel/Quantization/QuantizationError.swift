public import ByteIO

/// A rule of quantized tensors that a file breaks.
public enum QuantizationError: Error, Equatable, Sendable {
  /// A scheme that this program does not know.
  case unknownScheme(weight: String, found: String)
  /// Scales along a dimension other than the first.
  case unsupportedAxis(weight: String, found: Int)
  /// The size of a block is not the scheme's.
  case wrongBlockSize(weight: String, scheme: QuantizationScheme, found: Int?)
  /// The weights' element type is not one that weights can have had.
  case unknownSourceType(weight: String, found: String)
  /// There is no tensor with the codes.
  case noWeight(weight: String)
  /// There is no tensor with the scales.
  case noScale(weight: String, scale: String)
  /// The tensor with the scales is quantized itself.
  case quantizedScale(weight: String, scale: String)
  /// One weight has two tensors of scales.
  case repeatedWeight(weight: String, scales: [String])
  /// Two weights have one tensor of scales.
  case sharedScale(scale: String, weights: [String])
  /// The codes are not of the scheme's element type.
  case wrongCodeType(weight: String, scheme: QuantizationScheme, found: ElementType)
  /// The codes have no rows, or rows that are not a whole number of blocks.
  case wrongRows(weight: String, scheme: QuantizationScheme, shape: [Int])
  /// The scales are not F32.
  case wrongScaleType(weight: String, scale: String, found: ElementType)
  /// The scales are not one for each group of weights.
  case wrongScaleShape(weight: String, scale: String, expected: [Int], found: [Int])
}

extension QuantizationError: CheckpointError {
  /// `unsupported` for what is not known, as it may be right; `invalidInput` otherwise.
  public var category: FailureCategory {
    switch self {
    case .unknownScheme, .unsupportedAxis, .unknownSourceType: .unsupported
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .unknownScheme: "unknown-scheme"
    case .unsupportedAxis: "unsupported-axis"
    case .wrongBlockSize: "wrong-block-size"
    case .unknownSourceType: "unknown-source-type"
    case .noWeight: "no-weight"
    case .noScale: "no-scale"
    case .quantizedScale: "quantized-scale"
    case .repeatedWeight: "repeated-weight"
    case .sharedScale: "shared-scale"
    case .wrongCodeType: "wrong-code-type"
    case .wrongRows: "wrong-rows"
    case .wrongScaleType: "wrong-scale-type"
    case .wrongScaleShape: "wrong-scale-shape"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .unknownScheme(_, let found): "the quantization scheme \(quoted(found)) is not known"
    case .unsupportedAxis(_, let found):
      "its scales are along dimension \(found); only dimension 0 is supported"
    case .wrongBlockSize(_, let scheme, let found):
      "blocks of \(scheme.rawValue) have \(Self.text(scheme.blockSize)), the file says "
        + Self.text(found)
    case .unknownSourceType(_, let found):
      "the weights cannot have been \(quoted(found)): they are F64, F32, F16 or BF16"
    case .noWeight: "it is said to be quantized, and the file has no tensor of this name"
    case .noScale(_, let scale): "its scales, \(quoted(scale)), are not in the file"
    case .quantizedScale(_, let scale): "its scales, \(quoted(scale)), are quantized themselves"
    case .repeatedWeight(_, let scales):
      "it is said to have two tensors of scales: "
        + scales.map { quoted($0) }.joined(separator: " and ")
    case .sharedScale(_, let weights):
      "two weights have these scales: " + weights.map { quoted($0) }.joined(separator: " and ")
    case .wrongCodeType(_, let scheme, let found):
      "the codes of \(scheme.rawValue) are \(scheme.codeType.name), these are \(found.name)"
    case .wrongRows(_, let scheme, let shape):
      "\(scheme.rawValue) takes rows of "
        + (scheme.blockSize.map { "a multiple of \($0) weights" } ?? "weights")
        + (shape.isEmpty ? ", and this is a scalar" : ", and the shape is \(readableShape(shape))")
    case .wrongScaleType(_, let scale, let found):
      "its scales, \(quoted(scale)), are \(found.name) and should be F32"
    case .wrongScaleShape(_, let scale, let expected, let found):
      "its scales, \(quoted(scale)), are \(readableShape(found)) and should be "
        + readableShape(expected)
    }
  }

  /// The tensor concerned.
  public var place: ErrorPlace {
    switch self {
    case .unknownScheme(let weight, _), .unsupportedAxis(let weight, _),
      .wrongBlockSize(let weight, _, _), .unknownSourceType(let weight, _), .noWeight(let weight),
      .noScale(let weight, _), .quantizedScale(let weight, _), .wrongCodeType(let weight, _, _),
      .wrongRows(let weight, _, _), .wrongScaleType(let weight, _, _),
      .wrongScaleShape(let weight, _, _, _), .repeatedWeight(let weight, _):
      ErrorPlace(tensor: weight)
    case .sharedScale(let scale, _): ErrorPlace(tensor: scale)
    }
  }

  private static func text(_ blockSize: Int?) -> String {
    blockSize.map { counted($0, "weight") } ?? "no size"
  }
}
