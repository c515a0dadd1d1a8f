public import ByteIO
import TensorModel

extension TorchWriterError: CheckpointError {
  /// All are faults of what is to be written.
  public var category: FailureCategory { .unsupported }

  /// The broken rule's stable name.
  public var rule: String {
    switch self {
    case .unsupportedElementType: "element-type-unsupported"
    case .duplicateName: "duplicate-name"
    case .invalidArchiveName: "archive-name"
    case .outputTooLarge: "output-too-large"
    }
  }

  /// What was expected and what was found.
  public var message: String {
    switch self {
    case .unsupportedElementType(_, let elementType):
      "PyTorch checkpoints with \(elementType.name) elements are not supported"
    case .duplicateName: "there are two tensors of this name"
    case .invalidArchiveName(let name): "\(quoted(name)) cannot be the name of the archive's folder"
    case .outputTooLarge: "the tensors together exceed 62 bits of bytes"
    }
  }

  /// The tensor.
  public var place: ErrorPlace {
    switch self {
    case .unsupportedElementType(let name, _), .duplicateName(let name):
      ErrorPlace(tensor: name.string)
    case .invalidArchiveName, .outputTooLarge: ErrorPlace()
    }
  }

  /// The next step.
  public var hint: String? {
    switch self {
    case .unsupportedElementType: "a safetensors file can hold it"
    default: nil
    }
  }
}
