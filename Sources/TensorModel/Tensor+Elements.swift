public import ByteIO

extension Tensor {
  /// How many bytes `forEachChunk` hands over at a time where it has to copy.
  public static let chunkByteCount = 1 << 20

  /// The elements, row-major and little-endian, where the storage holds them so; else `nil`.
  ///
  /// Costs nothing for uncompressed storage in a mapped file.
  public func plainBytes() throws -> ByteRegion? {
    guard isStoredPlainly else { return nil }
    guard elementCount > 0 else { return .empty }
    let start = layout.elementOffset * (elementType.byteWidth ?? 0)
    return try storedBytes().slice(offset: start, byteCount: byteCount)
  }

  /// Hands over all elements, row-major, contiguous and little-endian, in one or more chunks.
  ///
  /// Plainly stored elements come in one chunk without a copy; others are gathered a megabyte at
  /// a time. Throws what the storage or `body` throws.
  public func forEachChunk(_ body: (RawSpan) throws -> Void) throws {
    if let bytes = try plainBytes() {
      try body(bytes.bytes)
      return
    }
    var gather = ElementGather(self, source: try storedBytes())
    let buffer = MemoryBlock(byteCount: min(Self.chunkByteCount, byteCount))
    while let count = gather.fill(buffer.bytes) {
      try body(ByteRegion(buffer).bytes.extracting(first: count))
    }
  }

  /// The elements, row-major, contiguous and little-endian. Copies unless they lie so.
  public func contiguousBytes() throws -> ByteRegion {
    if let bytes = try plainBytes() { return bytes }
    let block = MemoryBlock(byteCount: byteCount)
    var gather = ElementGather(self, source: try storedBytes())
    _ = gather.fill(block.bytes)
    return ByteRegion(block)
  }

  /// The storage's bytes, which gathering reads without further checks.
  func storedBytes() throws -> ByteRegion {
    let bytes = try storage.bytes()
    guard bytes.byteCount == storage.byteCount else {
      throw StorageSizeError(
        expectedByteCount: storage.byteCount, foundByteCount: bytes.byteCount)
    }
    return bytes
  }

  /// The SHA-256 of the elements, row-major, contiguous and little-endian, whatever the strides
  /// and the byte order in the file.
  public func digest() throws -> SHA256Digest {
    var hasher = SHA256Hasher()
    try forEachChunk { hasher.update($0) }
    return hasher.digest()
  }
}
