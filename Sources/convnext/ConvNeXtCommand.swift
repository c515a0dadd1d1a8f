import ArgumentParser
import ByteIO
import Terminal

/// The program's name and version, as recorded in files.
let toolName = "convnext-kit 0.1.0"

@main
struct ConvNeXtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convnext",
    abstract: "Read, check, convert and quantize ConvNeXt checkpoints, no matter who saved them.",
    discussion: """
      EXAMPLES:
        convnext inspect convnext_tiny.pth
        convnext convert convnext_tiny.pth -o tiny.convnext
        convnext verify tiny.convnext

      What all commands have in common is explained by 'convnext help exit-codes', 'help formats' \
      and 'help naming'.
      """,
    version: toolName,
    subcommands: [
      InspectCommand.self, TensorsCommand.self, ReportCommand.self, ConvertCommand.self,
      QuantizeCommand.self, VerifyCommand.self, ChecksumCommand.self, DiffCommand.self,
      ScanCommand.self, SignCommand.self,
    ])

  static func main() {
    ProcessSignals.install(truncationMessage: ErrorReport.truncation)
    guard let arguments = programArguments() else {
      writeError("convnext: its own arguments cannot be read; hint: are there too many open files?")
      exit(withError: ExitCode(ExitStatus.inputOutput.rawValue))
    }
    do {
      if let mistake = MistakenArgument.error(in: arguments) { throw mistake }
      if let topic = try HelpRequest.topic(in: arguments) {
        try StandardStream.output.write(topic.text)
        return
      }
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let error as any CheckpointError {
      // Errors that a command reports itself do not get here; writing its result can fail.
      exit(withError: ErrorReport(error, file: arguments.first ?? "convnext").write())
    } catch let code as ExitCode {
      // What is wrong has already been reported.
      exit(withError: code)
    } catch {
      setHelpWidth()
      let isUsage = exitCode(for: error).rawValue == ExitStatus.usage.rawValue
      guard isUsage else {
        // Help and the version are results, which have to arrive like any other.
        guard exitCode(for: error) == .success else { exit(withError: error) }
        let text = fullMessage(for: error)
        let isScript = arguments.first?.hasPrefix(CompletionScript.option) ?? false
        writeResult((isScript ? CompletionScript(text).text : text) + "\n")
        return
      }
      refuse(arguments, error)
    }
  }

  /// Reports what is wrong with the arguments, and exits.
  private static func refuse(_ arguments: [String], _ error: any Error) -> Never {
    let known =
      error as? ValidationError ?? HelpRequest.unknownCommand(in: arguments)
      ?? UnknownOption.error(in: arguments) ?? MissingOutput.error(in: arguments)
      ?? UnknownValue.error(in: arguments)
    if ErrorReport.isJSON {
      writeError(ErrorReport.usage(known?.message ?? message(for: error)).serialized())
    } else {
      writeError(known.map { UsageText($0, in: arguments).text } ?? fullMessage(for: error))
    }
    exit(withError: ExitCode(ExitStatus.usage.rawValue))
  }

  /// The fewest columns that help is laid out in; with fewer, the parser omits words or crashes.
  private static let leastHelpColumnCount = 40

  /// Makes the parser lay out help in the actual width; it believes `COLUMNS` and terminals
  /// whatever they say.
  private static func setHelpWidth() {
    let width = max(StandardStream.output.columnCount ?? 80, leastHelpColumnCount)
    setEnvironmentVariable("COLUMNS", to: String(width))
  }

  /// Writes a text to standard output; exits if that fails.
  private static func writeResult(_ text: String) {
    do {
      try StandardStream.output.write(text)
    } catch {
      exit(withError: ErrorReport(error, file: "convnext").write())
    }
  }

  /// Without a command: a short overview.
  func run() throws {
    try StandardStream.output.write(Overview().text)
  }
}
