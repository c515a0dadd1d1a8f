import ByteIO
import CDeflate

/// The CRC-32 of some bytes, as zip archives use it.
///
/// libdeflate uses the processor's carry-less multiplication; zlib takes eight times as long.
func checksum(of region: ByteRegion) -> UInt32 {
  var checksum: UInt32 = 0
  region.forEachPiece { add($0, to: &checksum) }
  return checksum
}

/// Continues a CRC-32, which starts at 0.
func add(_ bytes: RawSpan, to checksum: inout UInt32) {
  // To libdeflate, a null address means to start over.
  if bytes.isEmpty { return }
  checksum = bytes.withUnsafeBytes { libdeflate_crc32(checksum, $0.baseAddress, $0.count) }
}
