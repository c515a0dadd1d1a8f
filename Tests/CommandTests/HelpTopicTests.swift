import ByteIO
import ConvNeXtSchema
import Convert
import TestSupport
import Testing

@testable import convnext

/// Holds `docs/command-line.md` against the tables of the program.
///
/// After a change, `UPDATE_DOCS=1 swift test --filter HelpTopicTests` writes them anew.
@Suite("Help topics")
struct HelpTopicTests {
  private let document = Document("docs/command-line.md")

  @Test("the documents have the table of each topic", arguments: HelpTopic.allCases)
  func documented(_ topic: HelpTopic) throws {
    #expect(
      try document.part(topic.rawValue, expected: topic.markdown) == topic.markdown)
  }

  @Test(
    "each topic is printed, and named in the help and the overview", arguments: HelpTopic.allCases)
  func printed(_ topic: HelpTopic) throws {
    let result = try Command.run("help", topic.rawValue)
    #expect(result.status == 0)
    #expect(result.output == topic.text)
    for line in result.output.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
    #expect(try Command.run("--help").output.contains(topic.rawValue))
    #expect(try Command.run().output.contains("\n  \(topic.rawValue) "))
  }

  @Test("the tables have every status, format and naming")
  func complete() {
    for status in ExitStatus.allCases {
      #expect(HelpTopic.exitCodes.markdown.contains("| \(status.rawValue) | \(status.meaning) |"))
    }
    for container in Checkpoint.Container.allCases {
      #expect(HelpTopic.formats.markdown.contains("| `\(container.rawValue)` |"))
    }
    for naming in Naming.allCases {
      #expect(HelpTopic.naming.markdown.contains("| `\(naming.rawValue)` |"))
    }
    #expect(HelpTopic.naming.text.contains("features.1.0.block.0.weight"))
  }

  @Test("what is neither a command nor a topic gets the nearest name")
  func unknown() throws {
    let cases = [
      (["help", "format"], "'formats'"), (["help", "inspec"], "'inspect'"),
      (["inspekt", "a.pth"], "'inspect'"), (["versify"], "'verify'"), (["version"], "'--version'"),
      (["--versoin"], "'--version'"), (["convert", "a", "--forse", "-o", "b.pth"], "'--force'"),
    ]
    for (arguments, name) in cases {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output == "")
      #expect(result.error.contains("Did you mean \(name)?"), "\(arguments): \(result.error)")
      let json = try Command.run(arguments + ["--json"])
      #expect(json.status == 64)
      #expect(try json.errorJSON()["message"]?.stringValue?.contains(name) == true)
    }
    let file = try Command.run(Fixtures.path("names/timm.pth"))
    #expect(file.status == 64)
    #expect(file.error.contains("convnext inspect FILE"))
    #expect(try !Command.run("help", "\u{1B}[31m").error.contains("\u{1B}"))
  }

  @Test("'help COMMAND' is '--help'", arguments: HelpRequest.commandNames)
  func helpOfCommand(_ command: String) throws {
    #expect(try Command.run("help", command).output == Command.run(command, "--help").output)
  }

  @Test("without a command there is an overview with every command")
  func overview() throws {
    let result = try Command.run()
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(result.output.split(separator: "\n").count < 25)
    for command in HelpRequest.commandNames { #expect(result.output.contains("\n  \(command) ")) }
  }
}
