/// How much of anything a file may ask for.
///
/// The defaults lie above what real checkpoints need and below what would hurt; `docs/limits.md`
/// explains each.
public struct Limits: Sendable {
  /// Bytes of a JSON header or index (the safetensors reference uses the same number).
  public var headerByteCount = 100_000_000
  /// Bytes of a configuration file of a model folder.
  public var configByteCount = 8 << 20
  /// Nested levels in JSON.
  public var jsonDepth = 64
  /// Tensors in a file.
  public var tensorCount = 1_000_000
  /// Dimensions of a tensor (PyTorch's own bound is 64).
  public var rank = 64
  /// Entries of a zip directory.
  public var zipEntryCount = 1_000_000
  /// Bytes of a pickle.
  public var pickleByteCount = 256 << 20
  /// Steps of a pickle: its opcodes.
  public var pickleValueCount = 50_000_000
  /// Nested levels of a pickle's values.
  public var pickleDepth = 200
  /// Bytes of a pickled integer.
  public var pickleIntegerByteCount = 1024
  /// Bytes of a line in a pickle's text opcodes, and of the name of a module or class.
  public var pickleLineByteCount = 1024
  /// Bytes that a deflated pickle may inflate to, as a multiple of its deflated bytes.
  public var pickleInflationRatio = 64
  /// Containers, tensors and objects that a pickle may make, as a multiple of the bytes of its
  /// file.
  public var pickleObjectRatio = 8
  /// What a pickle may come to by using its values again and again, as a multiple of the bytes of
  /// its file: values visited and bytes of the paths to tensors; and, counted by themselves, bytes
  /// of keys and what calls take over from their arguments.
  public var pickleRepetitionRatio = 64
  /// Bytes that deflated entries of one archive may inflate to.
  public var inflatedByteCount = 64 << 30
  /// Bytes that a strided or expanded tensor may take once written out, as a multiple of the
  /// bytes of its file.
  public var expansionRatio = 1024
  /// Bytes that the tensors of a file may take once written out, however small the file is.
  public var expansionFloorByteCount = 64 << 20
  /// Values in a pickle that are looked at while the paths to its tensors are listed. A value that
  /// occurs in several places counts each time.
  public var pickleVisitCount = 20_000_000
  /// Shards that an index may name.
  public var shardCount = 10_000

  /// The defaults.
  public init() {}

  /// The defaults, for callers that have nothing to change.
  public static let standard = Limits()
}
