import ByteIO

/// The numbers of the `.convnext` format, version 1; `docs/native-format.md` explains them.
enum NativeLayout {
  static let magic = Array("CONVNEXT".utf8)
  static let version: UInt32 = 1
  /// The preamble: magic, version, sizes, digest, then zeros.
  static let preambleByteCount = 128
  static let digestOffset = 40
  static let sizesByteCount = 40
  /// The data section begins at a multiple of this, so that it can be mapped by itself on systems
  /// with 16 KiB pages.
  static let pageByteCount = 16384
  /// Each tensor begins at a multiple of this.
  static let tensorAlignment = 64

  /// `value` rounded up to a multiple of `alignment`, or `nil` where that overflows.
  static func roundUp(_ value: Int, to alignment: Int) -> Int? {
    let (sum, overflows) = value.addingReportingOverflow(alignment - 1)
    return overflows ? nil : sum / alignment * alignment
  }

  /// The digest of everything before the data section, with zeros in place of the digest itself.
  static func headerDigest(of head: ByteRegion) -> SHA256Digest {
    var hasher = SHA256Hasher()
    let zeros = ByteRegion(copying: [UInt8](repeating: 0, count: SHA256Digest.byteCount))
    let bytes = head.bytes
    hasher.update(bytes.extracting(0..<digestOffset))
    hasher.update(zeros.bytes)
    hasher.update(bytes.extracting((digestOffset + SHA256Digest.byteCount)..<bytes.byteCount))
    return hasher.digest()
  }
}
