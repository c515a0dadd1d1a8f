import ByteIO

extension PickleMachine {
  /// The longest key: keys are addresses and numbers, with at most a word before them.
  private static let keyByteCount = 64

  /// BINPERSID: `("storage", class, key, location, count[, view])`. The location is where PyTorch
  /// would put the bytes, and means nothing here, unless it is the device without data.
  mutating func pushStorage(_ opcode: PickleOpcode) throws(TorchError) {
    let id = try pop(for: opcode)
    guard case .tuple(let id) = id else { throw unexpected("a tuple, found \(id.kind)") }
    guard case .text(let tag)? = id.items.first else { throw unexpected("a text first") }
    if tag.hasBytes(of: "module"), storageForm == .legacy, id.items.count == 4 {
      // A class with its source code; only the class's name is of interest.
      guard case .global = id.items[1] else {
        throw unexpected("a class with its source, found \(id.items[1].kind)")
      }
      return push(id.items[1])
    }
    guard tag.hasBytes(of: "storage") else { throw unexpected("'storage' first") }
    switch storageForm {
    case .none: throw unexpected("no persistent ids in this pickle")
    case .zip:
      guard id.items.count == 5 else { throw unexpected("5 parts, found \(id.items.count)") }
      push(.storage(try storage(id.items)))
    case .legacy:
      guard id.items.count == 6 else { throw unexpected("6 parts, found \(id.items.count)") }
      push(.storage(try view(id.items[5], of: try storage(id.items))))
    }
  }

  private func unexpected(_ expected: String) -> TorchError {
    error(.persistentID(expected: expected))
  }

  private mutating func storage(_ parts: [PickleValue]) throws(TorchError) -> PickleStorage {
    guard case .global(let global) = parts[1], case .storageClass(let storageClass) = global.meaning
    else { throw unexpected("a storage class, found \(parts[1].kind)") }
    guard case .text(let key) = parts[2] else { throw unexpected("a text as the key") }
    if case .text(let location) = parts[3], location.hasBytes(of: "meta") {
      throw unexpected("a device with data, found 'meta', where PyTorch leaves the bytes out")
    }
    guard case .integer(let elementCount) = parts[4], elementCount >= 0 else {
      throw unexpected("a whole number from 0 as the count")
    }
    return try storage(key, storageClass, elementCount: elementCount, view: nil)
  }

  private mutating func storage(
    _ key: String, _ storageClass: StorageClass, elementCount: Int, view: PickleStorage.View?
  ) throws(TorchError) -> PickleStorage {
    // Checked before any look-up: `String` treats some other characters as equal to letters.
    guard isKey(key) else { throw error(.storageKey(key)) }
    if let known = storages[key] {
      guard known.storageClass == storageClass, known.elementCount == elementCount,
        known.view?.base === view?.base, known.view?.byteOffset == view?.byteOffset
      else { throw error(.storageConflict(key: key)) }
      return known
    }
    let (byteCount, overflows) = elementCount.multipliedReportingOverflow(
      by: storageClass.elementByteCount)
    guard !overflows else {
      throw error(.storageTooLarge(key: key, elementCount: elementCount))
    }
    let storage = arena.keep(
      PickleStorage(
        key: key, storageClass: storageClass, elementCount: elementCount, byteCount: byteCount,
        offset: opcodeOffset, view: view))
    storages.add(storage)
    return storage
  }

  /// The part of a storage that the sixth part of an id describes: None, or
  /// `(key, offset, count)` in elements.
  private mutating func view(
    _ value: PickleValue, of base: PickleStorage
  ) throws(TorchError) -> PickleStorage {
    if case .none = value { return base }
    guard let parts = items(of: value), parts.count == 3, case .text(let key) = parts[0],
      case .integer(let offset) = parts[1], case .integer(let count) = parts[2]
    else { throw unexpected("None, or the key, offset and count of a view") }
    guard base.view == nil, offset >= 0, count >= 0, offset <= base.elementCount,
      count <= base.elementCount - offset
    else { throw unexpected("a view within its storage") }
    let byteOffset = offset * base.storageClass.elementByteCount
    return try storage(
      key, base.storageClass, elementCount: count,
      view: PickleStorage.View(base: base, byteOffset: byteOffset))
  }

  private func isKey(_ key: String) -> Bool {
    (1...Self.keyByteCount).contains(key.utf8.count) && key.utf8.allSatisfy(\.isASCIIWord)
  }
}
