import ByteIO

/// The directory of a zip archive, read strictly: every number that occurs twice must agree, and
/// the members must fill the file.
///
/// Scanners and PyTorch have been made to read different members of the same file. An archive that
/// can be read in two ways is refused here. `Tests/TorchFormatTests/LibzipAgreementTests.swift`
/// compares what is accepted with libzip's reading.
enum ZipDirectory {
  /// The members in the directory's order.
  static func entries(of region: ByteRegion, limits: Limits) throws(TorchError) -> [ZipEntry] {
    let end = try ZipEnd(region)
    let headers = try centralHeaders(region, end, limits: limits)
    try checkNames(headers)

    let order = headers.indices.sorted { headers[$0].headerOffset < headers[$1].headerOffset }
    if let first = order.first, headers[first].headerOffset != 0 {
      throw TorchError(
        .zipOffset(expected: 0, found: headers[first].headerOffset),
        record: headers[first].name, fileOffset: headers[first].offset)
    }
    var dataOffsets = [Int](repeating: 0, count: headers.count)
    for (place, index) in order.enumerated() {
      let following = place + 1 < order.count ? headers[order[place + 1]] : nil
      let next = min(following?.headerOffset ?? .max, end.directoryOffset)
      if let following, following.headerOffset >= end.directoryOffset {
        throw TorchError(
          .zipOffset(expected: end.directoryOffset, found: following.headerOffset),
          record: following.name, fileOffset: following.offset)
      }
      dataOffsets[index] = try ZipLocalHeader(
        region, headers[index], next: next, nextName: following?.name
      ).dataOffset
    }
    return zip(headers, dataOffsets).map { header, dataOffset in
      ZipEntry(
        name: header.name, method: header.method, checksum: header.checksum,
        compressedByteCount: header.compressedByteCount, byteCount: header.uncompressedByteCount,
        headerOffset: header.headerOffset, dataOffset: dataOffset)
    }
  }

  private static func centralHeaders(
    _ region: ByteRegion, _ end: ZipEnd, limits: Limits
  ) throws(TorchError) -> [ZipCentralHeader] {
    guard end.entryCount > 0 else { throw TorchError(.zipEmpty, offset: end.directoryOffset) }
    guard end.entryCount <= end.directoryByteCount / ZipRecord.central.byteCount else {
      throw TorchError(
        .zipDirectory(
          .count, expected: end.directoryByteCount / ZipRecord.central.byteCount,
          found: end.entryCount),
        offset: end.directoryOffset)
    }
    guard end.entryCount <= limits.zipEntryCount else {
      throw TorchError(
        .zipEntryCount(count: end.entryCount, limit: limits.zipEntryCount),
        offset: end.directoryOffset)
    }
    let directoryEnd = end.directoryOffset + end.directoryByteCount
    var headers: [ZipCentralHeader] = []
    var offset = end.directoryOffset
    var inflatedByteCount = 0
    for _ in 0..<end.entryCount {
      let header = try ZipCentralHeader(region, at: offset, directoryEnd: directoryEnd)
      offset = header.end
      if header.method == .deflated {
        let (sum, overflows) = inflatedByteCount.addingReportingOverflow(
          header.uncompressedByteCount)
        guard !overflows, sum <= limits.inflatedByteCount else {
          throw TorchError(
            .zipInflatedByteCount(
              count: overflows ? .max : sum, limit: limits.inflatedByteCount),
            record: header.name, fileOffset: header.offset)
        }
        inflatedByteCount = sum
      }
      headers.append(header)
    }
    guard offset == directoryEnd else {
      throw TorchError(
        .zipDirectory(
          .byteCount, expected: end.directoryByteCount, found: offset - end.directoryOffset),
        offset: offset)
    }
    return headers
  }

  private static func checkNames(_ headers: [ZipCentralHeader]) throws(TorchError) {
    var names: [ByteText: String] = [:]
    names.reserveCapacity(headers.count)
    for header in headers {
      if let other = names.updateValue(header.name, forKey: ByteText(ZipNames.folded(header.name)))
      {
        throw TorchError(
          .zipDuplicate(other: other), record: header.name, fileOffset: header.offset)
      }
    }
  }
}
