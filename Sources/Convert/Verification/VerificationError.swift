/// What verification finds wrong with a file that can be read, and what is wrong with what it is
/// held against: lists of checksums, pointers, signatures.
public enum VerificationError: Error, Equatable, Sendable {
  /// There is no file with the signature.
  case signatureMissing(path: String)
  /// A signature is not that of this key for this file.
  case signatureMismatch(path: String)
  /// A checkpoint of several files has no digest that covers it.
  case signatureOfSeveralFiles
  /// A file that is to be signed is not intact.
  case notIntact
  /// The header of a `.convnext` file says something else than its tensors.
  case headerDisagrees(sentence: String)
  /// A line of a list of checksums is neither a digest with a path nor a comment.
  case invalidChecksumLine(line: Int, text: String)
  /// What was taken for a list of files' checksums is the manifest of a file's tensors.
  case tensorManifest
  /// A digest was given for what is not one file.
  case digestOfSeveralFiles
  /// A pointer that is to be checked against a file, without a file.
  case pointerWithoutFile
  /// The size of a file is not what its pointer says.
  case sizeMismatch(expected: Int, found: Int)
  /// A number that a converted file's name promises is not that of the file.
  case checksumMismatch(expected: String, found: String, source: String)
  /// A record of a PyTorch archive has another CRC-32 than the archive's directory says.
  case recordChecksum(
    record: String, tensors: [String], declared: UInt32, computed: UInt32)
}
