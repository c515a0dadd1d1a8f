public import ByteIO

extension NativeError {
  /// What was expected and found.
  public var message: String {
    switch self {
    case .tooShort(let needed, let found):
      "the file has \(found) bytes; a .convnext file has \(needed) at least"
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
    case .badSections(let headerByteCount, let dataOffset):
      "a header of \(headerByteCount) bytes and data from byte \(dataOffset) on do not fit together"
    case .headerDigest(let declared, let computed):
      "the header was changed: its SHA-256 should be \(declared.hex) and is \(computed.hex)"
    case .invalidJSON(let error): "the header is not valid JSON: \(error)"
    case .missingField(let field): "the header's \(quoted(field)) is missing or of the wrong type"
    case .unknownElementType(_, let found): "the element type \(quoted(found)) is not known"
    case .duplicateName: "two tensors have the same name"
    case .wrongByteCount(_, let expected, let found):
      expected.map { "its type and shape take \($0) bytes, the header says \(found)" }
        ?? "its shape is not valid"
    case .badOffset(_, let offset, let expected):
      "it lies at offset \(offset) of the data, and should lie at \(expected)"
    case .tensorDigest(_, _, let declared, let computed):
      "its bytes were changed: their SHA-256 should be \(declared.hex) and is \(computed.hex)"
    case .paddingNotZero(_, let name):
      "a byte between tensors, before \(quoted(name)), is not zero"
    case .elementTypeMismatch(_, let expected, let found):
      "its elements are \(found), not \(expected)"
    }
  }

  /// The place in the file.
  public var place: ErrorPlace {
    switch self {
    case .tooShort(_, let found): ErrorPlace(byteOffset: found)
    case .badMagic: ErrorPlace(byteOffset: 0)
    case .unknownVersion: ErrorPlace(record: "header field 'version'", byteOffset: nil)
    case .reservedNotZero(let offset): ErrorPlace(byteOffset: offset)
    case .wrongSize: ErrorPlace(record: "header field 'file size'")
    case .badSections: ErrorPlace(record: "header field 'data offset'")
    case .headerDigest: ErrorPlace(record: "header")
    case .invalidJSON(let error):
      ErrorPlace(byteOffset: NativeLayout.preambleByteCount + error.offset)
    case .missingField(let field): ErrorPlace(record: "header field \(quoted(field))")
    case .unknownElementType(let tensor, _), .duplicateName(let tensor),
      .wrongByteCount(let tensor, _, _), .badOffset(let tensor, _, _),
      .elementTypeMismatch(let tensor, _, _):
      ErrorPlace(tensor: tensor)
    case .tensorDigest(let tensor, let fileOffset, _, _):
      ErrorPlace(byteOffset: fileOffset, tensor: tensor)
    case .paddingNotZero(let fileOffset, _): ErrorPlace(byteOffset: fileOffset)
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownVersion: "a newer release of this program reads it"
    case .wrongSize, .tooShort, .headerDigest, .tensorDigest, .paddingNotZero:
      "copy or download the file again, or convert it anew from its source"
    default: nil
    }
  }
}
