public import TensorModel

/// The tensors that a user wants to see, in the order that the user wants.
public struct TensorListing: Sendable {
  /// The tensors that are left, in order.
  public let rows: [Row]
  /// How many tensors there were to choose from.
  public let totalCount: Int

  /// A tensor, and its statistics if they were asked for.
  public struct Row: Sendable {
    /// The tensor.
    public let tensor: Tensor
    /// Its statistics; `nil` if they were not asked for, and for complex and packed types.
    public let statistics: TensorStatistics?
  }

  /// What tensors are ordered by. Names and minima are ascending, everything else is descending;
  /// equal ones stay in the file's order, and those without a figure come last.
  public enum Order: String, CaseIterable, Sendable {
    case name, bytes, elements, min, max, mean, std

    /// Whether the tensors' elements have to be read.
    public var needsStatistics: Bool {
      switch self {
      case .name, .bytes, .elements: false
      case .min, .max, .mean, .std: true
      }
    }
  }

  /// Chooses tensors.
  ///
  /// - Parameters:
  ///   - tensors: All tensors, in the file's order.
  ///   - glob: What their names must match; `nil` for any name.
  ///   - order: What they are ordered by; `nil` for the file's order.
  ///   - top: How many of the first are kept; `nil` for all.
  ///   - hasStatistics: Whether rows have statistics, for which elements are read.
  /// - Throws: What the storages throw, if elements are read.
  public init(
    _ tensors: [Tensor], matching glob: NameGlob? = nil, orderedBy order: Order? = nil,
    top: Int? = nil, hasStatistics: Bool = false
  ) throws {
    let top = top.map { max(0, $0) }
    totalCount = tensors.count
    var chosen = tensors.filter { glob?.matches($0.name) ?? true }
    if let order, order.needsStatistics {
      let statistics = try TensorStatistics.each(of: chosen)
      let rows = zip(chosen, statistics).map { Row(tensor: $0, statistics: $1) }
      self.rows = Array(Self.sorted(rows, by: order).prefix(top ?? .max))
      return
    }
    if let order { chosen = Self.sorted(chosen, by: order) }
    chosen = Array(chosen.prefix(top ?? .max))
    let statistics = hasStatistics ? try TensorStatistics.each(of: chosen) : []
    rows = chosen.enumerated().map { index, tensor in
      Row(tensor: tensor, statistics: hasStatistics ? statistics[index] : nil)
    }
  }

  private static func sorted(_ tensors: [Tensor], by order: Order) -> [Tensor] {
    // The standard library's sort keeps the order of equal elements.
    switch order {
    case .name: tensors.sorted { $0.name < $1.name }
    case .bytes: tensors.sorted { $0.byteCount > $1.byteCount }
    case .elements: tensors.sorted { $0.elementCount > $1.elementCount }
    case .min, .max, .mean, .std: tensors
    }
  }

  private static func sorted(_ rows: [Row], by order: Order) -> [Row] {
    func key(_ row: Row) -> Double {
      let statistics = row.statistics
      let figure: Double? =
        switch order {
        case .min: statistics?.minimum.map { -$0 }
        case .max: statistics?.maximum
        case .mean: statistics?.mean
        case .std: statistics?.standardDeviation
        case .name, .bytes, .elements: nil
        }
      // A mean or deviation beyond the largest number may be NaN.
      return figure.map { $0.isNaN ? .infinity : $0 } ?? -.infinity
    }
    return rows.map { (key: key($0), row: $0) }.sorted { $0.key > $1.key }.map(\.row)
  }
}
