/// How much a finding matters, the worst first.
public enum HealthSeverity: String, CaseIterable, Comparable, Sendable {
  /// The model cannot work.
  case error
  /// Something is probably wrong.
  case warning
  /// Good to know.
  case note

  /// Whether `left` matters more.
  public static func < (left: HealthSeverity, right: HealthSeverity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .note: 2
    }
  }
}
