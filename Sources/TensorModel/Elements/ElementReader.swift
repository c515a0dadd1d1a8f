public import ByteIO

/// Reads a tensor's elements in row-major order, a block at a time, in constant memory.
///
/// Where `forEachChunk` hands chunks over, this one is asked for them, so that two tensors can be
/// read side by side.
public struct ElementReader {
  private let plain: ByteRegion?
  private var gather: ElementGather?
  private let block: MemoryBlock
  private let blockByteCount: Int
  private let isReadAgain: Bool
  private var offset = 0
  /// Where the bytes begin that were read and not yet let go of.
  private var keptOffset = 0

  /// Starts at a tensor's first element.
  ///
  /// - Parameters:
  ///   - elementsPerBlock: How many elements `next` gives at most, a multiple of 8.
  ///   - isReadAgain: Whether what was read last is kept in memory, for it will be read once more.
  /// - Throws: What the storage throws.
  public init(_ tensor: Tensor, elementsPerBlock: Int, isReadAgain: Bool = false) throws {
    self.isReadAgain = isReadAgain
    blockByteCount = elementsPerBlock * tensor.elementType.bitWidth / 8
    plain = try tensor.plainBytes()
    gather = plain == nil ? ElementGather(tensor, source: try tensor.storage.checkedBytes()) : nil
    // No more than there are elements: a row may be a whole tensor, and the storage be refused.
    block = try MemoryBlock(byteCount: plain == nil ? min(blockByteCount, tensor.byteCount) : 0)
  }

  /// The next elements, contiguous and little-endian; `nil` at the end.
  ///
  /// The bytes are good until `next` is called again.
  public mutating func next() -> ByteRegion? {
    if let plain {
      let count = min(blockByteCount, plain.byteCount - offset)
      let isEnd = count == 0 && !isReadAgain
      // A comparison has two readers at work on each core, and all keep as much.
      let keptLimit = isReadAgain ? ByteRegion.batchByteCount : 2 * ByteRegion.pieceByteCount
      if isEnd || offset - keptOffset >= keptLimit {
        plain.slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
        keptOffset = offset
      }
      guard count > 0, let bytes = plain.slice(offset: offset, byteCount: count) else { return nil }
      offset += count
      return bytes
    }
    guard let count = gather?.fill(block.bytes) else { return nil }
    return ByteRegion(block).slice(offset: 0, byteCount: count)
  }
}
