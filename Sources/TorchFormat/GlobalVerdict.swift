/// How a global that a pickle asks for is judged. Nothing is ever looked up or called.
public enum GlobalVerdict: String, Sendable {
  /// Used to make tensors and plain values; these are built.
  case data
  /// Known and harmless; kept as a named value with its children.
  case inert
  /// Not known; refused unless unknown globals are skipped.
  case unknown
  /// Known to be capable of harm, or not even a name; always refused.
  case dangerous

  /// Whether it is known to do no harm: a file that asks for nothing else is read.
  public var isHarmless: Bool {
    switch self {
    case .data, .inert: true
    case .unknown, .dangerous: false
    }
  }
}
