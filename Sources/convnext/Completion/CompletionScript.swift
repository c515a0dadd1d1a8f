/// A shell's completion script, with what the parser does not know: that `help` explains commands
/// and topics.
struct CompletionScript {
  let text: String

  /// The option that prints a script.
  static let option = "--generate-completion-script"

  /// - Parameter generated: The script as the parser writes it, for any shell.
  init(_ generated: String) {
    let names = HelpRequest.commandNames + HelpTopic.allCases.map(\.rawValue)
    let list = names.joined(separator: " ")
    var lines: [String] = []
    var isInHelp = false
    for line in generated.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasSuffix("() {") { isInHelp = line == "_convnext_help() {" }
      if isInHelp, line.contains("'*:subcommands:'") {
        lines.append(String(line).replacing("'*:subcommands:'", with: "'1:topic:(\(list))'"))
        continue
      }
      lines.append(String(line))
      if isInHelp, line.contains("__convnext_offer_flags_options") {
        lines.append("    COMPREPLY+=($(compgen -W '\(list)' -- \"${cur}\"))")
      }
    }
    if generated.contains("complete -c 'convnext'") {
      let condition = "__convnext_should_offer_completions_for_positional \"convnext help\" -eq 1"
      lines += names.map { "complete -c 'convnext' -n '\(condition)' -fa '\($0)'" }
    }
    text = lines.joined(separator: "\n")
  }
}
