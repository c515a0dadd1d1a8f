import ArgumentParser

/// What the program prints when it is called without a command.
struct Overview {
  /// A line for each command and topic.
  var text: String {
    let commands = ConvNeXtCommand.configuration.subcommands.map { $0.configuration }
      .filter(\.shouldDisplay)
    var lines = [ConvNeXtCommand.configuration.abstract, "", "Commands:"]
    lines += commands.map { line($0.commandName ?? "", $0.abstract) }
    lines += ["", "Topics:"]
    lines += HelpTopic.allCases.map { line($0.rawValue, $0.abstract) }
    lines += ["", "'convnext help NAME' explains a command or a topic."]
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ name: String, _ abstract: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + abstract
  }
}
