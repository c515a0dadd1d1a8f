import ByteIO
import CZip

/// A zip archive's members as libzip reads them: what other programs see in a file.
struct LibzipArchive {
  struct Member: Equatable {
    let nameBytes: [UInt8]
    let method: Int
    let checksum: UInt32
    let compressedByteCount: Int
    let byteCount: Int
  }

  /// The members in the directory's order; `nil` where libzip refuses the archive.
  static func members(of region: ByteRegion) -> [Member]? {
    region.withUnsafeBytes { bytes in
      guard
        let source = zip_source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, nil)
      else { return nil }
      guard let archive = zip_open_from_source(source, ZIP_RDONLY, nil) else {
        zip_source_free(source)
        return nil
      }
      defer { zip_discard(archive) }
      let members = (0..<max(zip_get_num_entries(archive, 0), 0)).compactMap { index in
        member(UInt64(index), of: archive)
      }
      return members.count == zip_get_num_entries(archive, 0) ? members : nil
    }
  }

  private static func member(_ index: UInt64, of archive: OpaquePointer) -> Member? {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat_index(archive, index, zip_flags_t(ZIP_FL_ENC_RAW), &status) == 0,
      let name = status.name, status.encryption_method == ZIP_EM_NONE
    else { return nil }
    return Member(
      nameBytes: String(cString: name).utf8.map(\.self), method: Int(status.comp_method),
      checksum: status.crc, compressedByteCount: Int(status.comp_size), byteCount: Int(status.size))
  }
}
