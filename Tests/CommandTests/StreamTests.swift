import ByteIO
import TestSupport
import Testing

@Suite("Streams")
struct StreamTests {
  private static let timm = Fixtures.path("names/timm.pth")
  private static let ema = Fixtures.path("torch/ema.pth")

  @Test("notes go to standard error, and --quiet leaves them out")
  func notes() throws {
    let folder = try TemporaryFolder()
    let loud = try Command.run("convert", Self.ema, "-o", folder.path("a.convnext"))
    #expect(loud.error.hasPrefix("note: took 'model_ema'"))
    #expect(loud.error.contains("--key 'model'"))
    #expect(!loud.output.contains("note"))
    let quiet = try Command.run("convert", Self.ema, "-o", folder.path("b.convnext"), "--quiet")
    #expect(quiet.error == "")
    let json = try Command.run("convert", Self.ema, "-o", folder.path("c.convnext"), "--json")
    #expect(json.error == "")
    #expect(try json.json()["schema"]?.stringValue == "convnext.convert/1")
    let noted = try json.json()["notes"]?.arrayValue?.compactMap(\.stringValue)
    #expect(noted?.first?.hasPrefix("took 'model_ema'") == true)
    for arguments in [["checksum", Self.ema], ["diff", Self.ema, Self.ema]] {
      let result = try Command.run(arguments + ["--json"])
      #expect(result.error == "")
      #expect(try result.json()["notes"]?.arrayValue?.isEmpty == false)
    }
  }

  @Test(
    "--quiet leaves results only",
    arguments: [
      ("inspect FILE", #"^\S*timm\.pth   PyTorch zip"#),
      ("tensors FILE --match stem.0.bias", #"^name\tdtype.*\nstem"#),
      ("checksum --digest FILE", #"^[0-9a-f]{64}\n$"#),
      ("diff FILE FILE", #"^same model, identical\n$"#),
      ("verify FILE", #"^[^\n]*timm\.pth: OK\n$"#),
      ("convert FILE -o a.convnext", #"^wrote a\.convnext [^\n]*\ncontent digest [0-9a-f]{64}\n$"#),
      (
        "quantize FILE -o b.convnext", #"^wrote b\.convnext [^\n]*\ncontent digest [0-9a-f]{64}\n$"#
      ),
      ("report FILE -o a.html", #"^health: [^\n]*\nwrote a\.html [^\n]*\n$"#),
    ])
  func quiet(_ arguments: String, _ pattern: String) throws {
    let folder = try TemporaryFolder()
    let line = arguments.replacing("FILE", with: "'\(Self.timm)'")
    let result = try Command.shell("convnext \(line) --quiet", in: folder.path)
    #expect(result.error == "")
    #expect(try result.output.contains(Regex(pattern)), "\(result.output)")
  }

  @Test("in a pipe names are whole, whatever width is asked for")
  func pipedTable() throws {
    let arguments = ["tensors", Self.timm, "--format", "table"]
    let narrow = try Command.run(arguments, environment: ["COLUMNS": "30"])
    #expect(narrow.status == 0 && narrow.output.contains("stages.0.blocks.0.conv_dw.weight"))
    #expect(narrow.output == (try Command.run(arguments).output))
  }

  @Test(
    "help and version that cannot be written are a failure",
    arguments: ["--help", "--version", "help inspect"])
  func closedOutput(_ arguments: String) throws {
    let result = try Command.shell("convnext \(arguments) >&-")
    #expect(result.status == 74)
    #expect(result.error.hasPrefix("convnext: standard output: cannot be written: "))
    #expect(result.error.contains("hint: what was to be printed is lost"))
    #expect(try Command.shell("convnext \(arguments)").status == 0)
  }

  @Test("a note says that no tensor fits a pattern")
  func nothingFits() throws {
    let result = try Command.run("tensors", Self.timm, "--match", "x*")
    #expect(result.status == 0)
    #expect(result.output == "name\tdtype\tshape\telements\tbytes\n")
    #expect(result.error == "note: none of 65 tensors has a name that fits 'x*'\n")
    #expect(try Command.run("tensors", Self.timm, "--match", "x*", "--quiet").error == "")
  }

  /// Names that a terminal must not get as they are.
  private static let hostileNames = [
    "\u{1B}[2Jgone", "two\nlines", "tab\tbed", "\u{7}bell", "back\u{8}", "\u{202E}right to left",
    "zero\u{200B}width", "\u{9B}31m", "cr\rlf", "nul\u{0}",
  ]

  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0A, 0x09, 0x20...0x7E: true
      case 0x200B...0x200F, 0x2028...0x202E: false
      default: scalar.value >= 0xA0
      }
    }
  }

  @Test("control characters in names are escaped in texts, and JSON stays valid")
  func controlCharacters() throws {
    let folder = try TemporaryFolder()
    let file = try folder.writeSafetensors(names: Self.hostileNames, to: "a.safetensors")
    let table = try Command.run("tensors", file)
    #expect(table.status == 0)
    #expect(isHarmless(table.output))
    #expect(table.output.split(separator: "\n").count == Self.hostileNames.count + 1)
    for line in table.output.split(separator: "\n") {
      #expect(line.split(separator: "\t").count == 5)
    }
    let json = try Command.run("tensors", file, "--json")
    #expect(isHarmless(json.output))
    let names = try json.json()["tensors"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
    #expect(names == Self.hostileNames)
    #expect(isHarmless(try Command.terminalOutput(["tensors", file])))
    #expect(isHarmless(try Command.terminalOutput(["checksum", file])))
    #expect(isHarmless(try Command.run("checksum", file, "--json").output))
  }

  @Test("control characters in errors, rules and file names are escaped")
  func controlCharactersInErrors() throws {
    let folder = try TemporaryFolder()
    let rules = try folder.write("conv_dw \u{1B}[31m\n".utf8, to: "rules")
    let renamed = try Command.run("inspect", Self.timm, "--rules", rules)
    #expect(isHarmless(renamed.output + renamed.error))
    let broken = try folder.write("^stem stem\u{1B}]0;x\u{7}\n".utf8, to: "rules2")
    let refused = try Command.run(
      "convert", Self.timm, "-o", folder.path("a.convnext"), "--rules", broken)
    #expect(refused.status == 65)
    #expect(isHarmless(refused.error))
    #expect(refused.error.contains("\\u{1b}"))
    let missing = try Command.run("inspect", "/nowhere/\u{1B}[31m.pth")
    #expect(isHarmless(missing.error))
    #expect(isHarmless(try Command.run("inspect", "/nowhere/\u{1B}[31m.pth", "--json").error))
  }

  @Test("tables are tabs in a pipe, and aligned with a total on a terminal")
  func tables() throws {
    let pipe = try Command.run("tensors", Self.timm).output.split(separator: "\n")
    #expect(pipe.count == 66)
    #expect(pipe[0] == "name\tdtype\tshape\telements\tbytes")
    #expect(pipe[1] == "stem.0.weight\tF32\t4x3x4x4\t192\t768")
    let terminal = try Command.terminalOutput(["tensors", Self.timm]).split(separator: "\n")
    #expect(terminal.count == 67)
    #expect(terminal[0].hasPrefix("NAME"))
    #expect(terminal[66].hasPrefix("total: 65"))
    #expect(terminal[66].hasSuffix("9,778  39,112"))
    for (locale, mark) in [("C.UTF-8", "…"), ("C", "...")] {
      let narrow = try Command.terminalOutput(
        ["tensors", Self.timm], columns: 60, environment: ["LC_ALL": locale]
      ).split(separator: "\n")
      #expect(narrow.allSatisfy { $0.count <= 60 })
      #expect(narrow.contains { $0.contains(mark) })
      #expect(narrow.allSatisfy { $0.utf8.count == $0.count } == (locale == "C"))
    }
  }

  @Test(
    "long sentences of inspect are lines with an indentation on a terminal, and whole elsewhere")
  func wrappedFacts() throws {
    let ema = Fixtures.path("torch/ema.pth")
    let pipe = try Command.run("inspect", ema).output.split(separator: "\n")
    let evidence = try #require(pipe.first { $0.hasPrefix("  evidence  ") })
    #expect(evidence.count > 80)
    let lines = try Command.terminalOutput(["inspect", ema], columns: 60).split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("  evidence  ") })
    let rest = lines[(start + 1)...].prefix { $0.hasPrefix("            ") }
    #expect(!rest.isEmpty)
    #expect((lines[start...start] + rest).allSatisfy { $0.count <= 60 })
    let words = { (text: Substring) in text.split(separator: " ").map(String.init) }
    #expect(words(lines[start]) + rest.flatMap { words($0) } == words(evidence))
  }

  @Test("colour is for terminals, unless it is turned off or on")
  func color() throws {
    let isColored = { (text: String) in text.contains("\u{1B}[32m") }
    #expect(isColored(try Command.terminalOutput(["verify", Self.timm])))
    #expect(
      !isColored(try Command.terminalOutput(["verify", Self.timm], environment: ["NO_COLOR": "1"])))
    #expect(
      !isColored(try Command.terminalOutput(["verify", Self.timm], environment: ["TERM": "dumb"])))
    #expect(!isColored(try Command.terminalOutput(["verify", Self.timm, "--color", "never"])))
    #expect(!isColored(try Command.run("verify", Self.timm).output))
    #expect(isColored(try Command.run("verify", Self.timm, "--color", "always").output))
    #expect(
      isColored(
        try Command.run(
          ["verify", Self.timm, "--color", "always"], environment: ["NO_COLOR": "1"]
        ).output))
  }

  @Test("a reader that stops early is no error")
  func closedPipe() throws {
    let result = try Command.shell("convnext inspect --config v2-huge --layers | head -n 1")
    #expect(result.error == "")
    #expect(result.output.hasPrefix("convnext"))
  }
}
