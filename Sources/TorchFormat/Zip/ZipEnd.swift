import ByteIO

/// The end records of a zip archive, which say where its directory is (APPNOTE.TXT, 4.3.14 to
/// 4.3.16).
struct ZipEnd {
  private static let largestCommentByteCount = 0xFFFF

  let entryCount: Int
  let directoryOffset: Int
  let directoryByteCount: Int

  /// Finds the end records and checks them against each other and the file's size.
  init(_ region: ByteRegion) throws(TorchError) {
    let (offset, end) = try Self.find(region)
    let anomalies = [
      end[ZipField.End.diskNumber] != 0, end[ZipField.End.directoryDiskNumber] != 0,
      end[ZipField.End.entryCountOnDisk] != end[ZipField.End.entryCount],
    ]
    // A part of a larger archive has several of these; one alone does not make it a part.
    switch anomalies.count(where: { $0 }) {
    case 0: break
    case 1:
      throw Self.diskNumber(
        max(end[ZipField.End.diskNumber], end[ZipField.End.directoryDiskNumber]), at: offset)
    default: throw TorchError(.zipMultiDisk, offset: offset)
    }
    var directoryEnd = offset
    let locatorOffset = offset - ZipRecord.zip64Locator.byteCount
    if let locator = ZipFields(region, at: locatorOffset, .zip64Locator) {
      directoryEnd = locator[ZipField.Zip64Locator.endOffset]
      let zip64 = try Self.zip64(region, at: directoryEnd, locator, locatorOffset)
      entryCount = try Self.agreed(
        .count, end[ZipField.End.entryCount], ZipRecord.saturatedCount,
        zip64[ZipField.Zip64End.entryCount], offset)
      directoryByteCount = try Self.agreed(
        .byteCount, end[ZipField.End.directoryByteCount], ZipRecord.saturated,
        zip64[ZipField.Zip64End.directoryByteCount], offset)
      directoryOffset = try Self.agreed(
        .offset, end[ZipField.End.directoryOffset], ZipRecord.saturated,
        zip64[ZipField.Zip64End.directoryOffset], offset)
    } else {
      entryCount = end[ZipField.End.entryCount]
      directoryByteCount = end[ZipField.End.directoryByteCount]
      directoryOffset = end[ZipField.End.directoryOffset]
    }
    let (sum, overflows) = directoryOffset.addingReportingOverflow(directoryByteCount)
    guard !overflows, sum == directoryEnd else {
      throw TorchError(
        .zipDirectory(.end, expected: directoryEnd, found: overflows ? .max : sum), offset: offset)
    }
  }

  /// Looks for the record whose comment ends with the file. There must be exactly one, and no
  /// signature of another after it, whatever its comment's length: readers take the last signature,
  /// and bytes may follow.
  private static func find(
    _ region: ByteRegion
  ) throws(TorchError) -> (offset: Int, fields: ZipFields) {
    let last = region.byteCount - ZipRecord.end.byteCount
    let signatureOffsets = offsetsOfSignature(in: region)
    var fitting: [Int] = []
    var trailing: Int?
    for offset in signatureOffsets {
      guard let fields = ZipFields(region, at: offset, .end) else { continue }
      let commentByteCount = last - offset
      if fields[ZipField.End.commentByteCount] == commentByteCount {
        fitting.append(offset)
      } else {
        trailing = trailing ?? max(0, commentByteCount - fields[ZipField.End.commentByteCount])
      }
    }
    if let offset = fitting.first, let last = signatureOffsets.first,
      fitting.count > 1 || last != offset
    {
      throw TorchError(.zipCommentAmbiguous, offset: last)
    }
    if let offset = fitting.first, let fields = ZipFields(region, at: offset, .end) {
      return (offset, fields)
    }
    guard let trailing else { throw TorchError(.zipEndMissing, offset: region.byteCount) }
    throw TorchError(.zipTrailingBytes(count: trailing), offset: region.byteCount - trailing)
  }

  /// Where the signature occurs in the part of the file that the end record can be in, the last
  /// place first.
  ///
  /// - Parameter reach: How many bytes before the last place are looked at.
  static func offsetsOfSignature(
    in region: ByteRegion, reach: Int = largestCommentByteCount
  ) -> [Int] {
    let last = region.byteCount - ZipRecord.end.byteCount
    guard last >= 0 else { return [] }
    let first = max(0, last - reach)
    return region.withUnsafeBytes { bytes in
      var offsets: [Int] = []
      for offset in stride(from: last, through: first, by: -1) where bytes[offset] == 0x50 {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        if UInt32(littleEndian: word) == ZipRecord.end.rawValue { offsets.append(offset) }
      }
      return offsets
    }
  }

  private static func zip64(
    _ region: ByteRegion, at offset: Int, _ locator: ZipFields, _ locatorOffset: Int
  ) throws(TorchError) -> ZipFields {
    // The end record has said that there is one disk.
    guard locator[ZipField.Zip64Locator.endDiskNumber] == 0,
      locator[ZipField.Zip64Locator.diskCount] == 1
    else {
      throw diskNumber(locator[ZipField.Zip64Locator.endDiskNumber], at: locatorOffset)
    }
    guard let fields = ZipFields(region, at: offset, .zip64End) else {
      throw TorchError(.zipSignature(.zip64End), offset: offset)
    }
    // The record's size does not count its first twelve bytes.
    let (end, overflows) = fields[ZipField.Zip64End.restByteCount].addingReportingOverflow(
      offset + 12)
    guard !overflows, end == locatorOffset else {
      throw TorchError(
        .zipDirectory(.zip64Position, expected: locatorOffset, found: end), offset: offset)
    }
    guard fields[ZipField.Zip64End.diskNumber] == 0,
      fields[ZipField.Zip64End.directoryDiskNumber] == 0,
      fields[ZipField.Zip64End.entryCountOnDisk] == fields[ZipField.Zip64End.entryCount]
    else {
      throw diskNumber(
        max(fields[ZipField.Zip64End.diskNumber], fields[ZipField.Zip64End.directoryDiskNumber]),
        at: offset)
    }
    return fields
  }

  /// The error for an archive that says that it is on one disk, and elsewhere that it is not.
  static func diskNumber(_ found: Int, at offset: Int) -> TorchError {
    TorchError(.zipDirectory(.diskNumber, expected: 0, found: found), offset: offset)
  }

  /// The number that both end records give; the classic one may be all ones instead.
  private static func agreed(
    _ problem: TorchError.ZipDirectoryProblem, _ classic: Int, _ saturated: Int, _ zip64: Int,
    _ offset: Int
  ) throws(TorchError) -> Int {
    guard classic == zip64 || classic == saturated else {
      throw TorchError(.zipDirectory(problem, expected: zip64, found: classic), offset: offset)
    }
    return zip64
  }
}
