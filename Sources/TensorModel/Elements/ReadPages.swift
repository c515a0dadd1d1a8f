import ByteIO

/// The pages of a mapped tensor that were read and are no longer needed. The system is told so
/// every now and then, and when the reader is gone.
final class ReadPages {
  private let source: ByteRegion
  private let batchByteCount: Int
  private let isReadAgain: Bool
  /// The start of the bytes that were read and not yet let go of.
  private var keptOffset = 0
  /// The end of the bytes that were read; if they are not read in order, all may be.
  private var offset: Int

  /// Starts before the first byte.
  ///
  /// - Parameters:
  ///   - source: The bytes that are read.
  ///   - batchByteCount: How many bytes are let go of at a time.
  ///   - isReadAgain: Whether the last bytes are kept because all will be read once more.
  ///   - isInOrder: Whether `pass` reports how far reading has come; otherwise everything is let go
  ///     of at the end.
  init(_ source: ByteRegion, batchByteCount: Int, isReadAgain: Bool, isInOrder: Bool = true) {
    self.source = source
    self.batchByteCount = batchByteCount
    self.isReadAgain = isReadAgain
    offset = isInOrder ? 0 : source.byteCount
  }

  deinit { if !isReadAgain { letGo() } }

  /// Records that everything before `offset` was read and is no longer used.
  func pass(_ offset: Int) {
    self.offset = max(self.offset, min(offset, source.byteCount))
    if self.offset - keptOffset >= batchByteCount { letGo() }
  }

  /// Records that everything was read.
  func passAll() { pass(source.byteCount) }

  private func letGo() {
    source.slice(offset: keptOffset, byteCount: offset - keptOffset)?.letGo()
    keptOffset = offset
  }
}
