import ByteIO
import TensorModel

/// A zip archive whose members are all under one folder, as PyTorch writes it.
struct ZipArchive {
  let region: ByteRegion
  /// The members in the directory's order.
  let entries: [ZipEntry]
  /// The folder that all members are under.
  let folder: String
  private let indices: [ByteText: Int]
  private let storages: [RecordStorage]

  init(_ region: ByteRegion, limits: Limits) throws(TorchError) {
    self.region = region
    entries = try ZipDirectory.entries(of: region, limits: limits)
    folder = try Self.commonFolder(of: entries)
    try Self.requireSpelling(of: entries, folder: folder)
    indices = Dictionary(
      entries.enumerated().map { (ByteText($1.name), $0) }, uniquingKeysWith: { first, _ in first }
    )
    var storages: [RecordStorage] = []
    for entry in entries {
      guard
        let raw = region.slice(offset: entry.dataOffset, byteCount: entry.compressedByteCount)
      else {
        throw TorchError(
          .zipOffset(expected: region.byteCount, found: entry.dataOffset), record: entry.name)
      }
      storages.append(RecordStorage(entry, raw: raw))
    }
    self.storages = storages
  }

  /// The first member's folder, which all others must be under too.
  private static func commonFolder(of entries: [ZipEntry]) throws(TorchError) -> String {
    let hasRecords = entries.contains {
      $0.name.utf8.split(separator: UInt8(ascii: "/")).last?.elementsEqual("data.pkl".utf8) == true
        || $0.name.utf8.split(separator: UInt8(ascii: "/")).last?.elementsEqual("version".utf8)
          == true
    }
    guard hasRecords else { throw TorchError(.notACheckpoint(found: "a zip archive")) }
    let folder = entries.first.flatMap { ZipNames.folder(of: $0.name) } ?? ""
    let path = "\(folder)/"
    for entry in entries where !entry.name.utf8.starts(with: path.utf8) {
      let hasFolder = ZipNames.folder(of: entry.name) != nil
      throw TorchError(
        .zipName(hasFolder ? .otherFolder(expected: folder) : .noFolder), record: entry.name,
        fileOffset: entry.headerOffset)
    }
    return folder
  }

  /// Records that PyTorch looks for, and the folders of others.
  private static let knownRecords = [
    "data.pkl", "constants.pkl", "bytecode.pkl", "byteorder", "version", ".data/version",
    ".format_version", ".storage_alignment",
  ]
  private static let knownFolders = ["data/", "constants/", "code/"]

  /// Throws where a record that PyTorch looks for is spelled with capitals. PyTorch finds it all
  /// the same; other readers do not, and so would read a different file.
  private static func requireSpelling(
    of entries: [ZipEntry], folder: String
  ) throws(TorchError) {
    let start = folder.utf8.count + 1
    for entry in entries {
      let record = entry.name.utf8.dropFirst(start)
      guard record.contains(where: \.isASCIICapital) else { continue }
      let folded = ZipNames.folded(String(decoding: record, as: UTF8.self)).utf8
      let expected =
        knownRecords.first { folded.elementsEqual($0.utf8) }
        ?? knownFolders.first { folded.starts(with: $0.utf8) && !record.starts(with: $0.utf8) }
      if let expected {
        throw TorchError(
          .zipName(.otherCase(expected: expected)), record: entry.name,
          fileOffset: entry.headerOffset)
      }
    }
  }

  /// The full name of a record: `archive/data.pkl`.
  func name(of record: String) -> String { "\(folder)/\(record)" }

  /// The storage of a record below the folder, or `nil` where there is none.
  func storage(_ record: String) -> RecordStorage? {
    indices[ByteText(name(of: record))].map { storages[$0] }
  }

  /// The bytes of a record that is read as a whole and so must not be larger than `limit`; `nil`
  /// where there is none.
  func record(_ record: String, limit: Int) throws(TorchError) -> ByteRegion? {
    guard let storage = storage(record) else { return nil }
    guard storage.byteCount <= limit else {
      throw TorchError(
        .recordByteCount(count: storage.byteCount, limit: limit), record: name(of: record))
    }
    return try storage.bytes()
  }

  /// The bytes of a record with a pickle, or `nil` where there is none. A deflated one must not
  /// inflate to more than real pickles do: each of its bytes can make a value.
  func pickle(_ record: String, limits: Limits) throws(TorchError) -> ByteRegion? {
    if let entry = indices[ByteText(name(of: record))].map({ entries[$0] }),
      entry.method == .deflated
    {
      let limit = Self.inflationLimit(byteCount: entry.compressedByteCount, limits: limits)
      guard entry.byteCount <= limit else {
        throw TorchError(
          .recordInflation(count: entry.byteCount, limit: limit), record: entry.name,
          fileOffset: entry.dataOffset)
      }
    }
    return try self.record(record, limit: limits.pickleByteCount)
  }

  /// Whether a member is a pickle by its name or by its bytes, and how many bytes were inflated to
  /// find out.
  func mayBePickle(
    _ entry: ZipEntry, limits: Limits
  ) -> (answer: Bool, inflatedByteCount: Int) {
    let name = ZipNames.folded(entry.name)
    if Self.pickleSuffixes.contains(where: { name.utf8.suffix($0.count).elementsEqual($0) }) {
      return (true, 0)
    }
    // What cannot be examined for lack of memory may be one.
    guard let start = start(of: entry, limits: limits) else { return (true, 0) }
    return (
      PickleSweep.isPickle(start.bytes, isCut: start.isCut),
      entry.method == .deflated ? start.bytes.byteCount : 0
    )
  }

  /// What the pickles of an archive, besides the checkpoint's own, may inflate to together.
  func inflationBudget(limits: Limits) -> Int {
    Limits.budget(
      ratio: limits.pickleInflationRatio, byteCount: region.byteCount,
      floor: Self.archiveFloorByteCount)
  }

  /// The bytes of a member, or as many of them as a pickle may have.
  func start(of entry: ZipEntry, limits: Limits) -> (bytes: ByteRegion, isCut: Bool)? {
    guard
      let raw = region.slice(offset: entry.dataOffset, byteCount: entry.compressedByteCount)
    else { return nil }
    switch entry.method {
    case .stored:
      let byteCount = min(raw.byteCount, limits.pickleByteCount)
      return raw.slice(offset: 0, byteCount: byteCount).map { ($0, byteCount < raw.byteCount) }
    case .deflated:
      let limit = min(
        entry.byteCount, limits.pickleByteCount,
        Self.inflationLimit(byteCount: raw.byteCount, limits: limits))
      return InflatedStart(raw, limit: limit).map { ($0.bytes, $0.isCut) }
    }
  }

  private static let pickleSuffixes = [".pkl", ".pickle", ".debug_pkl"].map { Array($0.utf8) }

  /// The name of a member below the folder: `data.pkl` for `archive/data.pkl`.
  func record(of entry: ZipEntry) -> String {
    String(Substring(entry.name.utf8.dropFirst(folder.utf8.count + 1)))
  }

  /// What a pickle of so many deflated bytes may inflate to.
  static func inflationLimit(byteCount: Int, limits: Limits) -> Int {
    Limits.budget(
      ratio: limits.pickleInflationRatio, byteCount: byteCount, floor: inflationFloorByteCount)
  }

  /// What the pickles of any archive may inflate to together.
  private static let archiveFloorByteCount = 1 << 20

  /// What any pickle may inflate to: a few values that repeat are acceptable.
  private static let inflationFloorByteCount = 1 << 16

  /// Computes the checksum of every record, on all cores. Throws where one cannot be inflated.
  ///
  /// - Parameter tensors: The tensors of the archive, which are named where their record is damaged.
  func check(tensors: [Tensor]) throws -> [RecordCheck] {
    let checks = try concurrentMap(byteCounts: entries.map(\.byteCount)) { index in
      RecordCheck(
        name: entries[index].name, byteCount: entries[index].byteCount,
        status: try storages[index].status())
    }
    return zip(checks, storages).map { check, storage in
      guard case .mismatch = check.status else { return check }
      var check = check
      check.tensorNames = tensors.filter { $0.storage as? RecordStorage === storage }
        .map(\.name.string)
      return check
    }
  }
}
