import ByteIO

/// The layout of a zip archive as `torch.save` makes it (`inline_container.cc` over miniz): records
/// are stored, the data of each begins at a multiple of 64 bytes, and sizes and checksums follow
/// the data, so that a record can be written before its checksum is known.
///
/// Where sizes or offsets need 64 bits, the zip64 fields are those of the standard (APPNOTE 4.5.3);
/// PyTorch's own differ there, and it reads both.
struct ZipStoreWriter {
  /// A record, and where its parts are in the archive.
  struct Record {
    /// The name with the archive's folder.
    let name: String
    /// The bytes of the data.
    let byteCount: Int
    /// Where the local header begins.
    let headerOffset: Int
    /// Where the data begins.
    let dataOffset: Int

    /// Whether the size needs 64 bits.
    fileprivate var isLarge: Bool { byteCount >= ZipRecord.saturated }
    /// Whether the offset needs 64 bits.
    fileprivate var isFar: Bool { headerOffset >= ZipRecord.saturated }
    /// Bit 11: the name is UTF-8. Bit 3: a descriptor follows, which empty records do without.
    fileprivate var flags: UInt16 { byteCount == 0 ? 0x0800 : 0x0808 }
    fileprivate var versionNeeded: UInt16 { isLarge || isFar ? zip64Version : 0 }
    fileprivate var descriptorByteCount: Int {
      byteCount == 0 ? 0 : isLarge ? 24 : ZipRecord.descriptor.byteCount
    }

    /// The end of the data and of the descriptor after it.
    var end: Int { dataOffset + byteCount + descriptorByteCount }
  }

  /// The records in the order of the archive.
  private(set) var records: [Record] = []

  private static let alignment = 64
  private static let zip64ExtraByteCount = 20
  private static let extraHeaderByteCount = 4

  /// The file offset of the central directory: the end of the last record.
  var directoryOffset: Int { records.last?.end ?? 0 }

  /// The size of the archive.
  var byteCount: Int {
    let entries = records.map { record in
      ZipRecord.central.byteCount + record.name.utf8.count
        + (record.isLarge || record.isFar ? 4 : 0)
        + (record.isLarge ? 16 : 0) + (record.isFar ? 8 : 0)
    }
    return directoryOffset + entries.reduce(0, +) + ZipRecord.zip64End.byteCount
      + ZipRecord.zip64Locator.byteCount + ZipRecord.end.byteCount
  }

  /// Lays out the next record.
  mutating func add(name: String, byteCount: Int) {
    let headerOffset = directoryOffset
    let unpadded =
      headerOffset + ZipRecord.local.byteCount + name.utf8.count
      + (byteCount >= ZipRecord.saturated ? Self.zip64ExtraByteCount : 0)
      + Self.extraHeaderByteCount
    let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
    records.append(
      Record(
        name: name, byteCount: byteCount, headerOffset: headerOffset,
        dataOffset: unpadded + padding))
  }

  /// What comes before a record's data.
  func localHeader(of record: Record) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(ZipRecord.local.rawValue)
    bytes.appendLittleEndian(record.isLarge ? zip64Version : 0)
    bytes.appendLittleEndian(record.flags)
    bytes.append(contentsOf: [0, 0])  // stored
    bytes.append(contentsOf: [0, 0, 0, 0])  // no time
    bytes.append(contentsOf: [0, 0, 0, 0])  // the checksum follows the data
    for _ in 0..<2 { bytes.appendLittleEndian(UInt32(record.isLarge ? ZipRecord.saturated : 0)) }
    bytes.appendLittleEndian(UInt16(record.name.utf8.count))
    let extraByteCount =
      record.dataOffset - record.headerOffset - ZipRecord.local.byteCount
      - record.name.utf8.count
    bytes.appendLittleEndian(UInt16(extraByteCount))
    bytes.append(utf8: record.name)
    if record.isLarge {
      bytes.appendLittleEndian(UInt16(1))
      bytes.appendLittleEndian(UInt16(16))
      for _ in 0..<2 { bytes.appendLittleEndian(UInt64(record.byteCount)) }
    }
    let padding = record.dataOffset - record.headerOffset - bytes.count - Self.extraHeaderByteCount
    bytes.append(utf8: "FB")
    bytes.appendLittleEndian(UInt16(padding))
    bytes.append(contentsOf: [UInt8](repeating: UInt8(ascii: "Z"), count: padding))
    return bytes
  }

  /// What comes after a record's data.
  func descriptor(of record: Record, checksum: UInt32) -> [UInt8] {
    guard record.descriptorByteCount > 0 else { return [] }
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(ZipRecord.descriptor.rawValue)
    bytes.appendLittleEndian(checksum)
    for _ in 0..<2 {
      if record.isLarge {
        bytes.appendLittleEndian(UInt64(record.byteCount))
      } else {
        bytes.appendLittleEndian(UInt32(record.byteCount))
      }
    }
    return bytes
  }

  /// The central directory and the end records.
  func directory(checksums: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (record, checksum) in zip(records, checksums) {
      appendEntry(of: record, checksum: checksum, to: &bytes)
    }
    appendEnd(directoryByteCount: bytes.count, to: &bytes)
    return bytes
  }

  private func appendEntry(of record: Record, checksum: UInt32, to bytes: inout [UInt8]) {
    var extra: [UInt8] = []
    if record.isLarge {
      for _ in 0..<2 { extra.appendLittleEndian(UInt64(record.byteCount)) }
    }
    if record.isFar { extra.appendLittleEndian(UInt64(record.headerOffset)) }

    bytes.appendLittleEndian(ZipRecord.central.rawValue)
    bytes.appendLittleEndian(UInt16(0))  // made by nobody in particular
    bytes.appendLittleEndian(record.versionNeeded)
    bytes.appendLittleEndian(record.flags)
    bytes.append(contentsOf: [0, 0])  // stored
    bytes.append(contentsOf: [0, 0, 0, 0])  // no time
    bytes.appendLittleEndian(checksum)
    for _ in 0..<2 { bytes.appendLittleEndian(UInt32(min(record.byteCount, ZipRecord.saturated))) }
    bytes.appendLittleEndian(UInt16(record.name.utf8.count))
    bytes.appendLittleEndian(UInt16(extra.isEmpty ? 0 : extra.count + Self.extraHeaderByteCount))
    bytes.append(contentsOf: [UInt8](repeating: 0, count: 10))  // comment, disk, attributes
    bytes.appendLittleEndian(UInt32(min(record.headerOffset, ZipRecord.saturated)))
    bytes.append(utf8: record.name)
    if !extra.isEmpty {
      bytes.appendLittleEndian(UInt16(1))
      bytes.appendLittleEndian(UInt16(extra.count))
      bytes += extra
    }
  }

  private func appendEnd(directoryByteCount: Int, to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(ZipRecord.zip64End.rawValue)
    bytes.appendLittleEndian(UInt64(44))  // what follows of this record
    bytes.appendLittleEndian(UInt16(0x031E))  // made by miniz on Unix, as PyTorch has it
    bytes.appendLittleEndian(zip64Version)
    bytes.append(contentsOf: [UInt8](repeating: 0, count: 8))  // the only disk
    for _ in 0..<2 { bytes.appendLittleEndian(UInt64(records.count)) }
    bytes.appendLittleEndian(UInt64(directoryByteCount))
    bytes.appendLittleEndian(UInt64(directoryOffset))

    bytes.appendLittleEndian(ZipRecord.zip64Locator.rawValue)
    bytes.append(contentsOf: [0, 0, 0, 0])  // the disk of the record above
    bytes.appendLittleEndian(UInt64(directoryOffset + directoryByteCount))
    bytes.appendLittleEndian(UInt32(1))  // disks

    bytes.appendLittleEndian(ZipRecord.end.rawValue)
    bytes.append(contentsOf: [0, 0, 0, 0])  // the only disk
    for _ in 0..<2 { bytes.appendLittleEndian(UInt16(clamping: records.count)) }
    bytes.appendLittleEndian(UInt32(clamping: directoryByteCount))
    bytes.appendLittleEndian(UInt32(clamping: directoryOffset))
    bytes.append(contentsOf: [0, 0])  // no comment
  }
}

/// The version that a reader needs for zip64: 4.5.
private let zip64Version: UInt16 = 45
