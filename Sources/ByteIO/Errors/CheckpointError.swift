/// An error of a reader, of the schema or of the system, as values.
///
/// Each module has error types of its own with a case per broken rule, and their sentences in an
/// extension; this protocol is how the rest of the program speaks of all of them.
public protocol CheckpointError: Error, Sendable, CustomStringConvertible {
  /// The class of the failure.
  var category: FailureCategory { get }
  /// The broken rule's stable name, in kebab case: `header-too-large`.
  var rule: String { get }
  /// What was expected and what was found, in one sentence without a full stop.
  var message: String { get }
  /// Where it was found.
  var place: ErrorPlace { get }
  /// What the user of the command can do next, in one sentence and by its options; `nil` when there
  /// is nothing to suggest. Programs have `rule` and `category` to go by, and options of their own
  /// where the hint names one of the command's: `--limit` is `Limits`, `--key` a parameter.
  var hint: String? { get }
}

extension CheckpointError {
  /// No suggestion.
  public var hint: String? { nil }
  /// Nowhere in particular.
  public var place: ErrorPlace { ErrorPlace() }
}

extension CheckpointError {
  /// The file, where the error knows it, the message and the place in one line, as for a log. What
  /// comes from a file is escaped.
  public var description: String {
    let path = (self as? FileError)?.path ?? (self as? SystemError)?.path
    return (path.map { escaped($0) + ": " } ?? "") + message
      + (place.sentence.map { " (\($0))" } ?? "")
  }

  /// The place for a reader who asked for several files at once: with the name of the one that the
  /// error is about, where it names one and no part of it.
  public var placeAmongFiles: ErrorPlace {
    var place = place
    if place.record == nil, let error = self as? FileError {
      place.record = FileSystem.name(of: error.path)
      place.origin = .record
    }
    return place
  }
}
