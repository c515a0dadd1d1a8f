package import ByteIO

/// The zip archive that a file of another kind also is.
///
/// Readers of archives begin at a file's end. `torch.jit.load` and Python's `zipfile` do so
/// whatever the file begins with; `torch.load` does if it begins with a member's header, whose
/// first bytes can be the length of a safetensors header.
package struct HiddenArchive: Sendable {
  /// Where the archive's directory begins, or its first member if there is no directory.
  package let byteOffset: Int

  /// How far before a file's end readers look for the end record: miniz, which PyTorch uses, gives
  /// up after the 4 KiB block in which the longest comment would begin (`miniz_zip.c`).
  private static let reach = 0xFFFF + 2 * 4096

  /// Looks for an end record, and for a directory where it says that there is one; `nil` if there
  /// is none.
  ///
  /// Elements are not mistaken for an archive by chance: 64 bits must be right, in two places.
  package init?(_ region: ByteRegion) {
    let directory = ZipEnd.offsetsOfSignature(in: region, reach: Self.reach).lazy
      .flatMap { Self.directoryOffsets(region, endOffset: $0) }
      .first { Self.isDirectory(region, at: $0) }
    if let directory {
      byteOffset = directory
    } else if region.matches(ZipRecord.local.signatureBytes) {
      byteOffset = 0
    } else {
      return nil
    }
  }

  /// Where readers look for the directory of an end record. Some go by the offset that is stated,
  /// and others by where the directory must begin in order to end before the record, so that an
  /// archive may follow anything. The same holds for the records of zip64. None checks the length
  /// of the comment against the file's end.
  private static func directoryOffsets(_ region: ByteRegion, endOffset: Int) -> [Int] {
    guard let end = ZipFields(region, at: endOffset, .end) else { return [] }
    var offsets = [
      end[ZipField.End.directoryOffset], endOffset - end[ZipField.End.directoryByteCount],
    ]
    let locatorOffset = endOffset - ZipRecord.zip64Locator.byteCount
    guard let locator = ZipFields(region, at: locatorOffset, .zip64Locator) else {
      return offsets
    }
    for recordOffset in [
      locator[ZipField.Zip64Locator.endOffset], locatorOffset - ZipRecord.zip64End.byteCount,
    ] {
      guard let record = ZipFields(region, at: recordOffset, .zip64End) else { continue }
      offsets += [
        record[ZipField.Zip64End.directoryOffset],
        recordOffset - record[ZipField.Zip64End.directoryByteCount],
      ]
    }
    return offsets
  }

  private static func isDirectory(_ region: ByteRegion, at offset: Int) -> Bool {
    ZipFields(region, at: offset, .central) != nil
  }

  /// Why such a file is refused.
  package var error: TorchError { TorchError(.hiddenArchive, offset: byteOffset) }
}
