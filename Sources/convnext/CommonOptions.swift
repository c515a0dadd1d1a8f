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

  /// Notes something: on standard error, unless that has JSON, and in results in JSON. `--quiet`
  /// means that nothing is noted.
  func note(_ sentence: String) { note([sentence]) }

  /// Notes of one kind, of which there may be as many as a file has tensors: the first few appear on
  /// standard error, all of them in JSON.
  func note(_ sentences: [String]) {
    if quiet { return }
    Self.notes.withLock { $0 += sentences }
    if ErrorReport.isJSON { return }
    for sentence in sentences.prefix(Self.shownNoteCount) { writeError("note: \(sentence)") }
    if sentences.count > Self.shownNoteCount {
      writeError(
        "note: and \(sentences.count - Self.shownNoteCount) more like it; --json has all of them")
    }
  }

  private static let shownNoteCount = 12

  /// What was noted and is part of the result.
  private static let notes = Lock<[String]>([])

  /// A verdict, green or red where standard output is colored.
  func colored(_ verdict: String, isGood: Bool) -> String {
    usesColor ? "\u{1B}[\(isGood ? 32 : 31)m\(verdict)\u{1B}[0m" : verdict
  }

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
  func reporting<Output>(
    file: String, subject: String? = nil, _ body: () throws -> Output
  ) throws(ExitCode) -> Output {
    do {
      // Within another call, the line is already shown.
      if quiet || !StatusLine.isPossible || WorkProgress.current != nil { return try body() }
      return try ProgressDisplay(subject: subject ?? file).follow(body)
    } catch let code as ExitCode {
      throw code
    } catch {
      throw ErrorReport(error as? any CheckpointError ?? UnexpectedError(error: error), file: file)
        .write()
    }
  }

  /// Does one part of a command that goes on with the next file if one fails: such a command ends
  /// with the status of the last file that failed.
  ///
  /// - Returns: What `body` returns; `nil` if it failed.
  @discardableResult
  func attempting<Output>(
    file: String, _ failures: inout [ExitCode], _ body: () throws -> Output
  ) -> Output? {
    do {
      return try reporting(file: file, body)
    } catch {
      failures.append(error)
      return nil
    }
  }
}

/// Writes a line to standard error; if that fails, there is nowhere to report it.
func writeError(_ line: String) {
  try? StandardStream.error.write(line + "\n")
}
