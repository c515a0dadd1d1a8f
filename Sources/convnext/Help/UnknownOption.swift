import ArgumentParser
import ByteIO

/// Options that a command does not have.
///
/// The parser reports one only if nothing is missing: after a misspelt `--output` it would ask for
/// the output.
enum UnknownOption {
  /// What is wrong with the first such option in the arguments; `nil` if there is none.
  static func error(in arguments: [String]) -> ValidationError? {
    guard CommandOptions.command(in: arguments) != nil else { return nil }
    let known = CommandOptions(in: arguments).options.flatMap(\.names)
    let options = arguments.dropFirst().prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    guard let unknown = options.first(where: { !known.contains($0) }) else { return nil }
    // An option's beginning may lack more letters than a misspelling does.
    let nearest = known.first { $0.hasPrefix(unknown) } ?? nearestName(to: unknown, in: known)
    let suggestion = nearest.map { " Did you mean '\($0)'?" } ?? ""
    return ValidationError("Unknown option '\(escaped(unknown))'.\(suggestion)")
  }
}
