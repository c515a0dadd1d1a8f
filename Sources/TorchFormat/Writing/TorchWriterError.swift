public import TensorModel

/// Why tensors cannot be written as a PyTorch checkpoint.
public enum TorchWriterError: Error, Equatable {
  /// PyTorch has no such element type, or packs it in another way.
  case unsupportedElementType(TensorName, ElementType)
  /// Two tensors have the same name.
  case duplicateName(TensorName)
  /// The name of the archive cannot be that of a folder.
  case invalidArchiveName(String)
  /// The size of the file exceeds what offsets can hold.
  case outputTooLarge
}
