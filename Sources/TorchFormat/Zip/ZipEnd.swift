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
    let anomalies = [end.word16(4) != 0, end.word16(6) != 0, end.word16(8) != end.word16(10)]
    // A part of a larger archive has several of these; one alone does not make it a part.
    switch anomalies.count(where: { $0 }) {
    case 0: break
    case 1: throw Self.diskNumber(max(end.word16(4), end.word16(6)), at: offset)
    default: throw TorchError(.zipMultiDisk, offset: offset)
    }
    var directoryEnd = offset
    let locatorOffset = offset - ZipRecord.zip64Locator.byteCount
    if let locator = ZipFields(region, at: locatorOffset, .zip64Locator) {
      directoryEnd = locator.word64(8)
      let zip64 = try Self.zip64(region, at: directoryEnd, locator, locatorOffset)
      entryCount = try Self.agreed(
        .count, end.word16(10), ZipRecord.saturatedCount, zip64.word64(32), offset)
      directoryByteCount = try Self.agreed(
        .byteCount, end.word32(12), ZipRecord.saturated, zip64.word64(40), offset)
      directoryOffset = try Self.agreed(
        .offset, end.word32(16), ZipRecord.saturated, zip64.word64(48), offset)
    } else {
      entryCount = end.word16(10)
      directoryByteCount = end.word32(12)
      directoryOffset = end.word32(16)
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
      if fields.word16(20) == commentByteCount {
        fitting.append(offset)
      } else {
        trailing = trailing ?? max(0, commentByteCount - fields.word16(20))
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
    guard locator.word32(4) == 0, locator.word32(16) == 1 else {
      throw diskNumber(locator.word32(4), at: locatorOffset)
    }
    guard let fields = ZipFields(region, at: offset, .zip64End) else {
      throw TorchError(.zipSignature(.zip64End), offset: offset)
    }
    // The record's size does not count its first twelve bytes.
    let (end, overflows) = fields.word64(4).addingReportingOverflow(offset + 12)
    guard !overflows, end == locatorOffset else {
      throw TorchError(
        .zipDirectory(.zip64Position, expected: locatorOffset, found: end), offset: offset)
    }
    guard fields.word32(16) == 0, fields.word32(20) == 0, fields.word64(24) == fields.word64(32)
    else { throw diskNumber(max(fields.word32(16), fields.word32(20)), at: offset) }
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
