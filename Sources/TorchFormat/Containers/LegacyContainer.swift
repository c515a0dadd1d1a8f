import ByteIO
import TensorModel

/// The sequence of pickles that `torch.save` wrote before 1.6 (`torch/serialization.py`,
/// `_legacy_save`): a magic number, 1001, a description of the machine, the object, the storages'
/// keys, and then the storages.
struct LegacyContainer {
  /// 0x1950A86A20F9469CFC6C, the lowest byte first.
  private static let magic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  private static let version = 1001

  private let region: ByteRegion
  private let limits: Limits

  static func read(
    _ region: ByteRegion, _ session: inout PickleSession
  ) throws(TorchError) -> TorchContents {
    let container = LegacyContainer(region: region, limits: session.options.limits)
    return try container.read(&session)
  }

  private func read(_ session: inout PickleSession) throws(TorchError) -> TorchContents {
    let first = try pickle(&session, from: 0, .none)
    guard case .bigInteger(Self.magic) = first.root else {
      if case .bigInteger = first.root { throw TorchError(.legacyMagic, offset: 0) }
      throw TorchError(.barePickle, offset: 0)
    }
    let second = try pickle(&session, from: first.end, .none)
    guard case .integer(Self.version) = second.root else {
      throw TorchError(.legacyVersion(found: describe(second.root)), offset: first.end)
    }
    let system = try pickle(&session, from: second.end, .none)
    guard case .dictionary = system.root else {
      throw TorchError(
        .legacyPart(.systemInfo, expected: "a dictionary, found \(system.root.kind)"),
        offset: second.end)
    }
    let object = try pickle(&session, from: system.end, .legacy)
    let keyList = try pickle(&session, from: object.end, .none)
    let keys = try keys(in: keyList.root, offset: object.end)
    try resolve(object, keys: keys, keysOffset: object.end, from: keyList.end)
    // The last storage may be an archive, which other programs look for at a file's end.
    if let hidden = HiddenArchive(region) { throw hidden.error }

    var tree = TensorTree(
      limits: limits, record: nil, isBigEndian: false, fileByteCount: region.byteCount)
    try tree.add(object.root)
    return TorchContents(
      container: .legacy, tree: tree, root: TorchValue(object.root),
      pickleProtocol: object.protocolVersion)
  }

  private func pickle(
    _ session: inout PickleSession, from offset: Int, _ form: StorageForm
  ) throws(TorchError) -> Pickle {
    let window = window(from: offset)
    do {
      return try session.read(window, from: offset, form)
    } catch {
      guard case .pickleTruncated = error.reason, window.byteCount < region.byteCount else {
        throw error
      }
      throw TorchError(.pickleTooLong(limit: limits.pickleByteCount), offset: offset)
    }
  }

  /// As much of the file as a pickle at `offset` may take.
  private func window(from offset: Int) -> ByteRegion {
    let (end, overflows) = offset.addingReportingOverflow(limits.pickleByteCount)
    return region.slice(
      offset: 0, byteCount: overflows ? region.byteCount : min(end, region.byteCount)) ?? region
  }

  private func describe(_ value: PickleValue) -> String {
    if case .integer(let number) = value { String(number) } else { value.kind }
  }

  private func keys(in value: PickleValue, offset: Int) throws(TorchError) -> [String] {
    guard case .list(let list) = value else {
      throw TorchError(
        .legacyPart(.keys, expected: "a list, found \(value.kind)"), offset: offset)
    }
    var keys: [String] = []
    for item in list.items {
      guard case .text(let key) = item else {
        throw TorchError(
          .legacyPart(.keys, expected: "texts, found \(item.kind)"), offset: offset)
      }
      keys.append(key)
    }
    return keys
  }

  /// Finds the bytes of each storage. The storages follow one another in the list's order, each
  /// after the count of its elements.
  private func resolve(
    _ object: Pickle, keys: [String], keysOffset: Int, from start: Int
  ) throws(TorchError) {
    var waiting: [ByteText: PickleStorage] = [:]
    for storage in object.storages where storage.view == nil {
      waiting[ByteText(storage.key)] = storage
    }
    var offset = start
    for key in keys {
      guard let storage = waiting.removeValue(forKey: ByteText(key)) else {
        throw TorchError(.legacyKey(key), offset: keysOffset)
      }
      storage.bytes = try bytes(of: storage, at: offset)
      offset += 8 + storage.byteCount
    }
    if let missing = object.storages.first(where: { waiting[ByteText($0.key)] != nil }) {
      throw TorchError(.storageMissing(key: missing.key), offset: missing.offset)
    }
    guard offset == region.byteCount else {
      throw TorchError(.trailingBytes(count: region.byteCount - offset), offset: offset)
    }
    try resolveViews(object)
  }

  private func bytes(
    of storage: PickleStorage, at offset: Int
  ) throws(TorchError) -> RegionStorage {
    guard let number = region.littleEndian(Int64.self, at: offset) else {
      throw TorchError(
        .storageTruncated(
          key: storage.key, needed: 8, available: region.byteCount - offset), offset: offset)
    }
    let count = Int(number)
    guard count == storage.elementCount else {
      let (found, overflows) = count.multipliedReportingOverflow(
        by: storage.storageClass.elementByteCount)
      throw TorchError(
        .storageByteCount(
          key: storage.key, declared: storage.byteCount, found: overflows ? .max : found),
        offset: offset)
    }
    guard let bytes = region.slice(offset: offset + 8, byteCount: storage.byteCount) else {
      throw TorchError(
        .storageTruncated(
          key: storage.key, needed: storage.byteCount,
          available: region.byteCount - offset - 8),
        offset: offset + 8)
    }
    return RegionStorage(bytes)
  }

  /// Parts of storages, which files from before 0.4 have, are within the storages just found.
  private func resolveViews(_ object: Pickle) throws(TorchError) {
    for storage in object.storages {
      guard let view = storage.view else { continue }
      guard let base = view.base.bytes as? RegionStorage,
        let part = base.bytes().slice(offset: view.byteOffset, byteCount: storage.byteCount)
      else { throw TorchError(.storageMissing(key: storage.key), offset: storage.offset) }
      storage.bytes = RegionStorage(part)
    }
  }
}
