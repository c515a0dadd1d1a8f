public import ByteIO
public import TensorModel

/// Writes a `.convnext` file.
///
/// The same tensors and the same header always give the same bytes, on any number of threads.
public struct NativeWriter: Sendable {
  private let tensors: [Tensor]
  private let header: NativeHeader
  private let dataOffset: Int
  /// The size that the file will have.
  public let byteCount: Int

  /// Lays out a file.
  ///
  /// - Parameters:
  ///   - header: What the file says of itself; its `tensors` are ignored and made anew.
  ///   - tensors: The tensors in the order in which they will lie.
  ///   - hasSourceDigest: Whether `write` will be given the source's digest, for which room is left.
  public init(header: NativeHeader, tensors: [Tensor], hasSourceDigest: Bool) {
    self.tensors = tensors
    var header = header
    var offset = 0
    var end = 0
    header.tensors = tensors.map { tensor in
      let entry = NativeHeader.Entry(
        info: tensor.info, dataOffset: offset, byteCount: tensor.byteCount, digest: Self.noDigest)
      end = offset + tensor.byteCount
      offset = end + (NativeLayout.tensorAlignment - 1)
      offset -= offset % NativeLayout.tensorAlignment
      return entry
    }
    if hasSourceDigest { header.source.sha256 = Self.noDigest }
    self.header = header
    // Digests have a fixed width, so the header's size is known before they are.
    let headerByteCount = header.json.serialized().utf8.count
    let contentStart = NativeLayout.preambleByteCount + headerByteCount
    dataOffset =
      (contentStart + NativeLayout.pageByteCount - 1) / NativeLayout.pageByteCount
      * NativeLayout.pageByteCount
    byteCount = dataOffset + end
  }

  private static let noDigest = SHA256Digest(of: ByteRegion.empty)

  /// Writes everything into `output`, which the caller commits.
  ///
  /// Tensors are hashed and written on all cores, a piece at a time.
  ///
  /// - Parameter sourceDigest: Computes the SHA-256 of the source file; it runs beside the writing.
  /// - Returns: The header as written, with its digests.
  @discardableResult
  public func write(
    to output: OutputFile, sourceDigest: (@Sendable () throws -> SHA256Digest)? = nil
  ) throws -> NativeHeader {
    // The source's digest goes first, for it takes longest.
    let firstTensor = sourceDigest == nil ? 0 : 1
    let digests = try concurrentMap(count: tensors.count + firstTensor) { index in
      guard index >= firstTensor else { return try sourceDigest?() ?? Self.noDigest }
      let tensor = index - firstTensor
      var hasher = SHA256Hasher()
      try output.write(
        tensors[tensor], at: dataOffset + header.tensors[tensor].dataOffset
      ) { hasher.update($0) }
      return hasher.digest()
    }
    var written = header
    if firstTensor == 1 { written.source.sha256 = digests[0] }
    for index in tensors.indices {
      written.tensors[index].digest = digests[index + firstTensor]
    }
    try output.write(head(written).bytes, at: 0)
    return written
  }

  /// Everything before the data section.
  private func head(_ header: NativeHeader) -> ByteRegion {
    let json = Array(header.json.serialized().utf8)
    var bytes = NativeLayout.magic
    bytes.appendLittleEndian(NativeLayout.version)
    bytes.appendLittleEndian(UInt32(0))
    bytes.appendLittleEndian(UInt64(json.count))
    bytes.appendLittleEndian(UInt64(dataOffset))
    bytes.appendLittleEndian(UInt64(byteCount))
    bytes += [UInt8](repeating: 0, count: NativeLayout.preambleByteCount - bytes.count)
    bytes += json
    bytes += [UInt8](repeating: 0, count: dataOffset - bytes.count)
    let digest = NativeLayout.headerDigest(of: ByteRegion(copying: bytes))
    let place = NativeLayout.digestOffset..<NativeLayout.digestOffset + SHA256Digest.byteCount
    bytes.replaceSubrange(place, with: digest.bytes)
    return ByteRegion(copying: bytes)
  }
}
