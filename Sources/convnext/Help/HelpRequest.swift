import ArgumentParser
import ByteIO

/// What the program's arguments ask for besides its commands.
enum HelpRequest {
  /// The topic of `help TOPIC`; `nil` for other arguments.
  ///
  /// Throws `ValidationError` if there is neither a command nor a topic of that name.
  static func topic(in arguments: [String]) throws -> HelpTopic? {
    guard arguments.first == "help", let name = arguments.dropFirst().first, !name.hasPrefix("-")
    else { return nil }
    if let topic = HelpTopic(rawValue: name) { return topic }
    if commandNames.contains(name) || name == "help" { return nil }
    let topics = HelpTopic.allCases.map(\.rawValue)
    throw ValidationError(
      "There is no command or topic '\(escaped(name))'.\(suggestion(for: name, among: commandNames + topics))"
    )
  }

  /// What is wrong with the first argument, if it is not a command; `nil` if something else is
  /// wrong.
  static func unknownCommand(in arguments: [String]) -> ValidationError? {
    guard let name = arguments.first, name != "help", !commandNames.contains(name) else {
      return nil
    }
    let options = ["--help", "--version"]
    if name.hasPrefix("-") {
      if let command = arguments.first(where: commandNames.contains),
        CommandOptions(in: [command]).option(named: String(name.prefix { $0 != "=" })) != nil
      {
        return ValidationError(
          "Options follow the command: 'convnext \(command) \(escaped(name))'.")
      }
      return nearestName(to: name, in: options).map {
        ValidationError("Unknown option '\(escaped(name))'. Did you mean '\($0)'?")
      }
    }
    if let option = options.first(where: { $0 == "--\(name)" }) {
      return ValidationError("There is no command '\(name)'. Did you mean '\(option)'?")
    }
    let isFile = FileSystem.kind(of: name) != nil
    return ValidationError(
      "There is no command '\(escaped(name))'."
        + (isFile
          ? " 'convnext inspect FILE' says what is in a file."
          : suggestion(for: name, among: commandNames)))
  }

  /// What other programs call the commands.
  private static let otherNames = [
    "check": "verify", "compare": "diff", "digest": "checksum", "hash": "checksum",
    "info": "inspect", "list": "tensors", "ls": "tensors", "show": "inspect",
  ]

  private static func suggestion(for name: String, among names: [String]) -> String {
    let name = name.lowercased()
    let nearest = otherNames[name] ?? nearestName(to: name, in: names)
    return nearest.map { " Did you mean '\($0)'?" } ?? ""
  }

  /// The names of all commands.
  static var commandNames: [String] {
    ConvNeXtCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}
