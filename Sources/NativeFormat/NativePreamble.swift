import ByteIO

/// The first 128 bytes of a file, and the bytes between them and the data section.
struct NativePreamble {
  /// The header's JSON text.
  let json: ByteRegion
  /// Where the data section begins.
  let dataOffset: Int
  /// The digest of everything before the data section.
  let digest: SHA256Digest

  /// Checks everything before the data section, except for what the JSON text says.
  init(_ region: ByteRegion, limits: Limits) throws(NativeError) {
    let magic = NativeLayout.magic
    let isMagicCutOff = region.byteCount < magic.count && magic.starts(with: region.array)
    guard region.matches(magic) || isMagicCutOff else { throw .badMagic }
    guard let preamble = region.slice(offset: 0, byteCount: NativeLayout.preambleByteCount),
      let digest = SHA256Digest(bytes: NativeLayout.digestRange.map { preamble[$0] })
    else { throw .tooShort(needed: NativeLayout.preambleByteCount, found: region.byteCount) }
    // The version is checked first, because another version may have another preamble.
    let version: UInt32 = preamble.littleEndian(at: NativeLayout.versionOffset)
    guard version == NativeLayout.version else { throw .unknownVersion(found: version) }
    if let offset = NativeLayout.reserved.joined().first(where: { preamble[$0] != 0 }) {
      throw .reservedNotZero(fileOffset: offset)
    }
    let fileByteCount: UInt64 = preamble.littleEndian(at: NativeLayout.fileByteCountOffset)
    guard fileByteCount == region.byteCount else {
      throw .wrongSize(declared: fileByteCount, found: region.byteCount)
    }

    let headerByteCount: UInt64 = preamble.littleEndian(at: NativeLayout.headerByteCountOffset)
    guard let count = Int(exactly: headerByteCount),
      let dataOffset = NativeLayout.dataOffset(headerByteCount: count),
      let head = region.slice(offset: 0, byteCount: dataOffset),
      let json = head.slice(offset: NativeLayout.preambleByteCount, byteCount: count)
    else {
      throw .headerPastEnd(headerByteCount: headerByteCount, fileByteCount: region.byteCount)
    }
    let declaredOffset: UInt64 = preamble.littleEndian(at: NativeLayout.dataOffsetOffset)
    guard declaredOffset == dataOffset else {
      throw .badDataOffset(declared: declaredOffset, expected: dataOffset)
    }
    guard count <= limits.headerByteCount else {
      throw .headerTooLarge(byteCount: count, limit: limits.headerByteCount)
    }
    let computed = NativeLayout.headerDigest(of: head)
    guard digest == computed else { throw .headerDigest(declared: digest, computed: computed) }
    let padding = (NativeLayout.preambleByteCount + count)..<dataOffset
    if let offset = padding.first(where: { head[$0] != 0 }) {
      throw .headerPaddingNotZero(fileOffset: offset)
    }
    self.json = json
    self.dataOffset = dataOffset
    self.digest = digest
  }

  /// Everything before the data section, as it is in the file.
  ///
  /// `dataOffset` must be that of a header with as many bytes as `json`.
  static func head(json: [UInt8], dataOffset: Int, fileByteCount: Int) -> [UInt8] {
    var bytes = NativeLayout.magic
    bytes.appendLittleEndian(NativeLayout.version)
    bytes.appendLittleEndian(UInt32(0))
    bytes.appendLittleEndian(UInt64(json.count))
    bytes.appendLittleEndian(UInt64(dataOffset))
    bytes.appendLittleEndian(UInt64(fileByteCount))
    bytes += [UInt8](repeating: 0, count: NativeLayout.preambleByteCount - bytes.count)
    bytes += json
    bytes += [UInt8](repeating: 0, count: dataOffset - bytes.count)
    let digest = NativeLayout.headerDigest(of: ByteRegion(copying: bytes))
    bytes.replaceSubrange(NativeLayout.digestRange, with: digest.bytes)
    return bytes
  }
}

extension ByteRegion {
  /// The little-endian number at an offset, where there must be enough bytes for it.
  fileprivate func littleEndian<Value: FixedWidthInteger>(at offset: Int) -> Value {
    withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
  }
}
