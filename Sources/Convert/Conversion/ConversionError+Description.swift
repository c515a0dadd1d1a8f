public import ByteIO

extension ConversionError: CheckpointError {
  /// `usage` for a wrong name; `unsupported` for what the result cannot hold.
  public var category: FailureCategory {
    switch self {
    case .unknownOutput, .folderNeedsHuggingFace, .nativeNamesAreCanonical: .usage
    case .featureNotKept, .codesNotKept, .int4NotKept, .quantizedElsewhere: .unsupported
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .unknownOutput: "unknown-output"
    case .folderNeedsHuggingFace: "folder-needs-huggingface"
    case .nativeNamesAreCanonical: "native-names-are-canonical"
    case .featureNotKept: "feature-not-kept"
    case .codesNotKept: "codes-not-kept"
    case .int4NotKept: "int4-not-kept"
    case .quantizedElsewhere: "quantized-elsewhere"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .unknownOutput: "its extension names no container"
    case .folderNeedsHuggingFace: "a folder is written with --naming huggingface only"
    case .nativeNamesAreCanonical(let naming):
      ".convnext files have canonical names, and those of \(naming) were asked for"
    case .featureNotKept(let feature):
      "canonical names do not show '\(feature)', and a PyTorch file has no place to note it"
    case .codesNotKept(_, let isNew):
      (isNew ? "the recipe quantizes it" : "it is quantized")
        + ", and PyTorch files and folders for transformers have no place to say so"
    case .quantizedElsewhere(let method):
      "config.json says that the weights are quantized by \(quoted(method)), whose codes are not read"
    case .int4NotKept(_, let isNew):
      (isNew ? "the recipe makes 4-bit codes of it" : "it has 4-bit codes")
        + ", for which safetensors has no element type"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .folderNeedsHuggingFace: "name a file, or add --naming huggingface"
    case .nativeNamesAreCanonical: "leave --naming out, or choose another container"
    case .featureNotKept: "write .convnext or .safetensors, or use --naming timm"
    case .quantizedElsewhere:
      "in transformers, call dequantize() on the model and save it again"
    case .int4NotKept(_, let isNew):
      isNew ? "write .convnext, or use a recipe with int8" : "write .convnext, or use --dequantize"
    case .codesNotKept(_, let isNew):
      "write .convnext or .safetensors, or use " + (isNew ? "--to float16" : "--dequantize")
    case .unknownOutput:
      "use one of "
        + OutputContainer.allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: ", ")
        + "; a name that ends with / is a folder for transformers"
    }
  }

  /// The tensor, if one is concerned.
  public var place: ErrorPlace {
    switch self {
    case .codesNotKept(let tensor, _), .int4NotKept(let tensor, _): ErrorPlace(tensor: tensor)
    default: ErrorPlace()
    }
  }
}
