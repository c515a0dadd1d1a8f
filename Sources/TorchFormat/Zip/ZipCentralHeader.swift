import ByteIO

/// A member's header in the directory (APPNOTE.TXT, 4.3.12).
struct ZipCentralHeader {
  /// The MS-DOS attribute of a folder, in the lower half of the external attributes.
  private static let folderAttribute = 0x10

  let offset: Int
  let name: String
  let nameBytes: ByteRegion
  let flags: UInt16
  let method: ZipEntry.Method
  let checksum: UInt32
  let compressedByteCount: Int
  let uncompressedByteCount: Int
  let headerOffset: Int
  /// The byte after the header, its name, extra fields and comment.
  let end: Int

  /// The header at an offset of a directory that ends at `directoryEnd`.
  init(
    _ region: ByteRegion, at offset: Int, directoryEnd: Int
  ) throws(TorchError) {
    guard let fields = ZipFields(region, at: offset, .central) else {
      throw TorchError(.zipSignature(.central), offset: offset)
    }
    let nameOffset = offset + ZipRecord.central.byteCount
    let nameEnd = nameOffset + fields[ZipField.Central.nameByteCount]
    let extraEnd = nameEnd + fields[ZipField.Central.extraByteCount]
    end = extraEnd + fields[ZipField.Central.commentByteCount]
    guard end <= directoryEnd,
      let nameBytes = region.slice(
        offset: nameOffset, byteCount: fields[ZipField.Central.nameByteCount]),
      let extra = region.slice(offset: nameEnd, byteCount: fields[ZipField.Central.extraByteCount])
    else {
      throw TorchError(
        .zipDirectory(.byteCount, expected: end - offset, found: directoryEnd - offset),
        offset: offset)
    }
    self.offset = offset
    self.nameBytes = nameBytes
    name = try ZipNames.checked(nameBytes, at: offset)
    let place = ErrorPlace(record: name, byteOffset: offset, from: .file)
    guard fields[ZipField.Central.diskNumber] == 0 else {
      throw TorchError(
        .zipDirectory(.diskNumber, expected: 0, found: fields[ZipField.Central.diskNumber]),
        at: place)
    }
    try Self.checkAttributes(
      fields[ZipField.Central.externalAttributes], isFolder: name.utf8.last == UInt8(ascii: "/"),
      at: place)
    do throws(TorchError) {
      flags = try Self.checkedFlags(
        UInt16(truncatingIfNeeded: fields[ZipField.Central.flags]), at: place)
      method = try Self.method(fields[ZipField.Central.method], at: place)
    } catch {
      throw Self.disagreement(region, fields, at: place) ?? error
    }
    checksum = UInt32(truncatingIfNeeded: fields[ZipField.Central.checksum])

    let fieldsBehind = try ZipExtraFields(
      extra, name: nameBytes, allowsPadding: false, at: place)
    var zip64 = fieldsBehind.zip64Numbers[...]
    func resolve(_ value: Int) throws(TorchError) -> Int {
      guard value == ZipRecord.saturated else { return value }
      guard let wide = zip64.popFirst() else { throw TorchError(.zipExtraField, at: place) }
      return wide
    }
    uncompressedByteCount = try resolve(fields[ZipField.Central.uncompressedByteCount])
    compressedByteCount = try resolve(fields[ZipField.Central.compressedByteCount])
    headerOffset = try resolve(fields[ZipField.Central.headerOffset])
    try checkSizes(at: place)
  }

  private static func checkAttributes(
    _ attributes: Int, isFolder: Bool, at place: ErrorPlace
  ) throws(TorchError) {
    // The upper half is the Unix mode, whatever system the header names.
    guard (attributes >> 16) & 0xF000 != 0xA000 else {
      throw TorchError(.zipName(.symbolicLink), at: place)
    }
    // miniz takes a member with this attribute for a folder, and returns uninitialized memory as
    // its bytes.
    guard attributes & folderAttribute == 0 || isFolder else {
      throw TorchError(.zipName(.folderAttribute), at: place)
    }
  }

  /// Bits 1 and 2 are hints about how hard deflate tried, bit 3 says that a descriptor follows the
  /// data, and bit 11 that the name is UTF-8.
  private static func checkedFlags(_ flags: UInt16, at place: ErrorPlace) throws(TorchError)
    -> UInt16
  {
    guard flags & 0x2041 == 0 else { throw TorchError(.zipEncrypted, at: place) }
    guard flags & ~0x080E == 0 else { throw TorchError(.zipFlags(flags), at: place) }
    return flags
  }

  private static func method(_ number: Int, at place: ErrorPlace) throws(TorchError)
    -> ZipEntry.Method
  {
    guard let method = ZipEntry.Method(rawValue: UInt16(truncatingIfNeeded: number)) else {
      throw TorchError(.zipMethod(number), at: place)
    }
    return method
  }

  /// An unsupported value may be a damaged byte: then the member's own header has something else.
  private static func disagreement(
    _ region: ByteRegion, _ fields: ZipFields, at place: ErrorPlace
  ) -> TorchError? {
    guard let local = ZipFields(region, at: fields[ZipField.Central.headerOffset], .local) else {
      return nil
    }
    for (field, found, stated) in [
      ("flags", local[ZipField.Local.flags], fields[ZipField.Central.flags]),
      ("method", local[ZipField.Local.method], fields[ZipField.Central.method]),
    ] where found != stated {
      return TorchError(
        .zipHeadersDisagree(field: field, expected: stated, found: found), at: place)
    }
    return nil
  }

  /// The most that deflate can make from a byte, and a margin for its headers (zlib's technical
  /// notes: 1032 to 1).
  private static let deflateRatio = 1032
  private static let deflateMargin = 1024

  private func checkSizes(at place: ErrorPlace) throws(TorchError) {
    switch method {
    case .stored:
      guard compressedByteCount == uncompressedByteCount else {
        throw TorchError(
          .zipStoredSizes(
            compressed: compressedByteCount, uncompressed: uncompressedByteCount),
          at: place)
      }
    case .deflated:
      let (most, overflows) = compressedByteCount.multipliedReportingOverflow(
        by: Self.deflateRatio)
      guard overflows || uncompressedByteCount - Self.deflateMargin <= most else {
        throw TorchError(
          .zipRatio(compressed: compressedByteCount, uncompressed: uncompressedByteCount),
          at: place)
      }
    }
  }
}
