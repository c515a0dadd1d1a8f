import ByteIO

/// The numbers of the `.convnext` format, version 1; `docs/native-format.md` explains them.
enum NativeLayout {
  static let magic = Array("CONVNEXT".utf8)
  static let version: UInt32 = 1

  // Where the fields of the preamble are.
  static let versionOffset = 8
  static let headerByteCountOffset = 16
  static let dataOffsetOffset = 24
  static let fileByteCountOffset = 32
  static let digestRange = 40..<72
  static let preambleByteCount = 128
  /// Bytes of the preamble that are zero.
  static let reserved = [12..<16, 72..<128]

  /// The data section begins at a multiple of this, so that it can be mapped alone on systems with
  /// 16 KiB pages.
  static let pageByteCount = 16384
  /// Each tensor begins at a multiple of this.
  static let tensorAlignment = 64

  /// Where the data section begins after a header, or `nil` if that overflows.
  static func dataOffset(headerByteCount: Int) -> Int? {
    let (end, overflows) = preambleByteCount.addingReportingOverflow(headerByteCount)
    return overflows ? nil : roundUp(end, to: pageByteCount)
  }

  /// `value`, which is not negative, rounded up to a multiple of `alignment`, or `nil` if that
  /// overflows.
  static func roundUp(_ value: Int, to alignment: Int) -> Int? {
    let (sum, overflows) = value.addingReportingOverflow(alignment - 1)
    return overflows ? nil : sum / alignment * alignment
  }

  /// The digest of everything before the data section, with zeros in place of the digest itself.
  ///
  /// `head` has at least the preamble's bytes.
  static func headerDigest(of head: ByteRegion) -> SHA256Digest {
    var hasher = SHA256Hasher()
    let zeros = ByteRegion(copying: [UInt8](repeating: 0, count: SHA256Digest.byteCount))
    let bytes = head.bytes
    hasher.update(bytes.extracting(0..<digestRange.lowerBound))
    hasher.update(zeros.bytes)
    hasher.update(bytes.extracting(digestRange.upperBound..<bytes.byteCount))
    return hasher.digest()
  }
}
