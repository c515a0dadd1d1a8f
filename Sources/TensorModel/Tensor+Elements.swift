public import ByteIO

extension Tensor {
  /// How many bytes `forEachChunk` passes at a time if it has to copy.
  public static let chunkByteCount = 1 << 20

  /// The elements, row-major and little-endian, if the storage holds them that way; else `nil`.
  ///
  /// Costs nothing for uncompressed storage in a mapped file.
  ///
  /// Throws what the storage throws, and `StorageSizeError` if it has less than it promised.
  public func plainBytes() throws -> ByteRegion? {
    guard isStoredPlainly else { return nil }
    guard elementCount > 0 else { return .empty }
    let start = layout.elementOffset * (elementType.byteWidth ?? 0)
    return try storage.checkedBytes().slice(offset: start, byteCount: byteCount)
  }

  /// Passes all elements to `body`, row-major, contiguous and little-endian, in one or more chunks.
  ///
  /// Plainly stored elements are passed without a copy, others are gathered; a megabyte at a time.
  /// A tensor without elements has no chunk. Throws what the storage or `body` throws; if the
  /// storage has a checksum, perhaps not before the last chunk.
  public func forEachChunk(_ body: (RawSpan) throws -> Void) throws {
    if isWholeStorage {
      try storage.forEachPiece(body)
      return
    }
    if let bytes = try plainBytes() {
      try bytes.forEachPiece(body)
      return
    }
    var gather = ElementGather(self, source: try storage.checkedBytes())
    let buffer = try MemoryBlock(byteCount: min(Self.chunkByteCount, byteCount))
    while let count = gather.fill(buffer.bytes) {
      try body(ByteRegion(buffer).bytes.extracting(first: count))
    }
  }

  /// The elements, row-major, contiguous and little-endian. Copies unless they are stored that way.
  ///
  /// Throws what the storage throws, `StorageSizeError` if it has less than it promised, and
  /// `MemoryError` if there is not enough memory for a copy.
  public func contiguousBytes() throws -> ByteRegion {
    if let bytes = try plainBytes() { return bytes }
    let block = try MemoryBlock(byteCount: byteCount)
    var gather = ElementGather(self, source: try storage.checkedBytes())
    _ = gather.fill(block.bytes)
    return ByteRegion(block)
  }

  /// The elements as F32, row-major, whatever the type, the strides and the byte order in the file;
  /// `nil` for packed types and complex numbers. F64 and integers of 32 or more bits are rounded.
  ///
  /// Copies. Throws what the storage throws.
  public func floats() throws -> [Float]? {
    guard !elementType.isComplex, var reader = try FloatReader(self) else { return nil }
    var floats: [Float] = []
    floats.reserveCapacity(elementCount)
    while let block = reader.next() {
      block.withUnsafeBytes { bytes in
        for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Float>.size) {
          floats.append(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self))
        }
      }
    }
    return floats
  }

  /// The SHA-256 of the elements, row-major, contiguous and little-endian, whatever the strides
  /// and the byte order in the file.
  ///
  /// Throws what the storage throws. Reads all elements.
  public func digest() throws -> SHA256Digest {
    if isWholeStorage { return try storage.digest() }
    var hasher = SHA256Hasher()
    try forEachChunk { hasher.update($0) }
    return hasher.digest()
  }

  /// Whether the stored bytes are exactly the elements as `forEachChunk` passes them.
  var isWholeStorage: Bool {
    isStoredPlainly && layout.elementOffset == 0 && byteCount == storage.byteCount
  }
}
