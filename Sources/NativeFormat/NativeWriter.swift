public import ByteIO
public import TensorModel

/// Writes a `.convnext` file.
///
/// The same tensors and the same header always give the same bytes, on any number of threads.
public struct NativeWriter: Sendable {
  private let tensors: [Tensor]
  private let header: NativeHeader
  private let sourceDigest: (@Sendable () throws -> SHA256Digest)?
  private let dataOffset: Int
  private let dataByteCount: Int

  /// The size that the file will have.
  public var byteCount: Int { dataOffset + dataByteCount }

  /// Lays out a file.
  ///
  /// Throws `NativeError` where the result would not be a file that `NativeFile` opens: for two
  /// tensors with the same name, a number that JSON cannot represent, or sizes beyond the limits.
  ///
  /// - Parameters:
  ///   - header: What the file says about itself; its `tensors` are ignored and replaced.
  ///   - tensors: The tensors in the order in which they will be stored.
  ///   - quantizations: What the codes among them mean, by their names.
  ///   - sourceDigest: Computes the SHA-256 of the source file; it runs in parallel with the
  ///     writing. Without it, the header's own `source.sha256` is kept.
  public init(
    header: NativeHeader, tensors: [Tensor], quantizations: [TensorName: Quantization] = [:],
    sourceDigest: (@Sendable () throws -> SHA256Digest)? = nil, limits: Limits = .standard
  ) throws(NativeError) {
    self.tensors = tensors
    self.sourceDigest = sourceDigest
    var header = header
    header.tensors = try Self.entries(tensors, quantizations)
    if header.preprocessing == .null { header.preprocessing = nil }
    if sourceDigest != nil { header.source.sha256 = Self.pendingDigest }
    self.header = header

    // Digests have a fixed width, so the header's size is known before they are.
    let json = ByteRegion(copying: header.json.serialized().utf8)
    guard json.byteCount <= limits.headerByteCount else {
      throw .headerTooLarge(byteCount: json.byteCount, limit: limits.headerByteCount)
    }
    let readBack = try NativeHeader(parsing: json, limits: limits)
    guard readBack.preprocessing == header.preprocessing else {
      // All other values survive being written as JSON text and read back.
      throw .wrongValue(
        field: "preprocessing", expected: "without NaN and infinities", found: "one of them")
    }
    dataByteCount = try readBack.dataByteCount(limits: limits)
    _ = try readBack.quantizedPairs()
    let last = tensors.last?.name.string ?? ""
    guard let dataOffset = NativeLayout.dataOffset(headerByteCount: json.byteCount),
      !dataOffset.addingReportingOverflow(dataByteCount).overflow
    else { throw .tooLarge(tensor: last) }
    self.dataOffset = dataOffset
  }

  /// A placeholder for a digest that is not known yet.
  private static let pendingDigest = SHA256Digest(of: ByteRegion.empty)

  private static func entries(
    _ tensors: [Tensor], _ quantizations: [TensorName: Quantization]
  ) throws(NativeError) -> [NativeHeader.Entry] {
    var end = 0
    return try tensors.map { (tensor) throws(NativeError) in
      guard let start = NativeLayout.roundUp(end, to: NativeLayout.tensorAlignment) else {
        throw .tooLarge(tensor: tensor.name.string)
      }
      let (sum, overflows) = start.addingReportingOverflow(tensor.byteCount)
      if overflows { throw .tooLarge(tensor: tensor.name.string) }
      end = sum
      return NativeHeader.Entry(
        info: tensor.info, dataOffset: start, byteCount: tensor.byteCount, digest: pendingDigest,
        quantization: quantizations[tensor.name])
    }
  }

  /// Writes everything into `output`, which the caller commits.
  ///
  /// Tensors are hashed and written on all cores, a piece at a time. Throws `SystemError` where
  /// writing fails, and what the tensors' storages and the source's digest throw.
  ///
  /// - Returns: The header as written, with its digests.
  @discardableResult
  public func write(to output: OutputFile) throws -> NativeHeader {
    // The source's digest comes first, because it takes longest: it reads about as many bytes as
    // all tensors have.
    let firstTensor = sourceDigest == nil ? 0 : 1
    let byteCounts = [Int](repeating: dataByteCount, count: firstTensor) + tensors.map(\.byteCount)
    let digests = try concurrentMap(byteCounts: byteCounts) { index in
      if let sourceDigest, index == 0 { return try sourceDigest() }
      let tensor = index - firstTensor
      var hasher = SHA256Hasher()
      try output.write(
        tensors[tensor], at: dataOffset + header.tensors[tensor].dataOffset
      ) { hasher.update($0) }
      return hasher.digest()
    }
    var written = header
    if sourceDigest != nil { written.source.sha256 = digests.first }
    for index in tensors.indices {
      written.tensors[index].digest = digests[index + firstTensor]
    }
    try padBeforeEmptyTensors(output)
    let head = NativePreamble.head(
      json: Array(written.json.serialized().utf8), dataOffset: dataOffset, fileByteCount: byteCount)
    try output.write(ByteRegion(copying: head).bytes, at: 0)
    return written
  }

  /// Writes the padding before empty tensors at the end, which themselves write nothing; elsewhere,
  /// what is not written reads as zeros.
  private func padBeforeEmptyTensors(_ output: OutputFile) throws(SystemError) {
    let lastFilled = header.tensors.last { $0.byteCount > 0 }
    let end = lastFilled.map { $0.dataOffset + $0.byteCount } ?? 0
    let zeros = ByteRegion(copying: [UInt8](repeating: 0, count: dataByteCount - end))
    try output.write(zeros.bytes, at: dataOffset + end)
  }
}
