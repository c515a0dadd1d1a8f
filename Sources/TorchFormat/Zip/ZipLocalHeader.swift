import ByteIO

/// A member's header before its bytes, and the descriptor after them (APPNOTE.TXT, 4.3.7 and
/// 4.3.9), checked against the directory.
struct ZipLocalHeader {
  /// The flag that says that the sizes follow the data.
  private static let descriptorFlag: UInt16 = 1 << 3

  /// Where the member's bytes begin, from the start of the file.
  let dataOffset: Int

  /// Checks the header that `central` points to. The member must reach up to `next`, where the
  /// member `nextName`, or the directory, begins: nothing may hide between members.
  init(
    _ region: ByteRegion, _ central: ZipCentralHeader, next: Int, nextName: String?
  ) throws(TorchError) {
    let offset = central.headerOffset
    let place = ErrorPlace(record: central.name, byteOffset: offset, from: .file)
    func refuse(_ reason: TorchError.Reason) -> TorchError { TorchError(reason, at: place) }

    guard let fields = ZipFields(region, at: offset, .local) else {
      throw refuse(.zipSignature(.local))
    }
    let nameOffset = offset + ZipRecord.local.byteCount
    let nameByteCount = fields[ZipField.Local.nameByteCount]
    guard
      let name = region.slice(offset: nameOffset, byteCount: nameByteCount),
      name.withUnsafeBytes({ name in
        central.nameBytes.withUnsafeBytes { name.elementsEqual($0) }
      })
    else { throw refuse(.zipNamesDisagree) }
    dataOffset = nameOffset + nameByteCount + fields[ZipField.Local.extraByteCount]
    let (dataEnd, overflows) = dataOffset.addingReportingOverflow(central.compressedByteCount)
    guard !overflows, dataEnd <= next else {
      if let nextName { throw refuse(.zipOverlap(other: nextName)) }
      throw refuse(.zipOffset(expected: next, found: overflows ? .max : dataEnd))
    }

    let hasDescriptor = central.flags & Self.descriptorFlag != 0
    let extra =
      region.slice(
        offset: nameOffset + nameByteCount, byteCount: fields[ZipField.Local.extraByteCount])
      ?? .empty
    let fieldsBehind = try ZipExtraFields(extra, name: name, allowsPadding: true, at: place)
    try Self.compare(
      fields, fieldsBehind.zip64Numbers, central, hasDescriptor: hasDescriptor, at: place)
    if hasDescriptor {
      try Self.checkDescriptor(region, central, from: dataEnd, to: next)
    } else if dataEnd != next {
      throw refuse(.zipOffset(expected: next, found: dataEnd))
    }
  }

  /// Compares the fields with the directory's.
  private static func compare(
    _ fields: ZipFields, _ zip64Numbers: [Int], _ central: ZipCentralHeader, hasDescriptor: Bool,
    at place: ErrorPlace
  ) throws(TorchError) {
    func compare(_ field: String, _ local: Int, _ central: Int) throws(TorchError) {
      guard local == central else {
        throw TorchError(
          .zipHeadersDisagree(field: field, expected: central, found: local), at: place)
      }
    }
    /// Numbers that are in a descriptor may be 0 here.
    func compareDescribed(_ field: String, _ local: Int, _ central: Int) throws(TorchError) {
      if !hasDescriptor || local != 0 { try compare(field, local, central) }
    }
    var wide = zip64Numbers[...]
    /// Where a size field is all ones, the size is in a zip64 field, in which PyTorch leaves 0 in
    /// the local copy.
    func compareSize(_ field: String, _ local: Int, _ central: Int) throws(TorchError) {
      if local != ZipRecord.saturated {
        try compareDescribed(field, local, central)
      } else if let number = wide.popFirst(), number != 0 {
        try compare(field, number, central)
      }
    }
    try compare("flags", fields[ZipField.Local.flags], Int(central.flags))
    try compare("method", fields[ZipField.Local.method], Int(central.method.rawValue))
    try compareDescribed("CRC-32", fields[ZipField.Local.checksum], Int(central.checksum))
    // In the order of the zip64 field's numbers.
    try compareSize(
      "uncompressed size", fields[ZipField.Local.uncompressedByteCount],
      central.uncompressedByteCount)
    try compareSize(
      "compressed size", fields[ZipField.Local.compressedByteCount], central.compressedByteCount)
  }

  /// Checks that a descriptor fills the space after a member's data: with or without a signature,
  /// with sizes of 32 or 64 bits.
  private static func checkDescriptor(
    _ region: ByteRegion, _ central: ZipCentralHeader, from start: Int, to end: Int
  ) throws(TorchError) {
    let byteCount = end - start
    guard [12, 16, 20, 24].contains(byteCount) else {
      throw TorchError(
        .zipOffset(expected: end, found: start), record: central.name, fileOffset: start)
    }
    let hasSignature = byteCount % 8 == 0
    let firstWord = hasSignature ? ZipRecord.descriptor.rawValue : central.checksum
    let sizes = hasSignature ? 8 : 4
    guard
      let fields = ZipFields(region, at: start, byteCount: byteCount, firstWord: firstWord),
      fields.word32(sizes - 4) == Int(central.checksum),
      byteCount >= 20
        ? fields.word64(sizes) == central.compressedByteCount
          && fields.word64(sizes + 8) == central.uncompressedByteCount
        : fields.word32(sizes) == central.compressedByteCount
          && fields.word32(sizes + 4) == central.uncompressedByteCount
    else {
      throw TorchError(.zipSignature(.descriptor), record: central.name, fileOffset: start)
    }
  }
}
