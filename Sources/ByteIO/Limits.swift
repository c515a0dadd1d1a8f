/// How much of each resource a file may ask for.
///
/// The defaults are above what real checkpoints need and below what would hurt; `docs/limits.md`
/// explains each. A value outside a limit's range, `Name.range`, is clamped to it.
public struct Limits: Sendable {
  /// Bytes of a JSON header or index (the safetensors reference uses the same number).
  @Bounded public var headerByteCount = 100_000_000
  /// Bytes of a configuration file in a model folder.
  @Bounded public var configByteCount = 8 << 20
  /// Nested levels in JSON.
  @Bounded(Self.depths) public var jsonDepth = 64
  /// Tensors in a file.
  @Bounded public var tensorCount = 1_000_000
  /// Dimensions of a tensor (PyTorch's own bound is 64).
  @Bounded public var rank = 64
  /// Entries of a zip directory.
  @Bounded public var zipEntryCount = 1_000_000
  /// Bytes of a pickle.
  @Bounded public var pickleByteCount = 256 << 20
  /// Opcodes of a pickle.
  @Bounded public var pickleValueCount = 50_000_000
  /// Nested levels of a pickle's values.
  @Bounded(Self.depths) public var pickleDepth = 100
  /// Bytes of a pickled integer.
  @Bounded public var pickleIntegerByteCount = 1024
  /// Bytes of a line in a pickle's text opcodes, and of the name of a module or class.
  @Bounded public var pickleLineByteCount = 1024
  /// Bytes that a deflated pickle may inflate to, as a multiple of its deflated bytes.
  @Bounded public var pickleInflationRatio = 64
  /// Containers, tensors and objects that a pickle may make, as a multiple of the bytes of its
  /// file.
  @Bounded public var pickleObjectRatio = 8
  /// How much a pickle may produce by reusing its values, as a multiple of the bytes of its file.
  /// Values visited, bytes of the paths to tensors, and tensors at 512 each are counted together;
  /// bytes of keys and of names that are made of texts, and what calls copy from their arguments,
  /// are counted separately from those.
  @Bounded public var pickleRepetitionRatio = 64
  /// Bytes that deflated entries of one archive may inflate to.
  @Bounded public var inflatedByteCount = 64 << 30
  /// Bytes that a strided or expanded tensor may take once written out, as a multiple of the
  /// bytes of its file.
  @Bounded public var expansionRatio = 64
  /// Bytes that the tensors of a file may take once written out, however small the file is.
  @Bounded public var expansionFloorByteCount = 64 << 20
  /// Values in a pickle that may be visited while the paths to its tensors are listed. A value that
  /// occurs in several places counts each time.
  @Bounded public var pickleVisitCount = 20_000_000
  /// Shards that an index may name.
  @Bounded public var shardCount = 10_000

  /// How deep nesting may be. Nested values are read recursively, and each level takes some of the
  /// stack, which may be only half a megabyte in a thread.
  static let depths = 1...1000

  /// The defaults.
  public init() {}

  /// The defaults, for callers that have nothing to change.
  public static let standard = Limits()
}

extension Limits {
  /// A number that stays within a range, whatever it is set to.
  @propertyWrapper
  public struct Bounded: Sendable {
    private var value: Int
    private let range: ClosedRange<Int>

    /// Starts with a number, which must be in the range.
    public init(wrappedValue: Int, _ range: ClosedRange<Int> = 1...Int.max) {
      self.range = range
      value = wrappedValue
    }

    /// The number.
    public var wrappedValue: Int {
      get { value }
      set { value = min(max(newValue, range.lowerBound), range.upperBound) }
    }
  }
}
