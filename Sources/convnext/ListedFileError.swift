import ByteIO

/// An error in a file that a list of checksums names.
struct ListedFileError: CheckpointError {
  let error: any CheckpointError
  /// Which line of which list names it.
  let entry: String
  /// Whether the file does not exist.
  let isMissing: Bool

  /// The error, for the file that it concerns.
  ///
  /// - Parameter path: Where the file was looked for.
  static func naming(_ entry: String, _ error: any CheckpointError, path: String) -> FileError {
    FileError(
      ListedFileError(error: error, entry: entry, isMissing: FileSystem.kind(of: path) == nil),
      path: ErrorReport(error, file: path).file)
  }

  var category: FailureCategory { error.category }
  var rule: String { error.rule }
  var message: String { "\(error.message); \(entry) names it" }
  var place: ErrorPlace { error.place }
  var hint: String? {
    isMissing
      ? "a relative path begins in the list's folder or, where it is not there, in the current one"
      : error.hint
  }
}
