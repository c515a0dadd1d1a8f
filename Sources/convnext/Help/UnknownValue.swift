import ArgumentParser
import ByteIO

/// Values that an option with a list of values does not accept.
enum UnknownValue {
  /// What other programs call the values.
  private static let otherNames = [
    "bf16": "bfloat16", "f16": "float16", "fp16": "float16", "half": "float16",
    "hf": "huggingface", "transformers": "huggingface", "meta": "facebook",
    "mmdetection": "openmmlab", "mmpretrain": "openmmlab", "mmsegmentation": "openmmlab",
    "pt": "pytorch", "pth": "pytorch", "torch": "pytorch", "md": "markdown",
  ]

  /// What is wrong with the first such value in the arguments; `nil` if there is none.
  static func error(in arguments: [String]) -> ValidationError? {
    let command = CommandOptions(in: arguments)
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { break }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = command.option(named: name), !option.values.isEmpty,
        let value = parts.count > 1 ? String(parts[1]) : arguments.dropFirst(index + 1).first,
        !option.values.contains(value)
      else { continue }
      return ValidationError(
        "'\(escaped(value))' is not a value of '\(name)'.\(suggestion(for: value, of: option, name)) "
          + "It takes \(option.values.joined(separator: ", ")).")
    }
    return nil
  }

  private static func suggestion(
    for value: String, of option: CommandOptions.Option, _ name: String
  ) -> String {
    let value = value.lowercased()
    let meant = otherNames[value] ?? value
    if let nearest = option.values.contains(meant)
      ? meant : nearestName(to: value, in: option.values)
    {
      return " Did you mean '\(nearest)'?"
    }
    let other = ConvNeXtCommand.configuration.subcommands.first {
      CommandOptions($0).option(named: name)?.values.contains(meant) ?? false
    }
    guard let command = other?.configuration.commandName else { return "" }
    return " Did you mean 'convnext \(command) \(name) \(meant)'?"
  }
}
