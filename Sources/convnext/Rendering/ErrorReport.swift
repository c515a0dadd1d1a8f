import ArgumentParser
import ByteIO
import Terminal

/// An error as it is shown: which file, what, where, and what to do about it.
struct ErrorReport {
  let error: any CheckpointError
  let file: String

  init(_ error: any CheckpointError, file: String) {
    self.error = error
    self.file = (error as? SystemError)?.path ?? (error as? FileError)?.path ?? file
  }

  /// Whether errors are wanted as JSON, including those in the arguments themselves: `--json`, or
  /// JSON as a command's format.
  static let isJSON = {
    // What follows `--` is a file.
    let arguments = (programArguments() ?? []).prefix { $0 != "--" }
    return arguments.contains("--json") || arguments.contains("--format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
  }()

  /// Writes the error to standard error.
  ///
  /// - Returns: The status to exit with.
  func write() -> ExitCode {
    writeError(Self.isJSON ? json.serialized() : text)
    return ExitCode(status.rawValue)
  }

  private var status: ExitStatus { error is UnexpectedError ? .bug : ExitStatus(error.category) }

  private var text: String {
    let file = file.isEmpty ? "''" : escaped(file)
    var lines = ["convnext: \(file): \(error.message)"]
    if let place = error.place.sentence { lines.append("  at \(place)") }
    if let hint = error.hint { lines.append("  hint: \(hint)") }
    return lines.joined(separator: "\n")
  }

  private var json: JSONValue {
    Self.json(
      status, file: file,
      problem: .problem(rule: error.rule, message: error.message, place: error.place),
      hint: error.hint)
  }

  fileprivate static func json(
    _ status: ExitStatus, file: String?, problem: JSONObject, hint: String?
  ) -> JSONValue {
    var object = JSONObject()
    object["schema"] = "convnext.error/1"
    object["file"] = .optional(file) { .string($0) }
    object["status"] = .integer(Int(status.rawValue))
    for entry in problem.entries { object[entry.key] = entry.value }
    object["hint"] = .optional(hint) { .string($0) }
    return .object(object)
  }
}

/// An error that no reader describes: a fault of the program, which has a status of its own.
struct UnexpectedError: CheckpointError {
  let error: any Error

  var category: FailureCategory { .invalidInput }
  var rule: String { "bug" }
  var message: String { "this is a bug: \(error)" }
  var hint: String? { "please report it, with the command and, if you can, the file" }
}

extension ErrorReport {
  /// What is wrong with the arguments, as JSON with the keys of other errors.
  static func usage(_ message: String) -> JSONValue {
    json(
      .usage, file: nil, problem: .problem(rule: "usage", message: message),
      hint: "--help lists all options")
  }

  /// What is written, in a signal handler, if another process truncates the input: which file it is
  /// is not known there.
  static var truncation: String {
    guard isJSON else { return ProcessSignals.truncationMessage }
    let problem = JSONObject.problem(
      rule: "input-truncated",
      message: "the input was truncated by another process while it was read")
    return json(
      .inputOutput, file: nil, problem: problem, hint: "read a copy that nobody changes"
    ).serialized() + "\n"
  }
}
