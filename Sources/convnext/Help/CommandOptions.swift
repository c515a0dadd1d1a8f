import ArgumentParser
import ByteIO

/// What a command takes, as the parser describes it.
struct CommandOptions {
  /// An option or a flag.
  struct Option {
    /// Its names with their dashes: `--output`, `-o`.
    let names: [String]
    /// Whether it takes a value.
    let takesValue: Bool
    /// The values that it accepts, if there is a list of them.
    let values: [String]
  }

  /// All options and flags, including `--help` and `--version`.
  let options: [Option]
  /// The maximum number of arguments besides options.
  let positionalLimit: Int

  /// - Parameter command: One of the program's commands, or the program itself.
  init(_ command: any ParsableCommand.Type) {
    let description = try? JSONValue(parsing: ByteRegion(copying: command._dumpHelp().utf8))
    let arguments = description?["command"]?["arguments"]?.arrayValue ?? []
    options = arguments.compactMap { argument in
      guard let names = argument["names"]?.arrayValue else { return nil }
      return Option(
        names: names.map { name in
          (name["kind"]?.stringValue == "long" ? "--" : "-") + (name["name"]?.stringValue ?? "")
        },
        takesValue: argument["kind"]?.stringValue == "option",
        values: argument["allValues"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    }
    let positionals = arguments.filter { $0["kind"]?.stringValue == "positional" }
    let isRepeating = positionals.contains { $0["isRepeating"]?.boolValue ?? false }
    positionalLimit = isRepeating ? .max : positionals.count
  }

  /// What the first argument names: a command, or the program if it names none.
  init(in arguments: [String]) {
    self.init(Self.command(in: arguments) ?? ConvNeXtCommand.self)
  }

  /// The command that the first argument names.
  static func command(in arguments: [String]) -> (any ParsableCommand.Type)? {
    ConvNeXtCommand.configuration.subcommands.first {
      $0.configuration.commandName == arguments.first
    }
  }

  /// The option with this name, dashes included.
  func option(named name: String) -> Option? {
    options.first { $0.names.contains(name) }
  }

  /// Whether an option with this name takes a value.
  func takesValue(_ name: String) -> Bool { option(named: name)?.takesValue ?? false }

  /// The arguments after the command that are neither options nor their values.
  func positionals(in arguments: [String]) -> [String] {
    var positionals: [String] = []
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      if argument == "--" { return positionals + rest }
      if argument == "-" || !argument.hasPrefix("-") {
        positionals.append(argument)
      } else if takesValue(argument) {
        rest = rest.dropFirst()
      }
    }
    return positionals
  }
}
