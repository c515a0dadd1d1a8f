public import ByteIO
public import TensorModel

/// A rule of safetensors, or of a shard index, that a file breaks.
///
/// Offsets are from the start of the file. `SafetensorsError+Description.swift` has the messages.
public enum SafetensorsError: Error, Equatable, Sendable {
  // The length and the text of the header.

  /// The file ends before the header's length does.
  case headerTooSmall(fileByteCount: Int)
  /// The header's length exceeds the limit.
  case headerTooLarge(byteCount: UInt64, limit: Int)
  /// The header extends past the end of the file.
  case headerPastEnd(headerByteCount: Int, fileByteCount: Int)
  /// The header is not UTF-8.
  case headerNotUTF8(fileOffset: Int)
  /// The header is not JSON.
  case headerJSON(JSONError.Reason, fileOffset: Int)

  // The contents of the header.

  /// There are two `__metadata__`.
  case duplicateMetadata(fileOffset: Int)
  /// A key of the metadata occurs twice; the offset is `nil` if they are about to be written.
  case duplicateMetadataKey(String, fileOffset: Int?)
  /// A value of the metadata is not a string, or, if `key` is `nil`, they are not an object.
  case metadataKind(key: String?, found: JSONKind, fileOffset: Int)
  /// The header, or an index, has more tensors than the limit.
  case tooManyTensors(limit: Int, fileOffset: Int)
  /// Two tensors have the same name; the offset is `nil` if they are about to be written.
  case duplicateName(TensorName, fileOffset: Int?)
  /// A field occurs twice in a tensor's entry.
  case duplicateField(TensorName, field: String, fileOffset: Int)
  /// A field is missing in a tensor's entry.
  case missingField(TensorName, field: String, fileOffset: Int)
  /// A field, or, if it is `nil`, the entry itself, is of the wrong kind.
  case entryKind(
    TensorName, field: String?, expected: JSONKind, found: JSONKind, fileOffset: Int)
  /// The `dtype` names no element type.
  case unknownElementType(TensorName, tag: String, fileOffset: Int)
  /// `data_offsets` does not hold two numbers.
  case offsetCount(TensorName, found: Int, fileOffset: Int)
  /// The shape has more dimensions than the limit.
  case tooManyDimensions(TensorName, limit: Int, fileOffset: Int)

  // The ranges of bytes, checked against one another, the shapes and the file.

  /// The range ends before it begins.
  case endBeforeBegin(TensorName, begin: UInt64, end: UInt64, fileOffset: Int)
  /// The bytes before the range belong to no tensor.
  case gap(TensorName, begin: UInt64, expected: UInt64, fileOffset: Int)
  /// The range begins within another tensor's.
  case overlap(TensorName, begin: UInt64, expected: UInt64, fileOffset: Int)
  /// The number of elements, or of their bytes, exceeds 64 bits.
  case sizeOverflow(TensorName, ElementType, shape: [UInt64], fileOffset: Int)
  /// The elements of a packed type do not fill whole bytes.
  case partialByte(
    TensorName, ElementType, shape: [UInt64], bitCount: UInt64, fileOffset: Int)
  /// The range is not as long as the elements.
  case sizeMismatch(
    TensorName, ElementType, shape: [UInt64], neededByteCount: UInt64, rangeByteCount: UInt64,
    fileOffset: Int)
  /// The file ends before the last tensor does.
  case truncated(missingByteCount: UInt64, fileByteCount: Int)
  /// The file goes on after the last tensor.
  case trailingBytes(byteCount: Int, fileOffset: Int)
  /// An empty tensor has a dimension, or a product of those before the 0, beyond 63 bits, which the
  /// format allows and this reader does not.
  case shapeTooLarge(TensorName, shape: [UInt64], fileOffset: Int)

  // What is to be written.

  /// Safetensors has no such element type.
  case unsupportedElementType(TensorName, ElementType)
  /// A tensor is named `__metadata__`.
  case reservedName
  /// The size of the file exceeds 63 bits.
  case outputTooLarge
  /// No reader would accept a header of this length.
  case outputHeaderTooLarge(byteCount: Int, limit: Int)

  // The index of a sharded checkpoint.

  /// The index exceeds the limit.
  case indexTooLarge(byteCount: Int, limit: Int)
  /// The index is not JSON.
  case indexJSON(JSONError.Reason, fileOffset: Int)
  /// A value of the index, or, if `key` is `nil`, the index itself, is of the wrong kind.
  case indexKind(key: String?, expected: JSONKind, found: JSONKind, fileOffset: Int)
  /// A key of the index occurs twice.
  case duplicateIndexKey(String, fileOffset: Int)
  /// The index does not say which shards the tensors are in.
  case weightMapMissing
  /// A shard's name could lead out of the folder, or to something other than a file in it.
  case unsafeShardName(TensorName, shard: String, fileOffset: Int)
  /// The index names more shards than the limit.
  case tooManyShards(limit: Int, fileOffset: Int)
  /// A shard is a file of another kind than the index is for.
  case shardExtension(TensorName, shard: String, expected: String, fileOffset: Int)
}
