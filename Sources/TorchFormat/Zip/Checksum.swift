import ByteIO
import CDeflate

/// The CRC-32 of some bytes, as zip archives use it.
///
/// libdeflate uses the processor's carry-less multiplication; zlib's own takes eight times as long.
func checksum(of region: ByteRegion) -> UInt32 {
  var checksum: UInt32 = 0
  region.forEachPiece { add($0, to: &checksum) }
  return checksum
}

/// Goes on with a CRC-32, which begins with 0.
func add(_ bytes: RawSpan, to checksum: inout UInt32) {
  // For libdeflate no address means to begin anew.
  if bytes.isEmpty { return }
  checksum = bytes.withUnsafeBytes { libdeflate_crc32(checksum, $0.baseAddress, $0.count) }
}
