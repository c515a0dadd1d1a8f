public import ByteIO
public import TensorModel

/// A safetensors file: a JSON header, and the bytes of its tensors.
///
/// The rules are those of the reference implementation (github.com/huggingface/safetensors,
/// `SafeTensors::read_metadata` and `Metadata::validate`), checked in its order. What it accepts is
/// accepted, with these exceptions: names, metadata keys and fields that occur twice (its README
/// forbids them, its code keeps the last), entries written as arrays and types written as objects
/// (its JSON library allows them, no writer makes them), shapes without elements that have
/// a dimension beyond 2^63-1, and what exceeds `Limits`.
public struct SafetensorsFile: Sendable {
  /// The tensors in the order of their bytes. None of those bytes has been read.
  public let tensors: [Tensor]
  /// The entries of `__metadata__`, in the order of the header.
  public let metadata: [SafetensorsMetadataEntry]
  /// The length of the JSON text, padding included; the first tensor's bytes begin 8 bytes further
  /// on in the file.
  public let headerByteCount: Int

  /// Bytes of the number before the header, which is the header's length.
  static let lengthByteCount = 8

  /// Reads the header of a file, given as the region of all its bytes.
  ///
  /// Throws for the first rule that is broken. The cost grows with the header, not with the data.
  public init(_ region: ByteRegion, limits: Limits = .standard) throws(SafetensorsError) {
    let text = try Self.headerText(of: region, limits: limits)
    let header = try SafetensorsHeader(
      parsing: text, fileOffset: Self.lengthByteCount, limits: limits)
    let dataOffset = Self.lengthByteCount + text.byteCount
    let entries = try header.entriesInDataOrder(
      dataOffset: dataOffset, fileByteCount: region.byteCount)

    var tensors: [Tensor] = []
    tensors.reserveCapacity(entries.count)
    for entry in entries {
      tensors.append(try entry.tensor(in: region, dataOffset: dataOffset))
    }
    self.tensors = tensors
    metadata = header.metadata
    headerByteCount = text.byteCount
  }

  /// Whether a file can only be meant as safetensors: its first 8 bytes are the length of a header
  /// that is within the file and begins with a brace. Errors after that are left to `init`.
  public static func looksLike(_ region: ByteRegion) -> Bool {
    guard let length = region.littleEndian(UInt64.self, at: 0),
      length <= Limits.standard.headerByteCount,
      let text = region.slice(offset: lengthByteCount, byteCount: Int(length))
    else { return false }
    var scanner = JSONScanner(text)
    return scanner.peek() == UInt8(ascii: "{")
  }

  private static func headerText(
    of region: ByteRegion, limits: Limits
  ) throws(SafetensorsError) -> ByteRegion {
    guard let length = region.littleEndian(UInt64.self, at: 0) else {
      throw .headerTooSmall(fileByteCount: region.byteCount)
    }
    guard let byteCount = Int(exactly: length), byteCount <= limits.headerByteCount else {
      throw .headerTooLarge(byteCount: length, limit: limits.headerByteCount)
    }
    guard let text = region.slice(offset: lengthByteCount, byteCount: byteCount) else {
      throw .headerPastEnd(headerByteCount: byteCount, fileByteCount: region.byteCount)
    }
    if let offset = text.invalidUTF8Offset {
      throw .headerNotUTF8(fileOffset: lengthByteCount + offset)
    }
    return text
  }
}
