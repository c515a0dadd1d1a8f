import ByteIO

/// The zip archives of PyTorch 1.6 and later, including those of `torch.jit.save`
/// (`caffe2/serialize/inline_container.cc`).
struct ZipContainer {
  /// The versions that `kMinSupportedFileFormatVersion` and `kMaxSupportedFileFormatVersion` allow.
  private static let versions = 1...10

  private let archive: ZipArchive
  private let limits: Limits

  static func read(
    _ region: ByteRegion, _ session: inout PickleSession
  ) throws(TorchError) -> TorchContents {
    let limits = session.options.limits
    let archive = try ZipArchive(region, limits: limits)
    session.archive = archive
    let container = ZipContainer(archive: archive, limits: limits)
    return try container.read(&session)
  }

  private func read(_ session: inout PickleSession) throws(TorchError) -> TorchContents {
    try checkVersion()
    let isBigEndian = try readByteOrder()
    let record = archive.name(of: "data.pkl")
    guard let bytes = try archive.pickle("data.pkl", limits: limits) else {
      throw TorchError(.recordMissing, record: record)
    }
    let pickle = try readWhole(bytes, record: record, &session)
    try resolve(pickle, folder: "data", record: record)
    var storageNames = Set(pickle.storages.map { ByteText(archive.name(of: "data/\($0.key)")) })
    var tree = TensorTree(
      limits: limits, record: record, isBigEndian: isBigEndian,
      fileByteCount: archive.region.byteCount)
    try tree.add(pickle.root)

    // TorchScript stores the constants of its code separately, with their own storages.
    let constants = try archive.pickle("constants.pkl", limits: limits)
    if let constants {
      let record = archive.name(of: "constants.pkl")
      let pickle = try readWhole(constants, record: record, &session)
      try resolve(pickle, folder: "constants", record: record)
      storageNames.formUnion(
        pickle.storages.map { ByteText(archive.name(of: "constants/\($0.key)")) })
      try tree.add(pickle.root, prefix: "constants")
    }
    try readOthers(beside: storageNames, &session)
    return TorchContents(
      container: constants == nil ? .zip : .torchScript, tree: tree,
      root: TorchValue(pickle.root), pickleProtocol: pickle.protocolVersion,
      isBigEndian: isBigEndian, archive: archive)
  }

  private func readWhole(
    _ bytes: ByteRegion, record: String, _ session: inout PickleSession
  ) throws(TorchError) -> Pickle {
    let pickle = try session.read(bytes, record: record, .zip)
    guard pickle.end == bytes.byteCount else {
      if session.policy == .observing {
        session.sweep(bytes, from: pickle.end, record: record)
      }
      throw TorchError(
        .pickleTrailingBytes(count: bytes.byteCount - pickle.end), record: record,
        offset: pickle.end)
    }
    return pickle
  }

  /// Reads the pickles that are neither the checkpoint nor its constants, because other programs
  /// may load them: nothing is taken from them, but what they ask for must be just as harmless.
  private func readOthers(
    beside storageNames: Set<ByteText>, _ session: inout PickleSession
  ) throws(TorchError) {
    let limit = archive.inflationBudget(limits: limits)
    var budget = limit
    let known = ["data.pkl", "constants.pkl"].map { ByteText(archive.name(of: $0)) }
    // A program can ask torch.package for any record as a pickle.
    let packageSign = archive.name(of: ".data/extern_modules")
    let isPackage = archive.entries.contains { $0.name.hasBytes(of: packageSign) }
    for entry in archive.entries {
      let name = ByteText(entry.name)
      guard !known.contains(name), isPackage || !storageNames.contains(name) else { continue }
      let mayBePickle = archive.mayBePickle(entry, limits: limits)
      budget -= mayBePickle.inflatedByteCount
      if mayBePickle.answer, entry.method == .deflated { budget -= entry.byteCount }
      guard budget >= 0 else {
        throw TorchError(
          .recordsInflation(count: limit - budget, limit: limit), record: entry.name,
          fileOffset: entry.dataOffset)
      }
      guard mayBePickle.answer,
        let bytes = try archive.pickle(archive.record(of: entry), limits: limits)
      else { continue }
      do {
        _ = try readWhole(bytes, record: entry.name, &session)
      } catch {
        // Such a record says where TorchScript's code comes from. Only TorchScript's own reader,
        // which calls nothing, reads it.
        let isDebugInformation = entry.name.utf8.suffix(10).elementsEqual(".debug_pkl".utf8)
        if case .globalRefused = error.reason { throw error }
        if !isDebugInformation { throw error }
        try session.refuseGlobals(in: bytes, record: entry.name)
      }
    }
  }

  /// Finds the record of each storage.
  private func resolve(
    _ pickle: Pickle, folder: String, record: String
  ) throws(TorchError) {
    for storage in pickle.storages {
      guard let bytes = archive.storage("\(folder)/\(storage.key)") else {
        throw TorchError(
          .storageMissing(key: storage.key), record: record, offset: storage.offset)
      }
      guard bytes.byteCount == storage.byteCount else {
        throw TorchError(
          .storageByteCount(
            key: storage.key, declared: storage.byteCount, found: bytes.byteCount),
          record: record, offset: storage.offset)
      }
      storage.bytes = bytes
    }
  }

  private func checkVersion() throws(TorchError) {
    // The record moved with torch.package's version 6, and PyTorch looks in the new place first
    // (`inline_container.cc`).
    let names = [".data/version", "version"]
    for name in names {
      guard let bytes = try archive.record(name, limit: TorchError.smallRecordByteCount) else {
        continue
      }
      let text = String(decoding: bytes.array, as: UTF8.self)
      guard let version = Int(text.split(whereSeparator: \.isNewline).first ?? ""),
        version >= Self.versions.lowerBound
      else { throw TorchError(.archiveVersion(found: text), record: archive.name(of: name)) }
      guard version <= Self.versions.upperBound else {
        throw TorchError(
          .archiveVersionTooNew(found: version, newest: Self.versions.upperBound),
          record: archive.name(of: name))
      }
      return
    }
    throw TorchError(.recordMissing, record: archive.name(of: "version"))
  }

  /// Whether the elements have their highest byte first. PyTorch before 2.1 did not record this,
  /// and wrote little-endian files.
  private func readByteOrder() throws(TorchError) -> Bool {
    guard let bytes = try archive.record("byteorder", limit: TorchError.smallRecordByteCount) else {
      return false
    }
    if bytes.array == Array("little".utf8) { return false }
    if bytes.array == Array("big".utf8) { return true }
    throw TorchError(
      .byteOrder(found: String(decoding: bytes.array, as: UTF8.self)),
      record: archive.name(of: "byteorder"))
  }
}
