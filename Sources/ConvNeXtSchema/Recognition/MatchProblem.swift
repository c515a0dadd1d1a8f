public import TensorModel

/// A way in which a file does not fit the model.
public enum MatchProblem: Equatable, Sendable {
  /// The model has a tensor that the file does not have. `nearest` is a tensor of the file with a
  /// similar name that fits nothing.
  case missing(name: TensorName, canonicalName: String, shape: [Int], nearest: TensorName?)
  /// The file has a tensor that the model does not have. `nearest` is a name that the model has.
  case extra(name: TensorName, shape: [Int], nearest: String?)
  /// A tensor's shape is not the model's, and differs by more than unit dimensions.
  case wrongShape(name: TensorName, canonicalName: String, expected: [Int], found: [Int])
  /// What the file has under a name of the model, or below one of its modules, is nothing whose
  /// elements can be read.
  case unreadable(name: TensorName, description: String)

  /// Whether a tensor is missing.
  public var isMissing: Bool { if case .missing = self { true } else { false } }

  /// Whether a tensor cannot be read.
  public var isUnreadable: Bool { if case .unreadable = self { true } else { false } }

  /// Whether a tensor is extra.
  public var isExtra: Bool { if case .extra = self { true } else { false } }
}
