/// What verification finds wrong with a file that can be read, or with what the file is checked
/// against: lists of checksums, pointers, signatures.
public enum VerificationError: Error, Equatable, Sendable {
  /// The file with the signature does not exist.
  case signatureMissing(path: String)
  /// A signature is not that of this key for this file.
  case signatureMismatch(path: String)
  /// A checkpoint of several files has no digest that covers it.
  case signatureOfSeveralFiles
  /// A file that is to be signed is not intact.
  case notIntact
  /// The header of a `.convnext` file disagrees with its tensors.
  case headerDisagrees(sentence: String)
  /// A line of a list of checksums is neither a digest with a path nor a comment.
  case invalidChecksumLine(line: Int, text: String)
  /// A supposed list of files' checksums is the manifest of a file's tensors.
  case tensorManifest
  /// A digest was given for something other than a single file.
  case digestOfSeveralFiles
  /// A pointer is to be checked, but the file that it is for is not given.
  case pointerWithoutFile
  /// The size of a file is not the promised one.
  case sizeMismatch(expected: Int, found: Int, source: String)
  /// The SHA-256 of a file is not the promised one.
  case checksumMismatch(expected: String, found: String, source: String)
  /// The CRC-32 of a record in a PyTorch archive is not that in the archive's directory.
  case recordChecksum(
    record: String, tensors: [String], declared: UInt32, computed: UInt32)
}
