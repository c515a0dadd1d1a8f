extension Limits {
  /// The name of a limit, which is that of its property.
  public enum Name: String, CaseIterable, Sendable {
    case headerByteCount, configByteCount, jsonDepth, tensorCount, rank, zipEntryCount
    case pickleByteCount, pickleValueCount, pickleDepth, pickleIntegerByteCount
    case pickleLineByteCount, pickleInflationRatio, pickleObjectRatio, pickleRepetitionRatio
    case inflatedByteCount, expansionRatio, expansionFloorByteCount, pickleVisitCount, shardCount

    /// The values that a limit can be set to.
    public var range: ClosedRange<Int> {
      switch self {
      case .jsonDepth, .pickleDepth: Limits.depths
      default: 1...Int.max
      }
    }

    /// What an error says about the limit that a file exceeds.
    public var hint: String {
      "--limit \(rawValue)=NUMBER raises this limit, for files that you trust"
    }

    fileprivate var property: WritableKeyPath<Limits, Int> {
      switch self {
      case .headerByteCount: \.headerByteCount
      case .configByteCount: \.configByteCount
      case .jsonDepth: \.jsonDepth
      case .tensorCount: \.tensorCount
      case .rank: \.rank
      case .zipEntryCount: \.zipEntryCount
      case .pickleByteCount: \.pickleByteCount
      case .pickleValueCount: \.pickleValueCount
      case .pickleDepth: \.pickleDepth
      case .pickleIntegerByteCount: \.pickleIntegerByteCount
      case .pickleLineByteCount: \.pickleLineByteCount
      case .pickleInflationRatio: \.pickleInflationRatio
      case .pickleObjectRatio: \.pickleObjectRatio
      case .pickleRepetitionRatio: \.pickleRepetitionRatio
      case .inflatedByteCount: \.inflatedByteCount
      case .expansionRatio: \.expansionRatio
      case .expansionFloorByteCount: \.expansionFloorByteCount
      case .pickleVisitCount: \.pickleVisitCount
      case .shardCount: \.shardCount
      }
    }
  }

  /// The limit with the given name.
  public subscript(name: Name) -> Int {
    get { self[keyPath: name.property] }
    set { self[keyPath: name.property] = newValue }
  }

  /// A budget in proportion to the bytes of a file: `ratio` times the bytes, at most `Int.max`, and
  /// never below `floor`.
  public static func budget(ratio: Int, byteCount: Int, floor: Int) -> Int {
    let (product, overflows) = byteCount.multipliedReportingOverflow(by: ratio)
    return max(overflows ? .max : product, floor)
  }
}
