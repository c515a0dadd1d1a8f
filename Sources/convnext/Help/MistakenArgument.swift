import ArgumentParser
import ByteIO

/// Arguments that the parser would mistake for something that they hardly are.
///
/// It reads `-x.pth` as a group of short options, finds an `h` in it, and prints help with status
/// 0, as it does for `--help=x.pth`. Whoever names a file in a folder could thus keep `scan *.pth`
/// from examining any of them.
enum MistakenArgument {
  /// What is wrong with the first such argument; `nil` if there is none.
  static func error(in arguments: [String]) -> ValidationError? {
    // What follows is a line that is still being typed.
    if arguments.first == "---completion" { return nil }
    var previous = ""
    for argument in arguments.prefix(while: { $0 != "--" }) {
      if argument.utf8.first == UInt8(ascii: "-"), argument.utf8.count > 1 {
        if let problem = problem(of: argument, behind: previous, in: arguments) {
          return ValidationError("\(problem); a file of that name is './\(escaped(argument))'.")
        }
        // Otherwise it would be left out, or be an option that nobody asked for.
        if FileSystem.kind(of: argument) != nil {
          return ValidationError(
            "'\(escaped(argument))' is an option, and the name of a file here: "
              + "'./\(escaped(argument))' is the file.")
        }
      }
      previous = argument
    }
    return nil
  }

  private static func problem(
    of argument: String, behind previous: String, in arguments: [String]
  ) -> String? {
    let name = String(argument.prefix { $0 != "=" })
    if !argument.utf8.starts(with: "--".utf8) && argument.utf8.count > 2 {
      let options = CommandOptions(in: arguments)
      let hasValue = name.utf8.count == 2 && name.utf8.count + 1 < argument.utf8.count
      if hasValue && options.takesValue(name) { return nil }
      if isNumber(argument) && options.takesValue(previous) { return nil }
      return "There is no option '\(escaped(argument))'"
        + (isGroup(argument, of: options) ? ", because short options cannot be combined" : "")
    }
    if name != argument && valueless.contains(name) {
      return "The option '\(name)' takes no value, and '\(escaped(argument))' gives it one"
    }
    return nil
  }

  /// What the parser obeys before it examines values.
  private static let valueless = [
    "--help", "--help-hidden", "--version", "--experimental-dump-help",
  ]

  /// Whether a text is a negative number, and holds nothing else that could be an option.
  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) } && Double(text) != nil
  }

  /// Whether a text is several short options in one.
  private static func isGroup(_ text: String, of options: CommandOptions) -> Bool {
    text.dropFirst().allSatisfy { options.option(named: "-\($0)") != nil }
  }
}
