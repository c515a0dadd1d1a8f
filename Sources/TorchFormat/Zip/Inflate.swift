import ByteIO
import CDeflate

/// Decompresses a deflate stream that must give exactly `byteCount` bytes and end with `region`.
///
/// Nothing is written beyond `byteCount` bytes, whatever the stream says.
func inflate(
  _ region: ByteRegion, byteCount: Int
) throws(TorchError.DeflateProblem) -> ByteRegion {
  guard let decompressor = libdeflate_alloc_decompressor() else {
    throw .noMemory
  }
  defer { libdeflate_free_decompressor(decompressor) }
  guard let block = try? MemoryBlock(byteCount: byteCount) else { throw .noMemory }
  var readCount = 0
  var writtenCount = 0
  let result = region.withUnsafeBytes { input in
    libdeflate_deflate_decompress_ex(
      decompressor, input.baseAddress, input.count, block.bytes.baseAddress, byteCount,
      &readCount, &writtenCount)
  }
  guard result != LIBDEFLATE_INSUFFICIENT_SPACE else { throw .tooLong(declared: byteCount) }
  guard result == LIBDEFLATE_SUCCESS else { throw .malformed }
  guard readCount == region.byteCount else {
    throw .trailingBytes(count: region.byteCount - readCount)
  }
  guard writtenCount == byteCount else {
    throw .tooShort(declared: byteCount, found: writtenCount)
  }
  return ByteRegion(block)
}

/// Decompresses as much of a deflate stream as `limit` bytes hold, with zeros after what a damaged
/// stream gives. Also returns whether the stream gives more; `nil` if there is no memory.
///
/// Its cost is in proportion to what the stream gives: the limit may be much larger.
func inflateStart(_ region: ByteRegion, limit: Int) -> (bytes: ByteRegion, isCut: Bool)? {
  guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
  defer { libdeflate_free_decompressor(decompressor) }
  var byteCount = min(limit, 1 << 16)
  while true {
    guard let start = inflateStart(region, by: decompressor, limit: byteCount) else { return nil }
    guard start.isCut, byteCount < limit else { return start }
    byteCount = limit / 8 > byteCount ? byteCount * 8 : limit
  }
}

private func inflateStart(
  _ region: ByteRegion, by decompressor: OpaquePointer, limit: Int
) -> (bytes: ByteRegion, isCut: Bool)? {
  guard let block = try? MemoryBlock(byteCount: limit) else { return nil }
  block.bytes.initializeMemory(as: UInt8.self, repeating: 0)
  var readCount = 0
  var writtenCount = 0
  let result = region.withUnsafeBytes { input in
    libdeflate_deflate_decompress_ex(
      decompressor, input.baseAddress, input.count, block.bytes.baseAddress, limit, &readCount,
      &writtenCount)
  }
  let bytes = ByteRegion(block)
  guard result == LIBDEFLATE_SUCCESS else {
    return (bytes, result == LIBDEFLATE_INSUFFICIENT_SPACE)
  }
  return (bytes.slice(offset: 0, byteCount: writtenCount) ?? bytes, false)
}
