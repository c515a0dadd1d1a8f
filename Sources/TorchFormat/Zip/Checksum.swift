import ByteIO
import CZlib

/// The CRC-32 of some bytes, as zip archives use it.
func checksum(of region: ByteRegion) -> UInt32 {
  region.withUnsafeBytes { bytes in
    UInt32(
      truncatingIfNeeded: crc32_z(
        0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
