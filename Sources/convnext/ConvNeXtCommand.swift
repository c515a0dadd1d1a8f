import ArgumentParser
import ByteIO

/// The program's name and version, as it is noted in files.
let toolName = "convnext-kit 0.1.0"

@main
struct ConvNeXtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convnext",
    abstract: "Read, check and convert ConvNeXt checkpoints, whoever saved them.",
    discussion: """
      EXAMPLES:
        convnext inspect convnext_tiny.pth
        convnext convert convnext_tiny.pth -o tiny.convnext
        convnext verify tiny.convnext

      Exit status: 0 ok; 1 the answer is "no"; 64 usage; 65 the input is not valid; 66 it cannot be \
      opened; 69 valid but unsupported; 70 a bug; 73 the output exists or cannot be created; \
      74 reading or writing failed; 130 interrupted.
      """,
    version: toolName,
    subcommands: [
      InspectCommand.self, TensorsCommand.self, ConvertCommand.self, VerifyCommand.self,
      ChecksumCommand.self, DiffCommand.self, ScanCommand.self, SignCommand.self,
    ])

  static func main() {
    ProcessSignals.install()
    ProcessEnvironment.nameTimeZone()
    do {
      var command = try parseAsRoot(programArguments())
      try command.run()
    } catch {
      let isUsage = exitCode(for: error).rawValue == ExitStatus.usage.rawValue
      guard isUsage && CommandLine.arguments.contains("--json") else { exit(withError: error) }
      writeError(ErrorReport.usage(message(for: error)).serialized())
      exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }
  }
}
