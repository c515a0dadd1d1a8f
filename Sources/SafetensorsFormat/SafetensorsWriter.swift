public import ByteIO
public import TensorModel

/// Writes a safetensors file, byte for byte as the reference implementation does.
///
/// Tensors are placed by element type, from the last of `safetensorsElementTypes` to the first, and
/// by name within a type, so that the data of wider types stay aligned. The header is padded with
/// spaces to a multiple of 8 bytes. Tensors that share storage are each written separately, because
/// the format cannot share.
public struct SafetensorsWriter: Sendable {
  /// The tensors in the order in which they are written.
  public let tensors: [Tensor]
  /// The size of the file.
  public let byteCount: Int

  /// The length, the JSON text and its padding.
  private let header: [UInt8]
  /// Where each tensor begins in the file.
  private let fileOffsets: [Int]

  /// Lays out a file; no element is read.
  ///
  /// Throws where a name or a metadata key occurs twice, a tensor is named `__metadata__`, an
  /// element type has no name in safetensors, or a reader could not accept the header.
  public init(
    tensors: [Tensor], metadata: [SafetensorsMetadataEntry] = []
  ) throws(SafetensorsError) {
    let ordered = try Self.inFileOrder(tensors)
    let offsets = try Self.dataOffsets(of: ordered)
    let text = try SafetensorsHeader.text(tensors: ordered, offsets: offsets, metadata: metadata)
    var header: [UInt8] = []
    header.appendLittleEndian(UInt64(text.count))
    header += text

    self.tensors = ordered
    self.header = header
    let (byteCount, overflows) = header.count.addingReportingOverflow(offsets[ordered.count])
    if overflows { throw .outputTooLarge }
    self.byteCount = byteCount
    fileOffsets = offsets.map { header.count + $0 }
  }

  /// Writes the file from its first byte, the tensors on all cores.
  ///
  /// Throws what the output or a tensor's storage throws.
  public func write(to output: OutputFile) throws {
    try output.write(header, at: 0)
    try concurrentForEach(byteCounts: tensors.map(\.byteCount)) { index in
      try output.write(tensors[index], at: fileOffsets[index])
    }
  }

  private static func inFileOrder(_ tensors: [Tensor]) throws(SafetensorsError) -> [Tensor] {
    var names: Set<TensorName> = []
    var ranked: [(rank: Int, tensor: Tensor)] = []
    for tensor in tensors {
      guard let rank = rankByElementType[tensor.elementType] else {
        throw .unsupportedElementType(tensor.name, tensor.elementType)
      }
      guard tensor.name != TensorName(SafetensorsHeader.metadataKey) else { throw .reservedName }
      guard names.insert(tensor.name).inserted else {
        throw .duplicateName(tensor.name, fileOffset: nil)
      }
      ranked.append((rank, tensor))
    }
    ranked.sort { ($1.rank, $0.tensor.name) < ($0.rank, $1.tensor.name) }
    return ranked.map(\.tensor)
  }

  /// Where each tensor begins in the data, followed by where the data ends.
  private static func dataOffsets(of tensors: [Tensor]) throws(SafetensorsError) -> [Int] {
    var offsets = [0]
    var next = 0
    for tensor in tensors {
      let (sum, overflows) = next.addingReportingOverflow(tensor.byteCount)
      if overflows { throw .outputTooLarge }
      next = sum
      offsets.append(next)
    }
    return offsets
  }
}
