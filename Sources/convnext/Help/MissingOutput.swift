import ArgumentParser
import ByteIO

/// Outputs that are given without their option, as other programs take them.
enum MissingOutput {
  /// What to write instead of such an output; `nil` if there is none in the arguments.
  static func error(in arguments: [String]) -> ValidationError? {
    let command = CommandOptions(in: arguments)
    guard let names = command.option(named: "--output")?.names else { return nil }
    let given = arguments.prefix { $0 != "--" }.map { String($0.prefix { $0 != "=" }) }
    let files = command.positionals(in: arguments)
    guard !given.contains(where: names.contains), files.count > 1, let output = files.last,
      files.count > command.positionalLimit || FileSystem.kind(of: output) == nil
    else { return nil }
    return ValidationError(
      "An output needs an option. Did you mean '-o \(escaped(output))'?")
  }
}
