public import ByteIO
public import TensorModel

/// A rule of the `.convnext` format that a file breaks, or that a file to be written would break.
///
/// `docs/native-format.md` has the rules, `NativeError+Description.swift` the messages.
public enum NativeError: Error, Equatable, Sendable {
  // The preamble.
  /// The file is shorter than its preamble.
  case tooShort(needed: Int, found: Int)
  /// The first bytes are not those of the format.
  case badMagic
  /// A version that this reader does not know.
  case unknownVersion(found: UInt32)
  /// A byte of the preamble that must be zero is not.
  case reservedNotZero(fileOffset: Int)
  /// The file's size is not what the preamble says.
  case wrongSize(declared: UInt64, found: Int)
  /// The header, rounded up to a page, does not fit in the file.
  case headerPastEnd(headerByteCount: UInt64, fileByteCount: Int)
  /// The data section does not begin at the first page after the header.
  case badDataOffset(declared: UInt64, expected: Int)
  /// The header has more bytes than the limit.
  case headerTooLarge(byteCount: Int, limit: Int)
  /// The header's bytes have a different digest than the preamble says.
  case headerDigest(declared: SHA256Digest, computed: SHA256Digest)
  /// A byte between header and data section is not zero.
  case headerPaddingNotZero(fileOffset: Int)

  // The header.
  /// The header is not JSON.
  case invalidJSON(JSONError)
  /// The header lacks a key; `field` is its path, such as `tensors[2].shape`.
  case missingField(String)
  /// A value is not what its key takes. `field` is empty if it is the header itself.
  case wrongValue(field: String, expected: String, found: String)
  /// There are more tensors than the limit.
  case tooManyTensors(found: Int, limit: Int)
  /// An element type that this reader does not know.
  case unknownElementType(tensor: String, found: String)

  // The tensors, checked against one another and against the file.
  /// A tensor has more dimensions than the limit.
  case tooManyDimensions(tensor: String, found: Int, limit: Int)
  /// Two tensors have the same name.
  case duplicateName(tensor: String)
  /// A tensor's byte count is not what its type and shape take. `expected` is `nil` if they do not
  /// make a whole number of bytes, or make 2^63 or more.
  case wrongByteCount(tensor: String, expected: Int?, found: Int)
  /// A tensor does not begin at the next multiple of 64 after the one before it.
  case badOffset(tensor: String, offset: Int, expected: Int)
  /// A tensor would end, or its successor begin, at byte 2^63 or after it.
  case tooLarge(tensor: String)
  /// A tensor ends after the end of the data section. Both offsets are from the section's start.
  case pastEnd(tensor: String, end: Int, available: Int)
  /// Bytes follow the last tensor.
  case trailingBytes(fileOffset: Int, byteCount: Int)

  /// What the header says about a quantized tensor is not known, or is not true.
  case quantization(QuantizationError)

  // The data section, when it is verified.
  /// A byte between tensors is not zero.
  case paddingNotZero(fileOffset: Int, before: String)
  /// A tensor's bytes have a different digest than the header says.
  case tensorDigest(tensor: String, fileOffset: Int, declared: SHA256Digest, computed: SHA256Digest)

  // What a caller asks for.
  /// The file has no tensor of this name.
  case noSuchTensor(String)
  /// The memory of a tensor was requested as numbers of another type.
  case elementTypeMismatch(tensor: String, expected: String, found: String)
}

extension NativeError: CheckpointError {
  /// A newer version and numbers beyond the limits are not the file's fault.
  public var category: FailureCategory {
    switch self {
    case .unknownVersion(let found): found > NativeLayout.version ? .unsupported : .invalidInput
    case .headerTooLarge, .tooManyTensors, .tooManyDimensions, .tooLarge: .unsupported
    case .quantization(let error): error.category
    case .noSuchTensor, .elementTypeMismatch: .usage
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .tooShort: "too-short"
    case .badMagic: "bad-magic"
    case .unknownVersion: "unknown-version"
    case .reservedNotZero: "reserved-not-zero"
    case .wrongSize: "wrong-size"
    case .headerPastEnd: "header-past-end"
    case .badDataOffset: "bad-data-offset"
    case .headerTooLarge: "header-too-large"
    case .headerDigest: "header-digest"
    case .headerPaddingNotZero: "header-padding-not-zero"
    case .invalidJSON: "invalid-json"
    case .missingField: "missing-field"
    case .wrongValue: "wrong-value"
    case .tooManyTensors: "too-many-tensors"
    case .unknownElementType: "unknown-element-type"
    case .tooManyDimensions: "too-many-dimensions"
    case .duplicateName: "duplicate-name"
    case .wrongByteCount: "wrong-byte-count"
    case .badOffset: "bad-offset"
    case .tooLarge: "too-large"
    case .pastEnd: "past-end"
    case .trailingBytes: "trailing-bytes"
    case .quantization(let error): error.rule
    case .paddingNotZero: "padding-not-zero"
    case .tensorDigest: "tensor-digest"
    case .noSuchTensor: "no-such-tensor"
    case .elementTypeMismatch: "element-type-mismatch"
    }
  }
}
