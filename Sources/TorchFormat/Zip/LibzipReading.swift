import ByteIO
import CZip

/// libzip's reading of an archive's directory, to hold against our own.
///
/// libzip is lenient where we are strict, and it is what other programs read archives with: what
/// the two do not read alike is not trusted.
struct LibzipReading {
  private let source: LibzipSource
  private let archive: OpaquePointer

  init(_ region: ByteRegion) throws(TorchError) {
    let source = LibzipSource(region)
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard
      let stream = zip_source_function_create(
        LibzipSource.callback, Unmanaged.passUnretained(source).toOpaque(), &error)
    else { throw TorchError(.zipLibrary(message: String(cString: zip_error_strerror(&error)))) }
    guard let archive = zip_open_from_source(stream, ZIP_RDONLY, &error) else {
      zip_source_free(stream)
      throw TorchError(.zipLibrary(message: String(cString: zip_error_strerror(&error))))
    }
    self.source = source
    self.archive = archive
  }

  /// Throws unless libzip lists the same members with the same sizes, methods and checksums; then
  /// lets go of the archive.
  consuming func check(_ headers: [ZipCentralHeader]) throws(TorchError) {
    defer {
      zip_discard(archive)
      withExtendedLifetime(source) {}
    }
    let count = Int(zip_get_num_entries(archive, 0))
    guard count == headers.count else {
      throw TorchError(.zipDirectory(.count, expected: headers.count, found: count))
    }
    for (index, header) in headers.enumerated() where !agrees(UInt64(index), header) {
      throw TorchError(
        .zipDirectory(.libraryReading, expected: index, found: index), record: header.name,
        offset: header.offset)
    }
  }

  private func agrees(_ index: UInt64, _ header: ZipCentralHeader) -> Bool {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat_index(archive, index, zip_flags_t(ZIP_FL_ENC_RAW), &status) == 0,
      let name = status.name
    else { return false }
    let isSameName = header.nameBytes.withUnsafeBytes { bytes in
      // A name with NUL was refused before: the comparison stops at libzip's NUL, if not before.
      bytes.indices.allSatisfy { bytes[$0] == UInt8(bitPattern: name[$0]) }
        && name[bytes.count] == 0
    }
    return isSameName && status.size == UInt64(header.uncompressedByteCount)
      && status.comp_size == UInt64(header.compressedByteCount)
      && status.crc == header.checksum
      && status.comp_method == header.method.rawValue
      && status.encryption_method == ZIP_EM_NONE
  }
}

/// What libzip reads an archive through: a region, and how far it was read.
private final class LibzipSource {
  private let region: ByteRegion
  private var position = 0

  init(_ region: ByteRegion) { self.region = region }

  /// The commands that a source for reading with random access has to know.
  private static let supportedCommands = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
  ].reduce(zip_int64_t(0)) { $0 | 1 << zip_int64_t($1.rawValue) }

  static let callback: zip_source_callback = { owner, data, byteCount, command in
    guard let owner else { return -1 }
    return Unmanaged<LibzipSource>.fromOpaque(owner).takeUnretainedValue()
      .execute(command, data, byteCount)
  }

  private func execute(
    _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ byteCount: zip_uint64_t
  ) -> zip_int64_t {
    switch command {
    case ZIP_SOURCE_OPEN:
      position = 0
      return 0
    case ZIP_SOURCE_READ: return read(to: data, byteCount: byteCount)
    case ZIP_SOURCE_SEEK: return seek(data, byteCount)
    case ZIP_SOURCE_TELL: return zip_int64_t(position)
    case ZIP_SOURCE_STAT: return describe(data)
    case ZIP_SOURCE_SUPPORTS: return Self.supportedCommands
    case ZIP_SOURCE_ERROR:
      // No system error, no zip error: two numbers of 32 bits.
      data?.storeBytes(of: 0, as: UInt64.self)
      return 2 * zip_int64_t(MemoryLayout<Int32>.size)
    case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE: return 0
    default: return -1
    }
  }

  private func read(to data: UnsafeMutableRawPointer?, byteCount: zip_uint64_t) -> zip_int64_t {
    let count = min(region.byteCount - position, Int(clamping: byteCount))
    guard let data, let part = region.slice(offset: position, byteCount: count) else { return -1 }
    part.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(start: data, count: count).copyMemory(from: bytes)
    }
    position += count
    return zip_int64_t(count)
  }

  private func seek(_ data: UnsafeMutableRawPointer?, _ byteCount: zip_uint64_t) -> zip_int64_t {
    guard let data, byteCount >= MemoryLayout<zip_source_args_seek_t>.size else { return -1 }
    let target = data.loadUnaligned(as: zip_source_args_seek_t.self)
    let origin: Int
    switch target.whence {
    case 0: origin = 0
    case 1: origin = position
    case 2: origin = region.byteCount
    default: return -1
    }
    let (sum, overflows) = origin.addingReportingOverflow(Int(target.offset))
    guard !overflows, (0...region.byteCount).contains(sum) else { return -1 }
    position = sum
    return 0
  }

  private func describe(_ data: UnsafeMutableRawPointer?) -> zip_int64_t {
    guard let data else { return -1 }
    var status = zip_stat_t()
    zip_stat_init(&status)
    status.size = zip_uint64_t(region.byteCount)
    status.valid = zip_uint64_t(ZIP_STAT_SIZE)
    data.storeBytes(of: status, as: zip_stat_t.self)
    return zip_int64_t(MemoryLayout<zip_stat_t>.size)
  }
}
