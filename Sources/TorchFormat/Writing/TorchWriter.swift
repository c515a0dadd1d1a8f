public import ByteIO
public import TensorModel

/// Writes a PyTorch checkpoint: what `torch.save` writes for a state dict, an `OrderedDict` of
/// tensors.
///
/// The archive is the same byte for byte, except for the record `.data/serialization_id`, a number
/// that PyTorch hashes from names and checksums with its own functions. Here it comes from SHA-256,
/// so the same tensors always give the same file. It loads with `weights_only=True` and with
/// `mmap=True`.
public struct TorchWriter: Sendable {
  /// The size of the file.
  public let byteCount: Int

  private let archive: ZipStoreWriter
  private let contents: [Content]

  /// What a record holds.
  private enum Content: Sendable {
    case bytes([UInt8])
    case elements(Tensor)
    /// Comes from the checksums of all other records, and is written last.
    case serializationID
  }

  /// Lays out a checkpoint; no element is read.
  ///
  /// Tensors that share a storage and cover the same part of it, plainly stored, share a record.
  /// Every other tensor gets its own record, contiguous and little-endian.
  ///
  /// - Parameters:
  ///   - tensors: The entries of the state dict, in their order.
  ///   - wrapper: The key of a dictionary around the state dict, such as `model`; `nil` means that
  ///     the state dict is the whole.
  ///   - archiveName: The folder of the records in the archive; see `archiveName(forPath:)`.
  ///
  /// Throws where a name occurs twice, PyTorch has no such element type, or the name of the archive
  /// is empty, longer than 255 bytes, or not a name for a folder.
  public init(
    tensors: [Tensor], wrapper: String? = nil, archiveName: String
  ) throws(TorchWriterError) {
    guard isFolderName(archiveName) else { throw .invalidArchiveName(archiveName) }
    let stateDict = try TorchStateDict(tensors)
    let records: [(name: String, byteCount: Int, content: Content)] =
      [
        Self.record("data.pkl", stateDict.pickle(wrapper: wrapper)),
        Self.record(".format_version", Array("1".utf8)),
        Self.record(".storage_alignment", Array("64".utf8)),
        Self.record("byteorder", Array("little".utf8)),
      ]
      + stateDict.storages.enumerated().map { ("data/\($0)", $1.byteCount, .elements($1)) }
      + [
        Self.record("version", Array("3\n".utf8)),
        (".data/serialization_id", Self.serializationIDByteCount, .serializationID),
      ]

    var archive = ZipStoreWriter()
    for record in records {
      archive.add(name: "\(archiveName)/\(record.name)", byteCount: record.byteCount)
    }
    self.archive = archive
    contents = records.map(\.content)
    byteCount = archive.byteCount
  }

  private static func record(
    _ name: String, _ bytes: [UInt8]
  ) -> (name: String, byteCount: Int, content: Content) {
    (name, bytes.count, .bytes(bytes))
  }

  /// The name that `torch.save` gives the archive of a path: the last component up to its last dot,
  /// or `archive` if that is empty, not ASCII or no plain name.
  public static func archiveName(forPath path: String) -> String {
    let name = FileSystem.name(of: path)
    let stem = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
    return stem.utf8.allSatisfy { $0 < 0x80 } && isFolderName(stem) ? stem : "archive"
  }

  /// Writes the file from its first byte, the tensors on all cores.
  ///
  /// Throws what the output or a tensor's storage throws.
  public func write(to output: OutputFile) throws {
    let last = contents.count - 1
    var checksums = try concurrentMap(byteCounts: archive.records.dropLast().map(\.byteCount)) {
      try write(contents[$0], at: $0, to: output)
    }
    let serializationID = serializationID(checksums: checksums)
    checksums.append(try write(.bytes(serializationID), at: last, to: output))

    // A record's descriptor and the next one's header are adjacent.
    var between: [UInt8] = []
    for (record, checksum) in zip(archive.records, checksums) {
      let start = record.headerOffset - between.count
      try output.write(between + archive.localHeader(of: record), at: start)
      between = archive.descriptor(of: record, checksum: checksum)
    }
    try output.write(
      between + archive.directory(checksums: checksums),
      at: archive.directoryOffset - between.count)
  }

  /// Writes a record's data; returns its CRC-32.
  private func write(
    _ content: Content, at index: Int, to output: OutputFile
  ) throws -> UInt32 {
    let fileOffset = archive.records[index].dataOffset
    var checksum: UInt32 = 0
    switch content {
    case .bytes(let bytes):
      try output.write(bytes, at: fileOffset)
      bytes.withUnsafeBytes { add(RawSpan(_unsafeBytes: $0), to: &checksum) }
    case .elements(let tensor):
      try output.write(tensor, at: fileOffset) { add($0, to: &checksum) }
    case .serializationID: break
    }
    return checksum
  }

  private static let serializationIDByteCount = 40

  /// Twenty digits from the records' names, and twenty from their checksums.
  private func serializationID(checksums: [UInt32]) -> [UInt8] {
    var names: [UInt8] = []
    var sums: [UInt8] = []
    for (record, checksum) in zip(archive.records, checksums) {
      names.append(utf8: record.name)
      names.append(0)
      sums.appendLittleEndian(checksum)
    }
    return twentyDigits(of: names) + twentyDigits(of: sums)
  }

  private func twentyDigits(of bytes: [UInt8]) -> [UInt8] {
    let digest = SHA256Digest(of: ByteRegion(copying: bytes))
    let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let digits = Array(String(number).utf8)
    return [UInt8](repeating: UInt8(ascii: "0"), count: 20 - digits.count) + digits
  }
}

/// Whether a name can be the one folder of an archive.
private func isFolderName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
    && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    && !name.utf8.contains(UInt8(ascii: "\\"))
}
