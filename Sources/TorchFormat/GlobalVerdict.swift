/// What is made of a global that a pickle asks for. Nothing is ever looked up or called.
public enum GlobalVerdict: String, Sendable {
  /// What tensors and plain values are made of; built.
  case data
  /// Known and harmless; kept as a named value with its children.
  case inert
  /// Not known; refused unless unknown globals are skipped.
  case unknown
  /// Known to be able to do harm, or not even a name; always refused.
  case dangerous

  /// Whether it is known to do no harm: a file that asks for nothing else is read.
  public var isHarmless: Bool {
    switch self {
    case .data, .inert: true
    case .unknown, .dangerous: false
    }
  }
}
