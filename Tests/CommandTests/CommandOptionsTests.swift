import Testing

@testable import convnext

@Suite("Options of a command")
struct CommandOptionsTests {
  @Test("names, values and how many files a command takes")
  func options() {
    let convert = CommandOptions(ConvertCommand.self)
    #expect(convert.takesValue("-o") && convert.takesValue("--output"))
    #expect(convert.option(named: "--force")?.takesValue == false)
    #expect(convert.option(named: "--part")?.values == ["model", "backbone"])
    #expect(convert.option(named: "-h") != nil && convert.option(named: "--bogus") == nil)
    #expect(convert.positionalLimit == 1)
    #expect(CommandOptions(ReportCommand.self).positionalLimit == 2)
    #expect(CommandOptions(ScanCommand.self).positionalLimit == .max)
  }

  @Test("what is neither an option nor its value")
  func positionals() {
    let options = CommandOptions(ConvertCommand.self)
    #expect(
      options.positionals(in: ["convert", "a", "-o", "b", "--force", "-", "--naming=x", "--", "-c"])
        == ["a", "-", "-c"])
  }
}
