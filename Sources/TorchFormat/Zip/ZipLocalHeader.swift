import ByteIO

/// A member's header in front of its bytes, and the descriptor behind them (APPNOTE.TXT, 4.3.7 and
/// 4.3.9), held against the directory.
struct ZipLocalHeader {
  private static let byteCount = 30
  private static let signature: UInt32 = 0x0403_4B50
  private static let descriptorSignature: UInt32 = 0x0807_4B50
  /// The flag that says that the sizes follow the data.
  private static let descriptorFlag: UInt16 = 1 << 3

  /// Where the member's bytes begin, from the start of the file.
  let dataOffset: Int

  /// Checks the header that `central` points to. The member has to reach up to `next`, where the
  /// member `nextName`, or the directory, begins: nothing may hide between members.
  init(
    _ region: ByteRegion, _ central: ZipCentralHeader, next: Int, nextName: String?
  ) throws(TorchError) {
    let offset = central.headerOffset
    let place = ErrorPlace(record: central.name, byteOffset: offset)
    func refuse(_ reason: TorchError.Reason) -> TorchError { TorchError(reason, at: place) }

    guard
      let fields = HeaderFields(
        region, at: offset, byteCount: Self.byteCount, signature: Self.signature)
    else { throw refuse(.zipSignature(.local)) }
    let nameByteCount = fields.word16(26)
    guard
      let name = region.slice(offset: offset + Self.byteCount, byteCount: nameByteCount),
      name.withUnsafeBytes({ name in
        central.nameBytes.withUnsafeBytes { name.elementsEqual($0) }
      })
    else { throw refuse(.zipNamesDisagree) }
    dataOffset = offset + Self.byteCount + nameByteCount + fields.word16(28)
    let (dataEnd, overflows) = dataOffset.addingReportingOverflow(central.compressedByteCount)
    guard !overflows, dataEnd <= next else {
      if let nextName { throw refuse(.zipOverlap(other: nextName)) }
      throw refuse(.zipOffset(expected: next, found: overflows ? .max : dataEnd))
    }

    let hasDescriptor = central.flags & Self.descriptorFlag != 0
    let pairs: [(String, local: Int, central: Int, mayBeElsewhere: Bool)] = [
      ("flags", fields.word16(6), Int(central.flags), false),
      ("method", fields.word16(8), Int(central.method.rawValue), false),
      ("CRC-32", fields.word32(14), Int(central.checksum), hasDescriptor),
      ("compressed size", fields.word32(18), central.compressedByteCount, hasDescriptor),
      ("uncompressed size", fields.word32(22), central.uncompressedByteCount, hasDescriptor),
    ]
    for (field, local, central, mayBeElsewhere) in pairs where local != central {
      // A size in all ones stands in a zip64 field, whose local copy PyTorch does not fill in.
      let isSaturated = local == 0xFFFF_FFFF && field.hasSuffix("size")
      if (mayBeElsewhere && local == 0) || isSaturated { continue }
      throw refuse(.zipHeadersDisagree(field: field, expected: central, found: local))
    }
    if hasDescriptor {
      try Self.checkDescriptor(region, central, from: dataEnd, to: next)
    } else if dataEnd != next {
      throw refuse(.zipOffset(expected: next, found: dataEnd))
    }
  }

  /// Checks that a descriptor fills the space behind a member's data: with or without a signature,
  /// with sizes of 32 or 64 bits.
  private static func checkDescriptor(
    _ region: ByteRegion, _ central: ZipCentralHeader, from start: Int, to end: Int
  ) throws(TorchError) {
    let byteCount = end - start
    guard [12, 16, 20, 24].contains(byteCount) else {
      throw TorchError(
        .zipOffset(expected: end, found: start), record: central.name, offset: start)
    }
    var expected: [UInt8] = []
    if byteCount % 8 == 0 { expected.appendLittleEndian(descriptorSignature) }
    expected.appendLittleEndian(central.checksum)
    for size in [central.compressedByteCount, central.uncompressedByteCount] {
      if byteCount >= 20 {
        expected.appendLittleEndian(UInt64(size))
      } else {
        expected.appendLittleEndian(UInt32(truncatingIfNeeded: size))
      }
    }
    guard region.matches(expected, at: start) else {
      throw TorchError(.zipSignature(.descriptor), record: central.name, offset: start)
    }
  }
}
