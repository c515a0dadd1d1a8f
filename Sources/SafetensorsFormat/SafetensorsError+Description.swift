public import ByteIO
import TensorModel

extension SafetensorsError: CheckpointError {
  /// `unsupported` for what does not break the format, otherwise `invalidInput`.
  public var category: FailureCategory {
    switch self {
    case .tooManyTensors, .tooManyShards, .tooManyDimensions, .shapeTooLarge,
      .unsupportedElementType,
      .reservedName, .outputTooLarge, .outputHeaderTooLarge:
      .unsupported
    default: .invalidInput
    }
  }

  /// The broken rule's stable name.
  public var rule: String {
    switch self {
    case .headerTooSmall: "header-too-small"
    case .headerTooLarge: "header-too-large"
    case .headerPastEnd: "header-past-end"
    case .headerNotUTF8, .headerJSON(.invalidUTF8, _): "header-utf8"
    case .headerJSON(.notACount, _), .headerJSON(.invalidNumber, _): "header-number"
    case .headerJSON: "header-json"
    case .duplicateMetadata, .duplicateMetadataKey, .duplicateName, .duplicateField,
      .duplicateIndexKey:
      "duplicate-name"
    case .metadataKind: "metadata-type"
    case .tooManyTensors: "too-many-tensors"
    case .tooManyShards: "too-many-shards"
    case .missingField, .entryKind, .offsetCount: "header-entry"
    case .unknownElementType: "unknown-dtype"
    case .tooManyDimensions: "too-many-dimensions"
    case .endBeforeBegin: "offset-order"
    case .gap: "offset-gap"
    case .overlap: "offset-overlap"
    case .sizeOverflow: "size-overflow"
    case .partialByte, .sizeMismatch: "size-mismatch"
    case .truncated: "data-truncated"
    case .trailingBytes: "trailing-bytes"
    case .shapeTooLarge: "shape-too-large"
    case .unsupportedElementType: "element-type-unsupported"
    case .reservedName: "reserved-name"
    case .outputTooLarge, .outputHeaderTooLarge: "output-too-large"
    case .indexTooLarge: "index-too-large"
    case .indexJSON: "index-json"
    case .indexKind, .weightMapMissing: "index-entry"
    case .unsafeShardName: "shard-name"
    case .shardExtension: "shard-extension"
    }
  }

  /// What was expected and what was found.
  public var message: String {
    switch self {
    case .headerTooSmall(let fileByteCount):
      "the file has \(fileByteCount) bytes, and the length of the header alone takes 8"
    case .headerTooLarge(let byteCount, let limit):
      "the header claims \(byteCount) bytes, and at most \(limit) are allowed"
    case .headerPastEnd(let headerByteCount, let fileByteCount):
      "the header claims \(headerByteCount) bytes, and the file has \(max(0, fileByteCount - 8)) "
        + "behind the header's length: \(headerByteCount - max(0, fileByteCount - 8)) are missing"
    case .headerNotUTF8: "the header is not valid UTF-8"
    case .headerJSON(let reason, _): "the header is not valid JSON: \(reason)"
    case .duplicateMetadata: "the header has '__metadata__' twice"
    case .duplicateMetadataKey(let key, _): "the metadata have the key \(quoted(key)) twice"
    case .metadataKind(nil, let found, _): "expected '__metadata__' to be an object, found \(found)"
    case .metadataKind(let key?, let found, _):
      "expected the metadata's value of \(quoted(key)) to be a string, found \(found)"
    case .tooManyTensors(let limit, _): "there are more than \(limit) tensors"
    case .duplicateName: "there are two tensors of this name"
    case .duplicateField(_, let field, _): "the tensor's entry has '\(field)' twice"
    case .missingField(_, let field, _): "the tensor's entry has no '\(field)'"
    case .entryKind(_, nil, let expected, let found, _):
      "expected the tensor's entry to be \(expected), found \(found)"
    case .entryKind(_, let field?, .number, let found, _):
      "expected '\(field)' to hold numbers, found \(found)"
    case .entryKind(_, let field?, let expected, let found, _):
      "expected '\(field)' to be \(expected), found \(found)"
    case .unknownElementType(_, let tag, _): "there is no dtype \(quoted(tag))"
    case .offsetCount(_, let found, _): "expected 2 numbers in 'data_offsets', found \(found)"
    case .tooManyDimensions(_, let limit, _): "the tensor has more than \(limit) dimensions"
    case .endBeforeBegin(_, let begin, let end, _):
      "the tensor's bytes end at \(end), before they begin at \(begin)"
    case .gap(_, let begin, let expected, _):
      "the tensor's bytes begin at \(begin) of the data, and those from \(expected) belong to no tensor"
    case .overlap(_, let begin, let expected, _):
      "the tensor's bytes begin at \(begin) of the data, and those up to \(expected) belong to "
        + "another tensor"
    case .sizeOverflow(_, let elementType, let shape, _):
      "the size of \(describe(elementType, shape)) exceeds 64 bits"
    case .partialByte(_, let elementType, let shape, let bitCount, _):
      "\(describe(elementType, shape)) takes \(bitCount) bits, which is not a whole number of bytes"
    case .sizeMismatch(_, let elementType, let shape, let needed, let range, _):
      "\(describe(elementType, shape)) takes \(needed) bytes, and 'data_offsets' give it \(range)"
    case .truncated(let missing, let fileByteCount):
      "the file is truncated: it has \(fileByteCount) bytes, and \(missing) are missing"
    case .trailingBytes(let byteCount, _):
      bytesFollow(byteCount, "the last tensor")
    case .shapeTooLarge(_, let shape, _): "the shape \(describe(shape)) exceeds 63 bits"
    case .unsupportedElementType(_, let elementType):
      "safetensors has no element type for \(elementType.name)"
    case .reservedName: "safetensors keeps the name '__metadata__' for itself"
    case .outputTooLarge: "the tensors together exceed 63 bits of bytes"
    case .outputHeaderTooLarge(let byteCount, let limit):
      "the header would take \(byteCount) bytes, and readers accept at most \(limit)"
    case .indexTooLarge(let byteCount, let limit):
      "the index has \(byteCount) bytes, and at most \(limit) are allowed"
    case .indexJSON(let reason, _): "the index is not valid JSON: \(reason)"
    case .indexKind(nil, let expected, let found, _):
      "expected the index to be \(expected), found \(found)"
    case .indexKind(let key?, let expected, let found, _):
      "expected the index's value of \(quoted(key)) to be \(expected), found \(found)"
    case .duplicateIndexKey(let key, _): "the index has \(quoted(key)) twice"
    case .weightMapMissing: "the index has no 'weight_map'"
    case .unsafeShardName(_, let shard, _):
      "the shard name \(quoted(shard)) is not a plain file name of letters, digits, '_', '-' and "
        + "'.'"
    case .tooManyShards(let limit, _): "the index names more than \(limit) shards"
    case .shardExtension(_, let shard, let expected, _):
      "expected a shard that ends in '.\(expected)', found \(quoted(shard))"
    }
  }

  /// The byte in the file, and the tensor.
  public var place: ErrorPlace {
    switch self {
    case .headerTooSmall, .headerTooLarge, .headerPastEnd: ErrorPlace(byteOffset: 0)
    case .headerNotUTF8(let fileOffset), .headerJSON(_, let fileOffset),
      .duplicateMetadata(let fileOffset), .metadataKind(_, _, let fileOffset),
      .tooManyTensors(_, let fileOffset), .tooManyShards(_, let fileOffset),
      .trailingBytes(_, let fileOffset),
      .indexJSON(_, let fileOffset), .indexKind(_, _, _, let fileOffset),
      .duplicateIndexKey(_, let fileOffset):
      ErrorPlace(byteOffset: fileOffset)
    case .duplicateMetadataKey(_, let fileOffset): ErrorPlace(byteOffset: fileOffset)
    case .duplicateName(let name, let fileOffset):
      ErrorPlace(byteOffset: fileOffset, tensor: name.string)
    case .duplicateField(let name, _, let fileOffset), .missingField(let name, _, let fileOffset),
      .entryKind(let name, _, _, _, let fileOffset),
      .unknownElementType(let name, _, let fileOffset), .offsetCount(let name, _, let fileOffset),
      .tooManyDimensions(let name, _, let fileOffset),
      .endBeforeBegin(let name, _, _, let fileOffset), .gap(let name, _, _, let fileOffset),
      .overlap(let name, _, _, let fileOffset), .sizeOverflow(let name, _, _, let fileOffset),
      .partialByte(let name, _, _, _, let fileOffset),
      .sizeMismatch(let name, _, _, _, _, let fileOffset),
      .shapeTooLarge(let name, _, let fileOffset), .unsafeShardName(let name, _, let fileOffset),
      .shardExtension(let name, _, _, let fileOffset):
      ErrorPlace(byteOffset: fileOffset, tensor: name.string)
    case .truncated(_, let fileByteCount): ErrorPlace(byteOffset: fileByteCount)
    case .unsupportedElementType(let name, _): ErrorPlace(tensor: name.string)
    case .reservedName: ErrorPlace(tensor: SafetensorsHeader.metadataKey)
    case .outputTooLarge, .outputHeaderTooLarge, .indexTooLarge, .weightMapMissing: ErrorPlace()
    }
  }

  /// The next step, where the fault has a usual cause.
  public var hint: String? {
    switch self {
    case .headerTooLarge(let byteCount, _) where isText(byteCount):
      "the file begins with text: it may be a web page or a git-lfs pointer in place of the weights"
    case .headerTooSmall, .headerPastEnd, .truncated:
      "the download was probably cut short: download the file again, and compare its size with "
        + "the publisher's"
    case .trailingBytes:
      "something was appended to the file: download it again, or write it again with the program "
        + "that made it"
    case .unknownElementType(_, let tag, _) where elementTypeByTag[tag.uppercased()] != nil:
      "element types are written in capitals: \(tag.uppercased())"
    case .overlap:
      "tensors cannot share bytes in safetensors: the program that wrote the file has to store "
        + "shared tensors once"
    case .unsupportedElementType: "a PyTorch file can hold it"
    case .headerTooLarge, .indexTooLarge: Limits.Name.headerByteCount.hint
    case .tooManyTensors: Limits.Name.tensorCount.hint
    case .tooManyDimensions: Limits.Name.rank.hint
    case .tooManyShards: Limits.Name.shardCount.hint
    case .headerJSON(.tooDeep, _), .indexJSON(.tooDeep, _): Limits.Name.jsonDepth.hint
    case .unsafeShardName, .shardExtension: "do not use this index unless you trust its origin"
    default:
      category == .invalidInput
        ? "the file is damaged, or the program that wrote it is wrong: get it again, or write it again"
        : nil
    }
  }

  /// Whether the eight bytes of a number are printable ASCII characters or white space.
  private func isText(_ length: UInt64) -> Bool {
    withUnsafeBytes(of: length.littleEndian) { bytes in
      bytes.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    }
  }

  private func describe(_ elementType: ElementType, _ shape: [UInt64]) -> String {
    "\(elementType.name) \(describe(shape))"
  }

  private func describe(_ shape: [UInt64]) -> String {
    "[\(shape.map(String.init).joined(separator: ", "))]"
  }
}
