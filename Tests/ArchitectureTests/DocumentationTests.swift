import ByteIO
import TestSupport
import Testing

/// What a user of the library reads beside a declaration.
@Suite("Documentation comments")
struct DocumentationTests {
  /// A declaration with what stands above it.
  private struct Declaration {
    let comment: String
    /// Up to its body.
    let signature: String
  }

  /// The public functions and initializers of a file.
  private static func declarations(in text: String) -> [Declaration] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { start in
      guard lines[start].drop(while: { $0 == " " }).hasPrefix("public "),
        lines[start].contains(/^[^=]*\b(?:func|init)\b/)
      else { return nil }
      var end = start
      while end < lines.count - 1, !lines[end].contains("{") { end += 1 }
      let above = lines[..<start].reversed().prefix { line in
        line.contains(/^ *(?:\/\/\/|@)/)
      }
      return Declaration(
        comment: above.reversed().joined(separator: "\n"),
        signature: lines[start...end].joined(separator: "\n"))
    }
  }

  private static var sourcePaths: [String] {
    namesInFolder(Repository.path("Sources")).flatMap { module in
      files(below: Repository.path("Sources/\(module)"), endingIn: ".swift")
    }
  }

  /// Those that throw, and do not say so.
  private static func silentThrows(in text: String) -> [String] {
    declarations(in: text).filter { declaration in
      declaration.signature.contains(/\b(?:re)?throws\b/)
        && !declaration.comment.contains(/\b[Tt]hrow(?:s|n)?\b/)
    }.map(\.signature)
  }

  @Test("each public function that throws says what, or when")
  func throwing() throws {
    var throwingCount = 0
    for path in Self.sourcePaths {
      let text = try #require(FileMapping(path: path).region.text)
      throwingCount += Self.declarations(in: text).count { $0.signature.contains("throws") }
      #expect(Self.silentThrows(in: text) == [], "\(path)")
    }
    #expect(throwingCount > 100)
  }

  @Test(
    "a function that is silent about it would be seen",
    arguments: [
      "  /// Reads.\n  public func read() throws {", "public init(\n  a: Int\n) throws(E) {",
      "  /// Reads.\n  @inlinable\n  public static func read() rethrows -> Int {",
    ])
  func seen(text: String) {
    #expect(Self.silentThrows(in: text).count == 1)
  }

  @Test(
    "others are not complained of",
    arguments: [
      "  /// Reads. Throws `E` at the end.\n  public func read() throws {",
      "  func read() throws {", "  /// Reads.\n  public func read() {",
      "  public private(set) var initial = 0\n  func f() throws {",
    ])
  func harmless(text: String) {
    #expect(Self.silentThrows(in: text) == [])
  }

  @Test("the tests that docs/attacks.md names exist")
  func namedTests() throws {
    let document = try #require(
      FileMapping(path: Repository.path("docs/attacks.md")).region.text)
    let files = files(below: Repository.path("Tests"), endingIn: "Tests.swift")
    let known = Set(files.map { FileSystem.name(of: $0).dropLast(".swift".count) })
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| ") }
    let named = Set(rows.flatMap { $0.matches(of: /\b[A-Z][\w+]*Tests\b/).map(\.output) })
    #expect(named.count > 20)
    #expect(named.subtracting(known).isEmpty, "\(named.subtracting(known).sorted())")
  }

  @Test("docs/library.md says of each public error where it is thrown")
  func errors() throws {
    let document = try #require(
      FileMapping(path: Repository.path("docs/library.md")).region.text)
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }
    var errorCount = 0
    // The command's own errors are nothing that the library throws.
    for path in Self.sourcePaths where !path.contains("/Sources/convnext/") {
      let text = try #require(FileMapping(path: path).region.text)
      for name in text.matches(of: /(\w+Error): CheckpointError/).map(\.output.1) {
        errorCount += 1
        #expect(rows.contains { $0.contains("`\(name)`") }, "\(name)")
      }
    }
    #expect(errorCount > 10)
  }

  /// Programs translate them, and act on them.
  @Test("docs/library.md lists the rules of each public error")
  func rules() throws {
    var rows: [String] = []
    for path in Self.sourcePaths where !path.contains("/Sources/convnext/") {
      let text = try #require(FileMapping(path: path).region.text)
      guard let name = text.firstMatch(of: /(?:enum|extension|struct) (\w+Error)\b/)?.output.1,
        let body = text.firstMatch(
          of: /public var rule: String \{( "[^"]*" \}|[\s\S]*?\n {2}\})\n/)?
          .output.1
      else { continue }
      var rules: [String] = []
      for rule in body.matches(of: /"([a-z0-9-]+)"/).map({ String($0.output.1) })
      where !rules.contains(rule) {
        rules.append(rule)
      }
      if name == "SystemError" {
        rules += SystemError.Operation.allCases.map { "\($0.rawValue)-failed" }
      }
      guard !rules.isEmpty else { continue }
      rows.append("| `\(name)` | \(rules.map { "`\($0)`" }.joined(separator: ", ")) |\n")
    }
    #expect(rows.count > 15)
    let table = "| error | rules |\n|---|---|\n" + rows.sorted().joined()
    #expect(try Document("docs/library.md").part("rules", expected: table) == table)
  }
}
