import ByteIO
import TestSupport
import Testing

@testable import convnext

@Suite("Completion")
struct CompletionTests {
  /// A folder with checkpoints, one of which tries to make a shell do something.
  private static func filledFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.pth", to: "timm.pth")
    try folder.copy("names/timm.safetensors", to: "with space.safetensors")
    try folder.copy("torch/ema.pth", to: "ema.pth")
    try folder.writeSafetensors(
      names: ["stem.`touch done`", "stem.$(touch done)", "stem.;touch done", "stem.weight"],
      to: "hostile.safetensors")
    try folder.write([], to: "notes.txt")
    return folder
  }

  /// Command lines, what is offered for the last word, and what is not.
  private static let cases: [(words: [String], offered: [String], others: [String])] = [
    ([""], HelpRequest.commandNames, ["---completion"]),
    (["tens"], ["tensors"], ["inspect"]),
    (["help", ""], ["exit-codes", "formats", "naming", "inspect"], ["timm.pth"]),
    (["help", "f"], ["formats"], ["inspect"]), (["inspect", "exit"], [], ["exit-codes"]),
    (["tensors", "ti"], ["timm.pth"], ["notes.txt", "ema.pth"]),
    (
      ["tensors", "timm.pth", "--match", "stages.0.blocks.0.m"],
      ["stages.0.blocks.0.mlp.fc1.weight", "stages.0.blocks.0.mlp.fc2.bias"],
      ["stages.1.blocks.0.mlp.fc1.weight"]
    ),
    (["tensors", "--match", "stem", "timm"], ["timm.pth"], ["ema.pth"]),
    (["tensors", "with\\ space.safetensors", "--match", "stem.0"], ["stem.0.weight"], []),
    (
      ["tensors", "hostile.safetensors", "--match", "stem."], ["stem.weight"], ["stem.;touch done"]
    ),
    (["tensors", "timm.pth", "--sort", "m"], ["min", "max", "mean"], ["name"]),
    (["tensors", "timm.pth", "--format", ""], ["table", "json"], []),
    (["inspect", "ema.pth", "--key", "model"], ["model", "model_ema"], ["optimizer"]),
    (["diff", "timm.pth", "ema.pth", "--second-key", "model"], ["model", "model_ema"], []),
    (
      ["convert", "-o", "timm.pth", "ema.pth", "--key", "model"], ["model", "model_ema"],
      ["optimizer"]
    ),
    (["diff", "ema.pth", "timm.pth", "--second-key", ""], [], ["model", "model_ema"]),
    (["inspect", "--config", "v2_"], ["v2_tiny", "v2_huge"], ["tiny"]),
    (["inspect", "--config", "convnextv2_t"], ["convnextv2_tiny"], ["tiny"]),
    (["convert", "timm.pth", "--naming", "t"], ["timm", "torchvision"], ["facebook"]),
    (["convert", "timm.pth", "--to", ""], ["convnext", "safetensors", "pytorch"], []),
    (["tensors", "notes.txt", "--match", ""], [], ["stem.0.weight"]),
  ]

  @Test("bash completes commands, files, values, and names in the file", arguments: cases)
  func bash(_ words: [String], offered: [String], others: [String]) throws {
    let folder = try Self.filledFolder()
    // What readline does: the words of the line, the last of which is being typed.
    let script = """
      # As macOS's bash 3.2 can do it, too: that takes nothing from `source <(...)`.
      eval "$(convnext --generate-completion-script bash)" || exit 1
      COMP_WORDS=(convnext "$@")
      COMP_CWORD=$#
      COMP_LINE="${COMP_WORDS[*]}"
      COMP_POINT=${#COMP_LINE}
      _convnext convnext "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let arguments = words.map { "'\($0)'" }.joined(separator: " ")
    try folder.write(script.utf8, to: "script")
    let result = try Command.shell("bash script \(arguments)", in: folder.path)
    #expect(result.error == "")
    let lines = Set(result.output.split(separator: "\n").map(String.init))
    for name in offered { #expect(lines.contains(name), "\(name) in \(lines)") }
    for name in others { #expect(!lines.contains(name), "\(name)") }
    #expect(!folder.names.contains("done"))
  }

  private static func has(_ shell: String) -> Bool {
    (try? Command.shell("command -v \(shell)").status) == 0
  }

  /// Names in a file are only completed where somebody types (`commandline` in fish's script).
  @Test("fish takes its script", .enabled(if: has("fish"), "fish is not installed"))
  func fish() throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      """
      export HOME="$PWD" XDG_CONFIG_HOME="$PWD" XDG_DATA_HOME="$PWD"
      convnext --generate-completion-script fish > script
      fish --no-execute script && fish -c 'source script; complete -C "convnext tens"'
      """, in: folder.path)
    #expect(result.error == "")
    #expect(result.output.hasPrefix("tensors\t"))
    let topics = try Command.shell(
      """
      export HOME="$PWD" XDG_CONFIG_HOME="$PWD" XDG_DATA_HOME="$PWD"
      fish -c 'source script; complete -C "convnext help form"'
      """, in: folder.path)
    #expect(topics.output.hasPrefix("formats"))
  }

  @Test("zsh takes its script", .enabled(if: has("zsh"), "zsh is not installed"))
  func zsh() throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      "convnext --generate-completion-script zsh > _convnext && zsh -n _convnext", in: folder.path)
    #expect(result.status == 0)
    #expect(result.error == "")
    let script = try String(decoding: folder.bytes("_convnext"), as: UTF8.self)
    #expect(script.hasPrefix("#compdef"))
    #expect(script.contains(" naming)'"))
  }

  @Test(
    "a word is the path that a shell makes of it",
    arguments: [
      ("a.pth", "a.pth"), ("'a b'.pth", "a b.pth"), (#"a\ b.pth"#, "a b.pth"),
      (#""a'b".pth"#, "a'b.pth"), (#"'a\b'"#, #"a\b"#), ("", ""),
    ])
  func paths(_ word: String, _ path: String) {
    #expect(CheckpointCompletion.path(of: word) == path)
  }
}
