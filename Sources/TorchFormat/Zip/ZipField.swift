/// A number in the fixed part of a record, by its place and its size in bytes.
///
/// The same places serve the reader and the scan for members that the directory does not list: if
/// they differed, such a member could be missed.
struct ZipField {
  let offset: Int
  /// 2, 4 or 8.
  let byteCount: Int

  private init(_ offset: Int, _ byteCount: Int) {
    self.offset = offset
    self.byteCount = byteCount
  }

  /// A member's own header (APPNOTE 4.3.7).
  enum Local {
    static let flags = ZipField(6, 2)
    static let method = ZipField(8, 2)
    static let checksum = ZipField(14, 4)
    static let compressedByteCount = ZipField(18, 4)
    static let uncompressedByteCount = ZipField(22, 4)
    static let nameByteCount = ZipField(26, 2)
    static let extraByteCount = ZipField(28, 2)
  }

  /// A member's header in the directory (4.3.12).
  enum Central {
    static let flags = ZipField(8, 2)
    static let method = ZipField(10, 2)
    static let checksum = ZipField(16, 4)
    static let compressedByteCount = ZipField(20, 4)
    static let uncompressedByteCount = ZipField(24, 4)
    static let nameByteCount = ZipField(28, 2)
    static let extraByteCount = ZipField(30, 2)
    static let commentByteCount = ZipField(32, 2)
    static let diskNumber = ZipField(34, 2)
    static let externalAttributes = ZipField(38, 4)
    static let headerOffset = ZipField(42, 4)
  }

  /// The end of the directory (4.3.16).
  enum End {
    static let diskNumber = ZipField(4, 2)
    static let directoryDiskNumber = ZipField(6, 2)
    static let entryCountOnDisk = ZipField(8, 2)
    static let entryCount = ZipField(10, 2)
    static let directoryByteCount = ZipField(12, 4)
    static let directoryOffset = ZipField(16, 4)
    static let commentByteCount = ZipField(20, 2)
  }

  /// What leads to the directory's end in zip64 (4.3.15).
  enum Zip64Locator {
    static let endDiskNumber = ZipField(4, 4)
    static let endOffset = ZipField(8, 8)
    static let diskCount = ZipField(16, 4)
  }

  /// The end of the directory in zip64 (4.3.14).
  enum Zip64End {
    /// What follows this field.
    static let restByteCount = ZipField(4, 8)
    static let diskNumber = ZipField(16, 4)
    static let directoryDiskNumber = ZipField(20, 4)
    static let entryCountOnDisk = ZipField(24, 8)
    static let entryCount = ZipField(32, 8)
    static let directoryByteCount = ZipField(40, 8)
    static let directoryOffset = ZipField(48, 8)
  }
}
