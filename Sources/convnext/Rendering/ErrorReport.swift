import ArgumentParser
public import ByteIO
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

  /// Writes the error to standard error; returns the status to exit with.
  ///
  /// - Parameter status: The status, if not that of the error's category.
  func exitCode(_ status: ExitStatus? = nil) -> ExitCode {
    let status = status ?? ExitStatus(error.category)
    writeError(Self.isJSON ? json(status).serialized() : text)
    return ExitCode(status.rawValue)
  }

  private var text: String {
    let file = file.isEmpty ? "''" : escaped(file)
    var lines = ["convnext: \(file): \(error.message)"]
    if let place = error.place.sentence { lines.append("  at \(place)") }
    if let hint = error.hint { lines.append("  hint: \(hint)") }
    return lines.joined(separator: "\n")
  }

  private func json(_ status: ExitStatus) -> JSONValue {
    .object([
      "schema": "convnext.error/1",
      "file": .string(file),
      "status": .integer(Int(status.rawValue)),
      "rule": .string(error.rule),
      "message": .string(error.message),
      "record": .optional(error.place.record) { .string($0) },
      "byteOffset": .optional(error.place.byteOffset) { .integer($0) },
      "byteOffsetFrom": error.place.originJSON,
      "tensor": .optional(error.place.tensor) { .string($0) },
      "hint": .optional(error.hint) { .string($0) },
    ])
  }
}

/// An error that no reader describes: a fault of the program.
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
    json(.usage, rule: "usage", message: message, hint: "--help lists all options")
  }

  /// What is written, in a signal handler, if another process truncates the input: which file it is
  /// is not known there.
  static var truncation: String {
    guard isJSON else { return ProcessSignals.truncationMessage }
    return json(
      .inputOutput, rule: "input-truncated",
      message: "the input was truncated by another process while it was read",
      hint: "read a copy that nobody changes"
    ).serialized() + "\n"
  }

  /// An error that concerns no file in particular.
  private static func json(
    _ status: ExitStatus, rule: String, message: String, hint: String
  ) -> JSONValue {
    .object([
      "schema": "convnext.error/1",
      "file": .null,
      "status": .integer(Int(status.rawValue)),
      "rule": .string(rule),
      "message": .string(message),
      "record": .null,
      "byteOffset": .null,
      "byteOffsetFrom": .null,
      "tensor": .null,
      "hint": .string(hint),
    ])
  }
}

extension ErrorPlace {
  /// What `byteOffset` counts from, as JSON; null where there is no offset.
  var originJSON: JSONValue { .optional(byteOffset) { _ in .string(origin.rawValue) } }
}

extension JSONValue: ExpressibleByStringLiteral {
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
}
