public import ByteIO
public import TensorModel

/// A rule of safetensors, or of a shard index, that a file breaks.
///
/// Offsets are from the start of the file. `SafetensorsError+Description.swift` has the sentences.
public enum SafetensorsError: Error, Equatable, Sendable {
  // The length and the text of the header.
  case headerTooSmall(fileByteCount: Int)
  case headerTooLarge(byteCount: UInt64, limit: Int)
  case headerPastEnd(headerByteCount: Int, fileByteCount: Int)
  case headerNotUTF8(fileOffset: Int)
  case headerJSON(JSONError.Reason, fileOffset: Int)

  // What stands in the header.
  case duplicateMetadata(fileOffset: Int)
  /// The offset is `nil` where the fault is in what is to be written.
  case duplicateMetadataKey(String, fileOffset: Int?)
  /// `key` is `nil` where `__metadata__` itself is not an object.
  case metadataKind(key: String?, found: JSONKind, fileOffset: Int)
  case tooManyTensors(limit: Int, fileOffset: Int)
  /// The offset is `nil` where the fault is in what is to be written.
  case duplicateName(TensorName, fileOffset: Int?)
  case duplicateField(TensorName, field: String, fileOffset: Int)
  case missingField(TensorName, field: String, fileOffset: Int)
  /// `field` is `nil` where the entry itself is not an object.
  case entryKind(
    TensorName, field: String?, expected: JSONKind, found: JSONKind, fileOffset: Int)
  case unknownElementType(TensorName, tag: String, fileOffset: Int)
  case offsetCount(TensorName, found: Int, fileOffset: Int)
  case tooManyDimensions(TensorName, limit: Int, fileOffset: Int)

  // The ranges of bytes, held against one another, the shapes and the file.
  case endBeforeBegin(TensorName, begin: UInt64, end: UInt64, fileOffset: Int)
  case gap(TensorName, begin: UInt64, expected: UInt64, fileOffset: Int)
  case overlap(TensorName, begin: UInt64, expected: UInt64, fileOffset: Int)
  case sizeOverflow(TensorName, ElementType, shape: [UInt64], fileOffset: Int)
  case partialByte(
    TensorName, ElementType, shape: [UInt64], bitCount: UInt64, fileOffset: Int)
  case sizeMismatch(
    TensorName, ElementType, shape: [UInt64], neededByteCount: UInt64, rangeByteCount: UInt64,
    fileOffset: Int)
  case truncated(missingByteCount: UInt64, fileByteCount: Int)
  case trailingBytes(byteCount: Int, fileOffset: Int)
  case shapeTooLarge(TensorName, shape: [UInt64], fileOffset: Int)

  // What is to be written.
  case unsupportedElementType(TensorName, ElementType)
  case reservedName
  case outputTooLarge
  case outputHeaderTooLarge(byteCount: Int, limit: Int)

  // The index of a sharded checkpoint.
  case indexTooLarge(byteCount: Int, limit: Int)
  case indexJSON(JSONError.Reason, fileOffset: Int)
  /// `key` is `nil` for the whole index.
  case indexKind(key: String?, expected: JSONKind, found: JSONKind, fileOffset: Int)
  case duplicateIndexKey(String, fileOffset: Int)
  case weightMapMissing
  case unsafeShardName(TensorName, shard: String, fileOffset: Int)
  case shardExtension(TensorName, shard: String, expected: String, fileOffset: Int)
}
