import ByteIO

/// The pages of a mapped tensor that were read, and are not needed any more: the system is told so
/// every now and then, and when the reader is gone.
final class ReadPages {
  private let source: ByteRegion
  private let batchByteCount: Int
  private let isReadAgain: Bool
  /// Where the bytes begin that were read and not yet let go of.
  private var keptOffset = 0
  /// Where the bytes end that were read; all may be, where they are not read in order.
  private var offset: Int

  /// Starts in front of the first byte.
  ///
  /// - Parameters:
  ///   - source: The bytes that are read.
  ///   - batchByteCount: How many bytes are let go of at a time.
  ///   - isReadAgain: Whether the last bytes are kept, for all will be read once more.
  ///   - isInOrder: Whether `pass` tells how far reading came; otherwise all is let go of at the end.
  init(_ source: ByteRegion, batchByteCount: Int, isReadAgain: Bool, isInOrder: Bool = true) {
    self.source = source
    self.batchByteCount = batchByteCount
    self.isReadAgain = isReadAgain
    offset = isInOrder ? 0 : source.byteCount
  }

  deinit { if !isReadAgain { letGo() } }

  /// Notes that whatever lies before `offset` was read and is not used any more.
  func pass(_ offset: Int) {
    self.offset = max(self.offset, min(offset, source.byteCount))
    if self.offset - keptOffset >= batchByteCount { letGo() }
  }

  /// Notes that all was read.
  func passAll() { pass(source.byteCount) }

  private func letGo() {
    source.slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
    keptOffset = offset
  }
}
