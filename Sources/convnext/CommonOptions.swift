import ArgumentParser
import ByteIO
import Synchronization
import Terminal

/// When colour is used.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one JSON object; errors too, on standard error.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print results only, no notes.")
  var quiet = false

  @Option(help: "Colour: auto, always or never; NO_COLOR and TERM=dumb turn auto off.")
  var color = ColorChoice.auto

  /// Whether standard output is colored.
  var usesColor: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto:
      StandardStream.output.isTerminal && (environmentVariable("NO_COLOR") ?? "").isEmpty
        && environmentVariable("TERM") != "dumb"
    }
  }

  /// Writes a note to standard error, or keeps it for the result in JSON, unless it is unwanted.
  func note(_ sentence: String) {
    if quiet { return }
    if ErrorReport.isJSON {
      Self.notes.withLock { $0.append(sentence) }
    } else {
      writeError("note: \(sentence)")
    }
  }

  /// A verdict, green or red where standard output is colored.
  func colored(_ verdict: String, isGood: Bool) -> String {
    usesColor ? "\u{1B}[\(isGood ? 32 : 31)m\(verdict)\u{1B}[0m" : verdict
  }

  /// Writes notes of one kind, of which there may be as many as a file has tensors: the first few
  /// to standard error, all of them to JSON.
  func note(_ sentences: [String]) {
    let shown = ErrorReport.isJSON ? sentences.count : Self.shownNoteCount
    for sentence in sentences.prefix(shown) { note(sentence) }
    if sentences.count > shown {
      note("and \(sentences.count - shown) more like it; --json has all of them")
    }
  }

  private static let shownNoteCount = 12

  /// What was noted and is part of the result.
  private static let notes = Lock<[String]>([])

  /// A result in JSON, with what was noted along the way.
  func result(_ json: JSONValue) -> String {
    guard case .object(var object) = json else { return json.serialized(isPretty: true) + "\n" }
    object["notes"] = .array(Self.notes.withLock { $0 }.map { .string($0) })
    return JSONValue.object(object).serialized(isPretty: true) + "\n"
  }

  /// Runs a command's body. Progress is shown on a terminal; an error is reported on standard error
  /// and becomes an exit status.
  ///
  /// - Parameters:
  ///   - file: The subject of errors that do not name a file themselves.
  ///   - subject: What the progress line names, if not the file.
  func reporting(
    file: String, subject: String? = nil, _ body: () throws -> Void
  ) throws {
    do {
      // Within another call, the line is already shown.
      if quiet || !StatusLine.isPossible || WorkProgress.current != nil {
        try body()
      } else {
        try ProgressDisplay(subject: subject ?? file).follow(body)
      }
    } catch let error as any CheckpointError {
      throw ErrorReport(error, file: file).exitCode()
    } catch let code as ExitCode {
      throw code
    } catch {
      throw ErrorReport(UnexpectedError(error: error), file: file).exitCode(.bug)
    }
  }
}

/// Writes a line to standard error; if that fails, there is nowhere to report it.
func writeError(_ line: String) {
  try? StandardStream.error.write(line + "\n")
}
