import ByteIO

/// A NumPy array that is an entry of a dictionary with tensors. PyTorch does not load it as one.
package struct UnreadArray: Sendable {
  /// The array's path in the file.
  package let name: String
  /// The zip record of the pickle that makes it, or `nil` where the file itself holds the pickle.
  let record: String?

  /// What it is, in words.
  package static let description = "a NumPy array, which is not a tensor"

  /// The error for a caller that asks for its elements.
  package var error: TorchError {
    TorchError(
      .tensorUnsupported(description: "a NumPy array in the place of a tensor"), record: record,
      tensor: name)
  }
}
