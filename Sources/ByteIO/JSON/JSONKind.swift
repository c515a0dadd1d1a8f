/// What a JSON value is.
public enum JSONKind: String, Sendable {
  case object, array, string, number, bool, null
}

extension JSONKind: CustomStringConvertible {
  /// The kind with its article, for sentences.
  public var description: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "a truth value"
    case .null: "null"
    }
  }
}
