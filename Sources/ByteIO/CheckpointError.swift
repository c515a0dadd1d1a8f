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
  /// Reading or writing failed underway.
  case inputOutput
}

/// Where in a file an error was found.
public struct ErrorPlace: Equatable, Sendable {
  /// The part of the file that `byteOffset` counts from, such as a zip record; `nil`: the file.
  public var record: String?
  /// The first offending byte, counted from the start of `record` or of the file.
  public var byteOffset: Int?
  /// The tensor concerned, by its name in the file.
  public var tensor: String?

  /// Creates a place from what is known of it.
  public init(record: String? = nil, byteOffset: Int? = nil, tensor: String? = nil) {
    self.record = record
    self.byteOffset = byteOffset
    self.tensor = tensor
  }
}

/// An error of a reader, of the schema or of the system, as values.
///
/// Each module has its own error type with a case per broken rule, and its sentences in one
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
  /// What the user can do next, in one sentence; `nil` when there is nothing to suggest.
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
    let parts = [
      place.byteOffset.map { "byte \($0)" }, place.record.map { quoted($0) },
      place.tensor.map { "tensor \(quoted($0))" },
    ].compactMap(\.self)
    return (path.map { escaped($0) + ": " } ?? "") + message
      + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }

  /// The place for a reader who asked for several files at once: with the name of the one that the
  /// error is about, where it names one and no part of it.
  public var placeAmongFiles: ErrorPlace {
    var place = place
    if place.record == nil, let error = self as? FileError {
      place.record = FileSystem.name(of: error.path)
    }
    return place
  }
}

/// An error of one of several files, with the file that it is about.
public struct FileError: CheckpointError {
  /// The file's path.
  public let path: String
  /// What is wrong with it.
  public let error: any CheckpointError

  /// Names the file that an error is about.
  public init(_ error: any CheckpointError, path: String) {
    self.path = path
    self.error = error
  }

  /// The error's own class.
  public var category: FailureCategory { error.category }
  /// The error's own rule.
  public var rule: String { error.rule }
  /// The error's own message.
  public var message: String { error.message }
  /// The error's own place.
  public var place: ErrorPlace { error.place }
  /// The error's own suggestion.
  public var hint: String? { error.hint }
}
