public import ByteIO

/// A rule of the `.convnext` format that a file breaks.
public enum NativeError: Error, Equatable, Sendable {
  /// The file is shorter than its preamble.
  case tooShort(needed: Int, found: Int)
  /// The first bytes are not the format's.
  case badMagic
  /// A version that this reader does not know.
  case unknownVersion(found: UInt32)
  /// A byte of the preamble that must be zero is not.
  case reservedNotZero(offset: Int)
  /// The file's size is not what the preamble says.
  case wrongSize(declared: UInt64, found: Int)
  /// Header and data section do not lie as they must.
  case badSections(headerByteCount: UInt64, dataOffset: UInt64)
  /// The header's bytes have another digest than the preamble says.
  case headerDigest(declared: SHA256Digest, computed: SHA256Digest)
  /// The header is not JSON.
  case invalidJSON(JSONError)
  /// The header lacks something, or has it with the wrong type.
  case missingField(String)
  /// An element type that this reader does not know.
  case unknownElementType(tensor: String, found: String)
  /// Two tensors have one name.
  case duplicateName(tensor: String)
  /// A tensor's bytes are not as many as its type and shape take.
  case wrongByteCount(tensor: String, expected: Int?, found: Int)
  /// A tensor does not begin at a multiple of 64, overlaps the one before it, or leaves the file.
  case badOffset(tensor: String, offset: Int, expected: Int)
  /// A tensor's bytes have another digest than the header says.
  case tensorDigest(tensor: String, fileOffset: Int, declared: SHA256Digest, computed: SHA256Digest)
  /// A byte between tensors is not zero.
  case paddingNotZero(fileOffset: Int, before: String)
  /// The memory of a tensor was asked for as numbers of another type.
  case elementTypeMismatch(tensor: String, expected: String, found: String)
}

extension NativeError: CheckpointError {
  /// Only a newer version is not the file's fault.
  public var category: FailureCategory {
    if case .unknownVersion = self { .unsupported } else { .invalidInput }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .tooShort: "too-short"
    case .badMagic: "bad-magic"
    case .unknownVersion: "unknown-version"
    case .reservedNotZero: "reserved-not-zero"
    case .wrongSize: "wrong-size"
    case .badSections: "bad-sections"
    case .headerDigest: "header-digest"
    case .invalidJSON: "invalid-json"
    case .missingField: "missing-field"
    case .unknownElementType: "unknown-element-type"
    case .duplicateName: "duplicate-name"
    case .wrongByteCount: "wrong-byte-count"
    case .badOffset: "bad-offset"
    case .tensorDigest: "tensor-digest"
    case .paddingNotZero: "padding-not-zero"
    case .elementTypeMismatch: "element-type-mismatch"
    }
  }
}
