/// The system has no memory for a block of some size.
public struct MemoryError: CheckpointError, Equatable {
  /// How many bytes were asked for.
  public let byteCount: Int

  /// An error for a block of `byteCount` bytes.
  public init(byteCount: Int) { self.byteCount = byteCount }

  /// The file may be sound; this system cannot hold what it asks for.
  public var category: FailureCategory { .inputOutput }

  /// `no-memory`.
  public var rule: String { "no-memory" }

  /// Says how much memory was asked for.
  public var message: String { "there is no memory for \(readableByteCount(byteCount))" }
}
