import ByteIO
import TestSupport
import Testing

@Suite("Forbidden code")
struct ForbiddenCodeTests {
  /// Code that no source may hold, and why.
  private static var rules: [(why: String, pattern: Regex<Substring>)] {
    [
      ("a failed try! ends the process", /\btry!/),
      ("a failed as! ends the process", /\bas!/),
      ("fatalError ends the process", /\bfatalError\(/),
      ("arrays have spans from macOS 26 on", /\.(?:span|mutableSpan|utf8Span)\b/),
      ("these types need macOS 26", /\b(?:InlineArray|UTF8Span)\b/),
      (
        "Foundation costs start-up time and size",
        /\b(?:NSString|FileManager|FileHandle|ProcessInfo)\b/
      ),
    ]
  }

  /// Ways to write to the standard streams.
  private static var printing: [Regex<Substring>] {
    [
      /(?:^|[^\w.])(?:print|debugPrint|dump|puts|putchar|fputs|printf|vprintf)\(/,
      /\b(?:stdout|stderr|STDOUT_FILENO|STDERR_FILENO|TextOutputStream)\b/,
      /\bwrite\([12],/,
    ]
  }

  private func faults(in source: SwiftSource) -> [String] {
    Self.rules.flatMap { rule in
      source.lines(with: rule.pattern).map { "\(rule.why): \($0)" }
    }
  }

  private func prints(in source: SwiftSource) -> [String] {
    Self.printing.flatMap { source.lines(with: $0) }
  }

  @Test("no source holds code that ends the process, or that older systems do not have")
  func everywhere() throws {
    let sources = try SwiftSource.all()
    try #require(sources.count > 100)
    for source in sources {
      #expect(faults(in: source) == [], "\(source.module)/\(source.name)")
    }
  }

  @Test("only the command prints, and the module that writes to the terminal for it")
  func printing() throws {
    let sources = try SwiftSource.all().filter { !["convnext", "Terminal"].contains($0.module) }
    try #require(sources.count > 100)
    for source in sources {
      #expect(prints(in: source) == [], "\(source.module)/\(source.name)")
    }
  }

  @Test(
    "such code would be seen",
    arguments: [
      "let x = try! f()", "let x = y as! Int", "fatalError()", "  fatalError(\"no\")",
      "let s = array.span", "values.mutableSpan[0] = 1", "let a: InlineArray<3, Int>",
      "func f(_ text: UTF8Span) {}", "name.utf8Span.count", "FileManager.default",
      "/* fine */ let x = try! f()", "let s = \"//\"; fatalError()",
    ])
  func seen(line: String) {
    #expect(faults(in: SwiftSource(module: "X", name: "", text: line)).count == 1)
  }

  @Test(
    "printing would be seen",
    arguments: [
      "print(1)", "  debugPrint(x)", "if x { print(\"a\") }", "fputs(\"a\", f)", "dump(x)",
      "write(STDOUT_FILENO, p, 1)", "Glibc.write(2, p, 1)", "fflush(stdout)", "f(stderr)",
    ])
  func printingSeen(line: String) {
    #expect(prints(in: SwiftSource(module: "X", name: "", text: line)).count == 1)
  }

  @Test(
    "other code is not complained of",
    arguments: [
      "let x = try? f()", "let x = y as? Int", "// try! as! fatalError( print(", "let lifespan = 1",
      "precondition(x)", "\"print(\"", "let s = RawSpan()", "fingerprint(x)", "x.print(y)",
      "let s = \"fatalError()\"", "/* print(", "func sprint() {}",
    ])
  func harmless(line: String) {
    let source = SwiftSource(module: "X", name: "", text: line)
    #expect(faults(in: source) == [])
    #expect(prints(in: source) == [])
  }

  @Test("a block comment goes on over lines")
  func blockComments() {
    let source = SwiftSource(module: "X", name: "", text: "/* a\n try! b\n*/ try! c")
    #expect(faults(in: source) == ["a failed try! ends the process:  try! c"])
  }

  @Test("the package sets no unsafe flag")
  func packageFlags() throws {
    let text = try #require(FileMapping(path: Repository.path("Package.swift")).region.text)
    #expect(!text.contains("unsafeFlags"))
    #expect(!text.contains("Ounchecked"))
  }
}
