import ArgumentParser
import ByteIO
import Convert

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

  @Option(help: "Colour: auto, always or never; NO_COLOR and TERM=dumb turn it off.")
  var color = ColorChoice.auto

  /// Whether standard output takes colour.
  var usesColor: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto:
      StandardStream.output.isTerminal && (environmentVariable("NO_COLOR") ?? "").isEmpty
        && environmentVariable("TERM") != "dumb"
    }
  }

  /// Writes a note to standard error, unless it is unwanted.
  func note(_ text: String) {
    if !quiet && !json { writeError(text) }
  }

  /// Runs a command's body; an error is reported on standard error and becomes an exit status.
  func reporting(file: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as any CheckpointError {
      ErrorReport(error, file: file).write(asJSON: json)
      throw ExitCode(ExitStatus(error.category).rawValue)
    } catch let code as ExitCode {
      throw code
    } catch {
      writeError("convnext: \(escaped(file)): this is a bug: \(error)")
      throw ExitCode(ExitStatus.bug.rawValue)
    }
  }
}

/// Options of commands that read a checkpoint.
struct ReadingOptions: ParsableArguments {
  @Flag(
    help: """
      Keep unknown classes and functions of a pickle as named values instead of refusing the file; \
      dangerous ones stay refused. Nothing is ever called.
      """)
  var skipUnknown = false

  @Option(
    help: """
      A file with your own names for tensors, applied before anything is recognized: on each line \
      a regular expression and what replaces it ($1 stands for its first group).
      """,
    completion: .file())
  var rules: String?

  @OptionGroup var limits: LimitOptions

  /// Throws `SystemError` or `InputError` where the file with the rules cannot be used.
  func options() throws -> Checkpoint.Options {
    var options = Checkpoint.Options()
    options.skipsUnknownGlobals = skipUnknown
    options.limits = limits.limits
    if let rules { options.renameRules = try RenameRule.parse(FileMapping(path: rules).region) }
    return options
  }
}

/// Writes a line to standard error; there is nobody to tell when that fails.
func writeError(_ line: String) {
  try? StandardStream.error.write(line + "\n")
}
