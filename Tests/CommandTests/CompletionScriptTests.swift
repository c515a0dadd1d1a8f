import ArgumentParser
import Testing

@testable import convnext

@Suite("Completion script")
struct CompletionScriptTests {
  @Test("in every shell, help knows commands and topics", arguments: CompletionShell.allCases)
  func help(_ shell: CompletionShell) {
    let generated = ConvNeXtCommand.completionScript(for: shell)
    let script = CompletionScript(generated).text
    #expect(!generated.contains("exit-codes"))
    #expect(script.contains("exit-codes") && script.contains("naming"))
    let added = script.split(separator: "\n").count - generated.split(separator: "\n").count
    #expect(added == (shell == .bash ? 1 : shell == .zsh ? 0 : HelpRequest.commandNames.count + 3))
  }
}
