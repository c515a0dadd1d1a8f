/// Why what is to be made of a checkpoint cannot be written.
public enum ConversionError: Error, Equatable, Sendable {
  /// An output of this name cannot be written.
  case unknownOutput
  /// A folder is only written for Hugging Face.
  case folderNeedsHuggingFace
  /// A `.convnext` file has canonical names, and is not part of a folder for transformers.
  case nativeNamesAreCanonical(naming: String)
  /// A property of the model would be lost in a file of this container and naming.
  case featureNotKept(feature: String)
  /// A PyTorch file, or a folder for transformers, has no place to say that weights are codes.
  case codesNotKept(tensor: String, isNew: Bool)
  /// The configuration says that the weights are quantized in a way that is not known here, and
  /// they are not those of a plain model.
  case quantizedElsewhere(method: String)
  /// A safetensors file has no element type for codes of 4 bits.
  case int4NotKept(tensor: String, isNew: Bool)
}
