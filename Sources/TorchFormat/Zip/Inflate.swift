import ByteIO
import CZlib

/// Decompresses a deflate stream that must give exactly `byteCount` bytes and end with `region`.
func inflate(_ region: ByteRegion, byteCount: Int) throws(DeflateFailure) -> ByteRegion {
  // One byte more than declared, so that a stream that gives more is noticed and goes no further.
  let block = MemoryBlock(byteCount: byteCount + 1)
  var stream = z_stream()
  guard
    inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { throw DeflateFailure(.malformed) }
  defer { inflateEnd(&stream) }
  let (read, written, status) = region.withUnsafeBytes { input in
    run(&stream, from: input, to: block.bytes)
  }
  guard written <= byteCount else { throw DeflateFailure(.tooLong(declared: byteCount)) }
  guard status == Z_STREAM_END else {
    throw DeflateFailure(status == Z_OK || status == Z_BUF_ERROR ? .truncated : .malformed)
  }
  guard read == region.byteCount else {
    throw DeflateFailure(.trailingBytes(count: region.byteCount - read))
  }
  guard written == byteCount else {
    throw DeflateFailure(.tooShort(declared: byteCount, found: written))
  }
  return ByteRegion(block).slice(offset: 0, byteCount: byteCount) ?? .empty
}

/// What is wrong with a deflate stream.
struct DeflateFailure: Error {
  let problem: TorchError.DeflateProblem
  init(_ problem: TorchError.DeflateProblem) { self.problem = problem }
}

/// Feeds zlib, whose counts have 32 bits, piece by piece.
private func run(
  _ stream: inout z_stream, from input: UnsafeRawBufferPointer,
  to output: UnsafeMutableRawBufferPointer
) -> (read: Int, written: Int, status: Int32) {
  let largestPiece = 1 << 30
  var read = 0
  var written = 0
  var status = Z_OK
  while status == Z_OK {
    let inputCount = min(largestPiece, input.count - read)
    let outputCount = min(largestPiece, output.count - written)
    // zlib does not write to its input, although its declaration allows it.
    stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.advanced(by: read).assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(inputCount)
    stream.next_out = output.baseAddress?.advanced(by: written)
      .assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(outputCount)
    status = inflate(&stream, Z_NO_FLUSH)
    let taken = inputCount - Int(stream.avail_in)
    let given = outputCount - Int(stream.avail_out)
    read += taken
    written += given
    if written == output.count || (taken == 0 && given == 0) { break }
  }
  return (read, written, status)
}
