public import ByteIO
public import TensorModel

/// A `.convnext` file, mapped into memory.
///
/// Opening reads and checks only the header, whatever the file's size; a tensor's pages are read
/// when its elements are touched.
public struct NativeFile: Sendable {
  /// What the file says about itself.
  public let header: NativeHeader
  /// The tensors in the order of their bytes.
  public let tensors: [Tensor]
  /// Where the data section begins.
  public let dataOffset: Int
  /// The header's digest, which covers everything before the data section, and through the tensors'
  /// digests all tensors. The bytes between them must be zero.
  public let headerDigest: SHA256Digest

  /// The tensors that are quantized, by name. Their codes and scales are among `tensors` too.
  public let quantizedTensors: [TensorName: QuantizedTensor]

  let region: ByteRegion
  private let indexByName: [TensorName: Int]

  /// Whether the bytes begin as a `.convnext` file does.
  public static func looksLike(_ region: ByteRegion) -> Bool { region.matches(NativeLayout.magic) }

  /// Whether the bytes nearly begin so: with all of the magic's bytes but at most two, or, if there
  /// are fewer bytes, with its first ones. The errors of a damaged file can then be reported.
  public static func nearlyLooksLike(_ region: ByteRegion) -> Bool {
    let magic = NativeLayout.magic
    let count = min(region.byteCount, magic.count)
    let equal = (0..<count).count { region[$0] == magic[$0] }
    return count > 0 && (count == magic.count ? equal >= magic.count - 2 : equal == count)
  }

  /// Maps a file and checks its header.
  ///
  /// Throws `SystemError` where it cannot be mapped, and `NativeError` where it breaks a rule.
  public init(path: String, limits: Limits = .standard) throws {
    try self.init(FileMapping(path: path).region, limits: limits)
  }

  /// Checks the header of a file that is already mapped.
  ///
  /// Elements are read in place if `region` begins at an address that is a multiple of 64, as a
  /// mapped file does.
  ///
  /// Throws `NativeError` for the first rule that the file breaks.
  public init(_ region: ByteRegion, limits: Limits = .standard) throws(NativeError) {
    let preamble = try NativePreamble(region, limits: limits)
    header = try NativeHeader(parsing: preamble.json, limits: limits)
    dataOffset = preamble.dataOffset
    headerDigest = preamble.digest
    self.region = region
    let tensors = try Self.tensors(
      of: header, in: region, at: preamble.dataOffset, limits: limits)
    self.tensors = tensors
    let pairs = try header.quantizedPairs()
    do {
      quantizedTensors = try QuantizedTensor.byName(pairs, of: tensors)
    } catch {
      throw .quantization(error)
    }
    indexByName = Dictionary(
      tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func tensors(
    of header: NativeHeader, in region: ByteRegion, at dataOffset: Int, limits: Limits
  ) throws(NativeError) -> [Tensor] {
    let needed = try header.dataByteCount(limits: limits)
    let available = region.byteCount - dataOffset
    guard needed >= available else {
      throw .trailingBytes(fileOffset: dataOffset + needed, byteCount: available - needed)
    }
    let data = region.slice(offset: dataOffset, byteCount: available) ?? .empty
    return try header.tensors.map { (entry) throws(NativeError) in
      let name = entry.info.name.string
      guard let bytes = data.slice(offset: entry.dataOffset, byteCount: entry.byteCount) else {
        throw .pastEnd(
          tensor: name, end: entry.dataOffset + entry.byteCount, available: available)
      }
      do {
        return try Tensor(
          name: entry.info.name, elementType: entry.info.elementType, shape: entry.info.shape,
          storage: RegionStorage(bytes))
      } catch {
        throw .wrongByteCount(tensor: name, expected: nil, found: entry.byteCount)
      }
    }
  }

  /// The tensor with a name, or `nil`; for a quantized one, its codes.
  public func tensor(named name: TensorName) -> Tensor? {
    indexByName[name].map { tensors[$0] }
  }
}
