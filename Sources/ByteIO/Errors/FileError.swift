/// An error about one of several files, with the path of that file.
public struct FileError: CheckpointError {
  /// The file's path.
  public let path: String
  /// What is wrong with it.
  public let error: any CheckpointError

  /// Adds to an error the path of the file that it is about.
  public init(_ error: any CheckpointError, path: String) {
    self.path = path
    self.error = error
  }

  /// What is wrong with the file, without its path.
  public var underlying: any CheckpointError { error.underlying }
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
