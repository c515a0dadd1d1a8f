public import ByteIO

/// Reads a tensor's elements as `Float` in row-major order, a block at a time, in constant memory.
///
/// Elements that are stored as F32 are returned in place, without a copy.
public struct FloatReader {
  /// How many elements are read at a time: 16 KiB of `Float`, which stays in a core's cache.
  public static let elementsPerBlock = 4096

  /// The elements of the last call of `next` as they are stored: contiguous and little-endian.
  public private(set) var storedBytes = ByteRegion.empty
  private var elements: ElementReader
  /// `nil` for F32, which is not converted.
  private let decoder: ElementDecoder?
  private let block: MemoryBlock

  /// Starts before a tensor's first element; `nil` for packed types.
  ///
  /// - Parameters:
  ///   - elementsPerBlock: How many elements `next` returns, except for the last time; at least 1.
  ///   - isReadAgain: Whether what was read last is kept in memory because it will be read once
  ///     more.
  /// - Throws: What the storage throws.
  public init?(
    _ tensor: Tensor, elementsPerBlock: Int = Self.elementsPerBlock, isReadAgain: Bool = false
  ) throws {
    guard let decoder = ElementDecoder(tensor.elementType) else { return nil }
    let isFloat = tensor.elementType == .float32
    self.decoder = isFloat ? nil : decoder
    elements = try ElementReader(
      tensor, elementsPerBlock: elementsPerBlock, isReadAgain: isReadAgain)
    let blockLength = min(elementsPerBlock, tensor.elementCount)
    block = try MemoryBlock(byteCount: isFloat ? 0 : 2 * blockLength * MemoryLayout<Float>.stride)
  }

  /// The next elements as F32, little-endian: one number per element, two for complex types; `nil`
  /// at the end. F64 and integers of 32 or more bits are rounded.
  ///
  /// The bytes are valid until `next` is called again.
  public mutating func next() -> ByteRegion? {
    guard let bytes = elements.next() else { return nil }
    storedBytes = bytes
    guard let decoder else { return bytes }
    var values = MutableSpan(_unsafeElements: block.bytes.bindMemory(to: Float.self))
    let count = decoder.decode(bytes.bytes, into: &values)
    return ByteRegion(block).slice(offset: 0, byteCount: count * MemoryLayout<Float>.stride)
  }
}
