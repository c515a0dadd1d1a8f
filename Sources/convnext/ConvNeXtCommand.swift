import ArgumentParser
import ByteIO
import Terminal

/// The program's name and version, as it is noted in files.
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
    ProcessSignals.install()
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
      // What a command reports itself does not come here; writing its result can fail.
      exit(withError: ErrorReport(error, file: arguments.first ?? "convnext").exitCode())
    } catch let code as ExitCode {
      // What is wrong was reported before.
      exit(withError: code)
    } catch {
      setHelpWidth()
      let isUsage = exitCode(for: error).rawValue == ExitStatus.usage.rawValue
      guard isUsage else {
        // Help and the version are a result, which has to arrive like any other.
        guard exitCode(for: error) == .success else { exit(withError: error) }
        let text = fullMessage(for: error)
        let isScript = arguments.first?.hasPrefix(CompletionScript.option) ?? false
        writeResult((isScript ? CompletionScript(text).text : text) + "\n")
        return
      }
      refuse(arguments, error)
    }
  }

  /// Says what is wrong with the arguments, and exits.
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

  /// The fewest columns that help is laid out in; in less, the parser leaves words out or crashes.
  private static let leastHelpColumnCount = 40

  /// Lets the parser, which believes `COLUMNS` and terminals whatever they say, lay help out in a
  /// width that there is.
  private static func setHelpWidth() {
    let width = max(StandardStream.output.columnCount ?? 80, leastHelpColumnCount)
    setEnvironmentVariable("COLUMNS", to: String(width))
  }

  /// Writes a text to standard output; exits where that fails.
  private static func writeResult(_ text: String) {
    do {
      try StandardStream.output.write(text)
    } catch {
      exit(withError: ErrorReport(error, file: "convnext").exitCode())
    }
  }

  /// Without a command: what there is, in short.
  func run() throws {
    try StandardStream.output.write(Overview().text)
  }
}
