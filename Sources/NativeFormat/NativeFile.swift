public import ByteIO
public import TensorModel

/// A `.convnext` file, mapped into memory.
///
/// Opening reads and checks the header only, whatever the file's size; the page of a tensor is
/// read when its elements are touched.
public struct NativeFile: Sendable {
  /// What the file says of itself.
  public let header: NativeHeader
  /// The tensors in the order of their bytes.
  public let tensors: [Tensor]
  /// Where the data section begins.
  public let dataOffset: Int
  /// The header's digest, which covers everything before the data section, and through the
  /// tensors' digests everything behind it.
  public let headerDigest: SHA256Digest

  let region: ByteRegion
  private let indexByName: [TensorName: Int]

  /// Whether the bytes begin as a `.convnext` file does.
  public static func looksLike(_ region: ByteRegion) -> Bool { region.matches(NativeLayout.magic) }

  /// Maps a file and checks its header.
  ///
  /// Throws `SystemError` or `NativeError`.
  public init(path: String) throws {
    try self.init(FileMapping(path: path).region)
  }

  /// Checks the header of a file that is already mapped.
  public init(_ region: ByteRegion, limits: Limits = .standard) throws(NativeError) {
    let preamble = try Preamble(region)
    let json: JSONValue
    do {
      json = try JSONValue(parsing: preamble.json, limits: limits)
    } catch {
      throw .invalidJSON(error)
    }
    header = try NativeHeader(json)
    dataOffset = preamble.dataOffset
    headerDigest = preamble.digest
    self.region = region
    tensors = try Self.tensors(of: header, in: region, dataOffset: preamble.dataOffset)
    var indexByName: [TensorName: Int] = [:]
    for (index, tensor) in tensors.enumerated() {
      guard indexByName.updateValue(index, forKey: tensor.name) == nil else {
        throw .duplicateName(tensor: tensor.name.string)
      }
    }
    self.indexByName = indexByName
  }

  private static func tensors(
    of header: NativeHeader, in region: ByteRegion, dataOffset: Int
  ) throws(NativeError) -> [Tensor] {
    var tensors: [Tensor] = []
    var expected = 0
    var end = 0
    for entry in header.tensors {
      let name = entry.info.name.string
      let count = elementCount(of: entry.info.shape)
      let byteCount = count.flatMap { entry.info.elementType.byteCount(elementCount: $0) }
      guard byteCount == entry.byteCount else {
        throw .wrongByteCount(tensor: name, expected: byteCount, found: entry.byteCount)
      }
      guard entry.dataOffset == expected,
        let bytes = region.slice(
          offset: dataOffset + entry.dataOffset, byteCount: entry.byteCount)
      else { throw .badOffset(tensor: name, offset: entry.dataOffset, expected: expected) }
      end = expected + entry.byteCount
      expected = NativeLayout.roundUp(end, to: NativeLayout.tensorAlignment) ?? .max
      do {
        tensors.append(
          try Tensor(
            name: entry.info.name, elementType: entry.info.elementType, shape: entry.info.shape,
            storage: RegionStorage(bytes)))
      } catch {
        throw .wrongByteCount(tensor: name, expected: nil, found: entry.byteCount)
      }
    }
    guard dataOffset + end == region.byteCount else {
      throw .wrongSize(declared: UInt64(dataOffset + end), found: region.byteCount)
    }
    return tensors
  }

  /// The tensor with a name, or `nil`.
  public func tensor(named name: TensorName) -> Tensor? {
    indexByName[name].map { tensors[$0] }
  }
}

/// The first 128 bytes, checked.
private struct Preamble {
  let json: ByteRegion
  let dataOffset: Int
  let digest: SHA256Digest

  init(_ region: ByteRegion) throws(NativeError) {
    let needed = NativeLayout.preambleByteCount
    guard region.matches(NativeLayout.magic) else {
      if region.byteCount < needed && NativeLayout.magic.starts(with: region.array.prefix(8)) {
        throw .tooShort(needed: needed, found: region.byteCount)
      }
      throw .badMagic
    }
    guard let preamble = region.slice(offset: 0, byteCount: needed) else {
      throw .tooShort(needed: needed, found: region.byteCount)
    }
    let (version, headerByteCount, dataOffset, fileByteCount) = preamble.withUnsafeBytes { bytes in
      let number = { (offset: Int) in
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      return (
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)), number(16),
        number(24), number(32)
      )
    }
    guard version == NativeLayout.version else { throw .unknownVersion(found: version) }
    let reserved = Array(12..<16) + Array(72..<needed)
    if let offset = reserved.first(where: { preamble[$0] != 0 }) {
      throw .reservedNotZero(offset: offset)
    }
    guard fileByteCount == region.byteCount else {
      throw .wrongSize(declared: fileByteCount, found: region.byteCount)
    }
    guard let headerCount = Int(exactly: headerByteCount), let offset = Int(exactly: dataOffset),
      let json = region.slice(offset: needed, byteCount: headerCount),
      let head = region.slice(offset: 0, byteCount: offset),
      offset == NativeLayout.roundUp(needed + headerCount, to: NativeLayout.pageByteCount),
      let declared = preamble.slice(
        offset: NativeLayout.digestOffset, byteCount: SHA256Digest.byteCount),
      let digest = SHA256Digest(bytes: declared.array)
    else { throw .badSections(headerByteCount: headerByteCount, dataOffset: dataOffset) }
    let computed = NativeLayout.headerDigest(of: head)
    guard digest == computed else { throw .headerDigest(declared: digest, computed: computed) }
    self.json = json
    self.dataOffset = offset
    self.digest = digest
  }
}
