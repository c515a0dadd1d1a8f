/// An error from a reader, the schema or the system, as values.
///
/// Each module has its own error types, with a case per broken rule and the messages in an
/// extension. Through this protocol the rest of the program handles all of them alike.
public protocol CheckpointError: Error, Sendable, CustomStringConvertible {
  /// The class of the failure.
  var category: FailureCategory { get }
  /// The broken rule's stable name, in kebab case: `header-too-large`.
  var rule: String { get }
  /// What was expected and what was found, in one sentence without a full stop.
  var message: String { get }
  /// Where it was found.
  var place: ErrorPlace { get }
  /// What the user of the command can do next, in one sentence that may name its options; `nil`
  /// when there is nothing to suggest. Programs go by `rule` and `category`. Where a hint names an
  /// option, they have an equivalent: `Limits` for `--limit`, a parameter for `--key`.
  var hint: String? { get }
  /// The error of the format or the system, if this one only adds a path to it; else the error itself.
  var underlying: any CheckpointError { get }
}

extension CheckpointError {
  /// The error itself.
  public var underlying: any CheckpointError { self }
  /// No suggestion.
  public var hint: String? { nil }
  /// Nowhere in particular.
  public var place: ErrorPlace { ErrorPlace() }
}

extension CheckpointError {
  /// The file, if the error knows it, the message and the place on one line, as for a log. Text
  /// from a file is escaped.
  public var description: String {
    let path = (self as? FileError)?.path ?? (self as? SystemError)?.path
    return (path.map { escaped($0) + ": " } ?? "") + message
      + (place.sentence.map { " (\($0))" } ?? "")
  }

  /// The place, for a caller that reads several files at once: its record is the name of the file
  /// that the error is about, if the error knows the file and names no part of it.
  public var placeAmongFiles: ErrorPlace {
    var place = place
    if place.record == nil, let error = self as? FileError {
      place.record = FileSystem.name(of: error.path)
      place.origin = .record
    }
    return place
  }
}
