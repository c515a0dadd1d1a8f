public import ByteIO
public import TensorModel

/// Why a tensor cannot be quantized as asked.
public enum QuantizeError: Error, Equatable, Sendable {
  /// An element is NaN or infinite.
  case notFinite(tensor: String, index: [Int], value: Float)
  /// An element is too large for the element type.
  case overflow(tensor: String, index: [Int], value: Float, type: ElementType)
  /// An F64 element is too large for F32, in which weights are quantized and rounded.
  case beyondFloat32(tensor: String, index: [Int], value: Double)
  /// A row's largest number times its scale is too large for F32.
  case scaleOverflow(tensor: String, row: Int)
  /// A group of weights with one scale is larger than can be held at once.
  case groupTooLong(tensor: String, length: Int, limit: Int)
  /// A shape has more rows without weights, each of which has a scale, than can be held at once.
  case tooManyEmptyRows(tensor: String, count: Int, limit: Int)
  /// A format does not fit a tensor's shape.
  case notApplicable(tensor: String, format: WeightFormat, shape: [Int])
  /// A tensor's elements are not floating-point numbers of 16 bits or more.
  case wrongElementType(tensor: String, found: ElementType)
  /// A naming gives a tensor a shape with other rows, and so with other scales.
  case otherRows(tensor: String, shape: [Int])
  /// The model is quantized already.
  case alreadyQuantized(tensor: String)
  /// A recipe file does not hold a recipe.
  case invalidRecipe(reason: String, byteOffset: Int?)
  /// A rule's pattern matches no tensor of the model.
  case unusedRule(String)
}

extension QuantizeError: CheckpointError {
  /// `usage` for a rule that matches nothing, `unsupported` for a tensor or a format that cannot be
  /// quantized this way, and `invalidInput` for numbers that cannot be stored and for a bad recipe.
  public var category: FailureCategory {
    switch self {
    case .notFinite, .overflow, .beyondFloat32, .scaleOverflow, .invalidRecipe: .invalidInput
    case .groupTooLong, .tooManyEmptyRows, .notApplicable, .wrongElementType, .otherRows,
      .alreadyQuantized:
      .unsupported
    case .unusedRule: .usage
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .notFinite: "not-finite"
    case .overflow: "overflow"
    case .beyondFloat32: "beyond-float32"
    case .scaleOverflow: "scale-overflow"
    case .groupTooLong: "group-too-long"
    case .tooManyEmptyRows: "too-many-empty-rows"
    case .notApplicable: "not-applicable"
    case .wrongElementType: "wrong-element-type"
    case .otherRows: "other-rows"
    case .alreadyQuantized: "already-quantized"
    case .invalidRecipe: "invalid-recipe"
    case .unusedRule: "unused-rule"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .notFinite(_, let index, let value): "the element at \(index) is \(value)"
    case .overflow(_, let index, let value, let type):
      "the element at \(index) is \(value), too large for \(type.name)"
    case .beyondFloat32(_, let index, let value):
      "the element at \(index) is \(value), too large for F32, by way of which F64 is quantized"
    case .scaleOverflow(_, let row):
      "the largest code of row \(row) times its scale is too large for F32"
    case .groupTooLong(_, let length, let limit):
      "\(grouped(length)) weights would have one scale; at most \(grouped(limit)) are held at once"
    case .tooManyEmptyRows(_, let count, let limit):
      "\(grouped(count)) rows without weights would have a scale each; at most \(grouped(limit)) are "
        + "held"
    case .notApplicable(_, let format, let shape):
      shape.isEmpty
        ? "\(format.rawValue) needs rows of weights, and this is a scalar"
        : "\(format.rawValue) takes rows of a multiple of 32 weights, and the shape is "
          + readableShape(shape)
    case .wrongElementType(_, let found):
      "its elements are \(found.name); F64, F32, F16 and BF16 can be quantized"
    case .otherRows(_, let shape):
      "its scales do not fit the shape \(readableShape(shape)) that it has under these names"
    case .alreadyQuantized: "it is quantized already, and doing it again would add to the error"
    case .invalidRecipe(let reason, _): "the recipe cannot be used: \(reason)"
    case .unusedRule(let text): "no tensor of the model has a name like \(quoted(text))"
    }
  }

  /// The tensor concerned.
  public var place: ErrorPlace {
    switch self {
    case .notFinite(let tensor, _, _), .overflow(let tensor, _, _, _),
      .beyondFloat32(let tensor, _, _), .scaleOverflow(let tensor, _),
      .groupTooLong(let tensor, _, _), .tooManyEmptyRows(let tensor, _, _),
      .notApplicable(let tensor, _, _),
      .wrongElementType(let tensor, _), .otherRows(let tensor, _), .alreadyQuantized(let tensor):
      ErrorPlace(tensor: tensor)
    case .invalidRecipe(_, let byteOffset): ErrorPlace(byteOffset: byteOffset)
    case .unusedRule: ErrorPlace()
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .notFinite: "the weights are broken; take them from before the training diverged"
    case .overflow:
      "use --to bfloat16, or --overflow keep-float32, saturate or infinity"
    case .notApplicable:
      "a recipe file takes a list such as [\"int8-block32\", \"int8\"], of which the first that fits "
        + "holds; --keep NAMES=int8 says it for some tensors"
    case .otherRows: "use --naming canonical, or keep it as numbers: --keep NAMES=keep"
    case .alreadyQuantized: "quantize the original, or 'convnext convert --dequantize' first"
    case .invalidRecipe, .unusedRule:
      "keys are roles (\(TensorRole.allCases.map(\.rawValue).joined(separator: ", "))) or patterns "
        + "of canonical names; formats are "
        + WeightFormat.allCases.map(\.rawValue).joined(separator: ", ")
    case .beyondFloat32, .scaleOverflow, .groupTooLong, .tooManyEmptyRows, .wrongElementType:
      "keep the tensor as it is: --keep NAMES=keep"
    }
  }
}
