public import ByteIO

extension OutputFile {
  /// The number of bytes passed to the observer and then written, small enough to stay in the cache
  /// in between. Pieces end at multiples of it in the file, which saves the system's page cache
  /// work.
  private static let pieceByteCount = 1 << 18

  /// Writes a tensor's elements, row-major, contiguous and little-endian, at an offset in the file.
  ///
  /// Safe to call from several threads for places that do not overlap.
  ///
  /// - Parameter observe: Called with each run of bytes just before it is written, in order; for
  ///   digests and checksums.
  public func write(
    _ tensor: Tensor, at fileOffset: Int, observing observe: (RawSpan) -> Void = { _ in }
  ) throws {
    var fileOffset = fileOffset
    try tensor.forEachChunk { chunk in
      var start = 0
      while start < chunk.byteCount {
        let room = Self.pieceByteCount - fileOffset % Self.pieceByteCount
        let end = min(start + room, chunk.byteCount)
        let piece = chunk.extracting(start..<end)
        observe(piece)
        try write(piece, at: fileOffset)
        fileOffset += end - start
        start = end
      }
    }
  }
}
