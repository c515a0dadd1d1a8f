public import ByteIO

/// Reads a tensor's elements in row-major order, a block at a time, in constant memory.
///
/// Unlike `forEachChunk`, it is asked for each block, so that two tensors can be read side by side.
public struct ElementReader {
  private let plain: ByteRegion?
  private var gather: ElementGather?
  private let pieces: (any StoragePieces)?
  /// What is left of the last piece.
  private var rest = ByteRegion.empty
  private let block: MemoryBlock
  private let blockByteCount: Int
  private let pages: ReadPages?
  private var offset = 0

  /// Starts at a tensor's first element.
  ///
  /// - Parameters:
  ///   - elementsPerBlock: How many elements `next` returns at most: at least 1, and a multiple of
  ///     8 for types of less than a byte.
  ///   - isReadAgain: Whether what was read last is kept in memory because it will be read once
  ///     more.
  /// - Throws: What the storage throws.
  public init(_ tensor: Tensor, elementsPerBlock: Int, isReadAgain: Bool = false) throws {
    precondition(elementsPerBlock > 0, "a block has elements")
    // No more than there are, so that their byte count does not overflow.
    let blockLength = min(elementsPerBlock, tensor.elementCount)
    blockByteCount =
      tensor.elementType.byteWidth.map { blockLength * $0 }
      ?? blockLength * tensor.elementType.bitWidth / 8
    pieces = tensor.isWholeStorage ? try tensor.storage.pieces() : nil
    plain = pieces == nil ? try tensor.plainBytes() : nil
    pages = plain.map {
      // A comparison has two readers at work on each core, and each of them keeps this much.
      ReadPages(
        $0,
        batchByteCount: isReadAgain ? ByteRegion.batchByteCount : 2 * ByteRegion.pieceByteCount,
        isReadAgain: isReadAgain)
    }
    gather =
      plain == nil && pieces == nil
      ? ElementGather(
        tensor, source: try tensor.storage.checkedBytes(), isReadAgain: isReadAgain) : nil
    block = try MemoryBlock(byteCount: plain == nil ? blockByteCount : 0)
  }

  /// The next elements, contiguous and little-endian; `nil` at the end.
  ///
  /// The bytes are valid until `next` is called again.
  public mutating func next() -> ByteRegion? {
    if let plain {
      pages?.pass(offset)
      let count = min(blockByteCount, plain.byteCount - offset)
      guard count > 0, let bytes = plain.slice(offset: offset, byteCount: count) else { return nil }
      offset += count
      return bytes
    }
    guard let count = pieces == nil ? gather?.fill(block.bytes) : fillFromPieces() else {
      return nil
    }
    return ByteRegion(block).slice(offset: 0, byteCount: count)
  }

  /// Fills the block from as many pieces as needed; returns the byte count, or `nil` at the end.
  private mutating func fillFromPieces() -> Int? {
    var filled = 0
    while filled < block.bytes.count {
      if rest.byteCount == 0 {
        guard let piece = pieces?.next() else { break }
        rest = piece
      }
      let count = min(rest.byteCount, block.bytes.count - filled)
      rest.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(rebasing: block.bytes[filled...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      rest = rest.slice(offset: count, byteCount: rest.byteCount - count) ?? .empty
      filled += count
    }
    return filled == 0 ? nil : filled
  }
}
