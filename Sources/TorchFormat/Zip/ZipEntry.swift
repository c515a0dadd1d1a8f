/// A member of a zip archive whose headers agree.
struct ZipEntry: Equatable {
  /// The compression methods that are read (APPNOTE.TXT, 4.4.5).
  enum Method: UInt16 {
    case stored = 0
    case deflated = 8
  }

  let name: String
  let method: Method
  /// The CRC-32 of the uncompressed bytes; 0 where PyTorch was told not to compute it, or where it
  /// is 0.
  let checksum: UInt32
  let compressedByteCount: Int
  let byteCount: Int
  /// Where the member's own header begins, from the start of the file.
  let headerOffset: Int
  /// Where its bytes begin, from the start of the file.
  let dataOffset: Int
}
