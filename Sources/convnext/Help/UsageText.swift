import ArgumentParser

/// What is wrong with the arguments, for people, with the usage of the command that they name.
struct UsageText {
  let text: String

  /// - Parameters:
  ///   - error: What is wrong, in words.
  ///   - arguments: The program's arguments.
  init(_ error: ValidationError, in arguments: [String]) {
    let command = CommandOptions.command(in: arguments)
    let usage = ConvNeXtCommand.usageString(for: command ?? ConvNeXtCommand.self)
    let name = ["convnext", command?.configuration.commandName].compactMap(\.self)
    text = """
      Error: \(error.message)
      Usage: \(usage)
        See '\(name.joined(separator: " ")) --help' for more information.
      """
  }
}
