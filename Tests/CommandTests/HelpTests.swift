import ArgumentParser
import ByteIO
import Foundation
import TestSupport
import Testing

@testable import convnext

@Suite("Help")
struct HelpTests {
  private static let commands = HelpRequest.commandNames

  /// The command lines of a help text's EXAMPLES, without the program's name.
  private func commandLines(_ help: String) -> [[String]] {
    help.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { $0.hasPrefix("convnext ") }.map { line in
        line.split(separator: " ").dropFirst().map { String($0.filter { $0 != "'" }) }
      }
  }

  @Test(
    "an option that a command does not have is named before what is missing",
    arguments: [
      ("convert a.pth --out b.convnext", "--out", "--output"), ("verify --jso", "--jso", "--json"),
      ("inspect --bogus-option", "--bogus-option", nil), ("sign a --kee=k", "--kee", "--key"),
      ("diff a --tolerence=1", "--tolerence", "--tolerance"),
    ] as [(String, String, String?)])
  func unknownOption(_ arguments: String, _ option: String, _ suggestion: String?) throws {
    let result = try Command.shell("convnext \(arguments)")
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("Error: Unknown option '\(option)'"))
    if let suggestion { #expect(result.error.contains("Did you mean '\(suggestion)'?")) }
    #expect(try Command.shell("convnext inspect --config tiny --json").status == 0)
    #expect(try !Command.shell("convnext inspect -- --bogus").error.contains("Unknown option"))
  }

  @Test(
    "what is wrong with arguments comes with the usage of their command",
    arguments: [
      ("verify --jso", "verify"), ("tensors a --top -1", "tensors"),
      ("diff a b --tolerance -1", "diff"), ("inspect a --image-size -1", "inspect"),
      ("inspect a --color blue", "inspect"), ("convert -x.pth", "convert"),
    ])
  func usage(_ arguments: String, _ command: String) throws {
    let result = try Command.shell("convnext \(arguments)")
    #expect(result.status == 64)
    #expect(result.error.contains("\nUsage: convnext \(command) "), "\(result.error)")
    #expect(result.error.hasSuffix("See 'convnext \(command) --help' for more information.\n"))
  }

  @Test("a number that is too small is told which ones are taken")
  func negativeNumbers() throws {
    for (arguments, range) in [
      ("tensors a --top -1", "a number from 1 on"), ("diff a b --top -1", "a number from 1 on"),
      ("diff a b --tolerance -1", "a finite number from 0 on"),
      ("inspect a --image-size -1", "a number from 1 to 8192"),
      ("inspect --config tiny --classes -1", "a number from 0 to 10000000"),
    ] {
      let result = try Command.shell("convnext \(arguments)")
      #expect(result.status == 64)
      #expect(result.error.contains("takes \(range)"), "\(result.error)")
    }
  }

  @Test(
    "what is no command is told which one was meant",
    arguments: [
      ("ls a", "tensors"), ("list", "tensors"), ("info a", "inspect"), ("INSPECT a", "inspect"),
      ("quantise a", "quantize"),
    ])
  func otherCommands(_ arguments: String, _ command: String) throws {
    let result = try Command.shell("convnext \(arguments)")
    #expect(result.status == 64)
    #expect(result.error.contains("Did you mean '\(command)'?"), "\(result.error)")
  }

  @Test("options before the command are told to follow it", arguments: ["-q", "--color=never"])
  func optionsInFront(_ option: String) throws {
    let result = try Command.shell("convnext \(option) inspect a.pth")
    #expect(result.status == 64)
    #expect(
      result.error.hasPrefix(
        "Error: Options follow the command: 'convnext inspect \(option)'.\n"))
    #expect(
      try Command.shell("convnext --json inspect a.pth").error.contains(
        "Options follow the command"))
  }

  /// A folder with the files that the examples speak of.
  private func filledFolder() throws -> (folder: TemporaryFolder, hashName: String) {
    let folder = try TemporaryFolder()
    try folder.copy("names/timm.pth", to: "convnext_tiny.pth")
    for name in ["before.pth", "after.pth"] { try folder.copy("names/facebook.pth", to: name) }
    try folder.copy("names/timm.safetensors", to: "convnext_tiny.safetensors")
    try folder.copy("names/timm.safetensors", to: "model.safetensors")
    let torchvision = try FixtureManifest.file("names/torchvision.pth")
    let hashName = "convnext_tiny-\(torchvision.sha256.hex.prefix(8)).pth"
    try folder.copy(torchvision.file, to: hashName)
    let timm = try FixtureManifest.file("names/timm.pth")
    try folder.write("\(timm.sha256.hex)  convnext_tiny.pth\n".utf8, to: "SHA256SUMS")
    try folder.write(
      """
      version https://git-lfs.github.com/spec/v1
      oid sha256:\(timm.sha256.hex)
      size \(timm.byteCount)

      """.utf8, to: "pointer.pth")
    _ = try Command.run("convert", timm.path, "-o", folder.path("tiny.convnext"))
    try folder.write(TestKeys.privateKey.utf8, to: "private.pem")
    for name in ["public.pem", "publisher.pem"] {
      try folder.write(TestKeys.publicKey.utf8, to: name)
    }
    _ = try Command.run(
      "sign", folder.path("tiny.convnext"), "--key", folder.path("private.pem"))
    return (folder, hashName)
  }

  @Test("the examples of every command run", arguments: commands + [""])
  func examples(_ command: String) throws {
    let help = try Command.run((command.isEmpty ? [] : [command]) + ["--help"])
    #expect(help.status == 0)
    // Right behind the line or two that say what the command does.
    let start = try #require(help.output.ranges(of: "EXAMPLES:\n").first).lowerBound
    #expect(help.output[..<start].split(separator: "\n").count <= 2)
    let examples = commandLines(help.output)
    #expect((2...4).contains(examples.count))
    let (folder, hashName) = try filledFolder()
    for example in examples {
      // Outputs must not be there yet, and a shell replaces patterns.
      if let option = example.firstIndex(of: "-o") { unlink(folder.path(example[option + 1])) }
      if example.first == "sign" { unlink(folder.path("tiny.convnext.sig")) }
      let arguments = example.flatMap { argument -> [String] in
        switch argument {
        case "convnext_tiny-983f1562.pth": [hashName]
        case "*.pth": ["convnext_tiny.pth", hashName]
        default: [argument]
        }
      }
      let result = try Command.run(arguments, in: folder.path)
      #expect(result.status == 0, "\(example): \(result.error)")
      #expect(!result.output.isEmpty)
    }
  }

  @Test("a terminal of no width is none", arguments: ["0", "-3", "5", "19", "x"])
  func columns(_ columns: String) throws {
    let usual = try Command.run("inspect", "--help")
    for arguments in [["inspect", "--help"], ["help", "inspect"]] {
      let help = try Command.run(arguments, environment: ["COLUMNS": columns])
      #expect(help.output == usual.output)
    }
    let narrowest = try Command.run(["inspect", "--help"], environment: ["COLUMNS": "20"])
    let narrow = try Command.run(["inspect", "--help"], environment: ["COLUMNS": "40"])
    #expect(narrowest.output == narrow.output)
    #expect(narrow.output != usual.output && narrow.output.contains("--image-size"))
  }

  @Test("no line of a help text is lost in man pages, where these begin a macro")
  func manualPages() {
    let configurations =
      [ConvNeXtCommand.configuration]
      + ConvNeXtCommand.configuration.subcommands.map { $0.configuration }
    for line in configurations.flatMap({ $0.discussion.split(separator: "\n") }) {
      #expect(!line.hasPrefix("'") && !line.hasPrefix("."), "\(line)")
    }
  }

  @Test("the help lists every command")
  func overview() throws {
    let help = try Command.run("--help").output
    for command in Self.commands { #expect(help.contains("\n  \(command) "), "\(command)") }
  }
}
