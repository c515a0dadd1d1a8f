/// What went wrong, in the classes that a caller acts on.
///
/// The command maps each to an exit status; a library user can switch over it without knowing
/// which reader threw.
public enum FailureCategory: String, Sendable {
  /// The bytes break a rule of their format.
  case invalidInput
  /// The file is what it claims to be, but holds something that is not supported.
  case unsupported
  /// The input cannot be opened.
  case cannotOpen
  /// The output exists already, or cannot be created.
  case cannotCreate
  /// The caller asked for something that makes no sense.
  case usage
  /// Reading or writing failed partway.
  case inputOutput
}
