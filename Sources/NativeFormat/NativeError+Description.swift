public import ByteIO
import TensorModel

extension NativeError {
  /// What was expected and found.
  public var message: String {
    switch self {
    case .tooShort(let needed, let found):
      "the file has \(found) bytes; a .convnext file has at least \(needed)"
    case .badMagic: "the file does not begin with CONVNEXT"
    case .unknownVersion(let found):
      "the file has version \(found) of the .convnext format; this program reads version "
        + "\(NativeLayout.version)"
    case .reservedNotZero: "a reserved byte of the preamble is not zero"
    case .wrongSize(let declared, let found):
      found < declared
        ? "the file has \(found) bytes and should have \(declared): "
          + "\(declared - UInt64(found)) are missing"
        : "the file has \(found) bytes and should have \(declared): "
          + "\(UInt64(found) - declared) are too many"
    case .headerPastEnd(let headerByteCount, let fileByteCount):
      "a header of \(headerByteCount) bytes, rounded up to a page, does not fit in a file of "
        + "\(fileByteCount)"
    case .badDataOffset(let declared, let expected):
      "the data begin at byte \(declared), and should begin at \(expected)"
    case .headerTooLarge(let byteCount, let limit):
      "the header has \(byteCount) bytes, and at most \(limit) are allowed"
    case .headerDigest(let declared, let computed):
      "the header was changed: its SHA-256 should be \(declared.hex) and is \(computed.hex)"
    case .headerPaddingNotZero: "a byte between the header and the data is not zero"
    case .invalidJSON(let error): "the header is not valid JSON: \(error)"
    case .missingField(let field): "the header has no \(quoted(field))"
    case .wrongValue("", let expected, let found):
      "expected the header to be \(expected), found \(found)"
    case .wrongValue(let field, let expected, let found):
      "expected \(quoted(field)) to be \(expected), found \(found)"
    case .tooManyTensors(let found, let limit):
      "there are \(found) tensors, and at most \(limit) are allowed"
    case .unknownElementType(_, let found): "the element type \(quoted(found)) is not known"
    case .tooManyDimensions(_, let found, let limit):
      "it has \(found) dimensions, and at most \(limit) are allowed"
    case .duplicateName: "two tensors have this name"
    case .wrongByteCount(_, let expected?, let found):
      "its type and shape take \(expected) bytes, the header says \(found)"
    case .wrongByteCount(_, nil, let found):
      "its type and shape do not make a whole number of bytes below 2^63, the header says \(found)"
    case .badOffset(_, let offset, let expected):
      "it is at offset \(offset) of the data, and should be at \(expected)"
    case .tooLarge: "with it the file would have 2^63 bytes or more"
    case .pastEnd(_, let end, let available):
      "it ends at offset \(end) of the data, which are \(available) bytes"
    case .trailingBytes(_, let byteCount): bytesFollow(byteCount, "the last tensor")
    case .quantization(let error): error.message
    case .paddingNotZero(_, let name):
      "a byte between tensors, before \(quoted(name)), is not zero"
    case .tensorDigest(_, _, let declared, let computed):
      "its bytes were changed: their SHA-256 should be \(declared.hex) and is \(computed.hex)"
    case .noSuchTensor: "the file has no tensor of this name"
    case .elementTypeMismatch(_, let expected, let found):
      "its elements are \(found), not \(expected)"
    }
  }

  /// The place in the file.
  public var place: ErrorPlace {
    switch self {
    case .tooShort(_, let found): ErrorPlace(byteOffset: found)
    case .badMagic: ErrorPlace(byteOffset: 0)
    case .unknownVersion:
      ErrorPlace(record: "version", byteOffset: NativeLayout.versionOffset, from: .file)
    case .wrongSize:
      ErrorPlace(record: "file size", byteOffset: NativeLayout.fileByteCountOffset, from: .file)
    case .headerPastEnd, .headerTooLarge:
      ErrorPlace(record: "header size", byteOffset: NativeLayout.headerByteCountOffset, from: .file)
    case .badDataOffset:
      ErrorPlace(record: "data offset", byteOffset: NativeLayout.dataOffsetOffset, from: .file)
    case .headerDigest:
      ErrorPlace(
        record: "header digest", byteOffset: NativeLayout.digestRange.lowerBound, from: .file)
    case .invalidJSON(let error):
      ErrorPlace(byteOffset: NativeLayout.preambleByteCount + error.offset)
    case .missingField(let field), .wrongValue(let field, _, _):
      ErrorPlace(record: field.isEmpty ? "header" : "header field \(quoted(field))")
    case .tooManyTensors: ErrorPlace(record: "header field 'tensors'")
    case .reservedNotZero(let fileOffset), .headerPaddingNotZero(let fileOffset),
      .paddingNotZero(let fileOffset, _), .trailingBytes(let fileOffset, _):
      ErrorPlace(byteOffset: fileOffset)
    case .quantization(let error): error.place
    case .tensorDigest(let tensor, let fileOffset, _, _):
      ErrorPlace(byteOffset: fileOffset, tensor: tensor)
    case .unknownElementType(let tensor, _), .tooManyDimensions(let tensor, _, _),
      .duplicateName(let tensor), .wrongByteCount(let tensor, _, _), .badOffset(let tensor, _, _),
      .tooLarge(let tensor), .pastEnd(let tensor, _, _), .noSuchTensor(let tensor),
      .elementTypeMismatch(let tensor, _, _):
      ErrorPlace(tensor: tensor)
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownVersion(let found) where found > NativeLayout.version:
      "a newer release of this program reads it"
    case .headerTooLarge: Limits.Name.headerByteCount.hint
    case .tooManyTensors: Limits.Name.tensorCount.hint
    case .tooManyDimensions: Limits.Name.rank.hint
    case .invalidJSON(let error) where error.isTooDeep: Limits.Name.jsonDepth.hint
    default:
      category == .invalidInput
        ? "copy or download the file again, or convert it again from its source" : nil
    }
  }
}
