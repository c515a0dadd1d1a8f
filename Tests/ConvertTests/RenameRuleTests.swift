import ByteIO
import ConvNeXtSchema
import TensorModel
import Testing

@testable import Convert

@Suite("RenameRule")
struct RenameRuleTests {
  private func rules(_ text: String) throws(RuleError) -> [RenameRule] {
    try RenameRule.parse(ByteRegion(copying: text.utf8))
  }

  private func renamed(_ name: String, by text: String) throws -> String? {
    let input = SchemaInput(
      info: TensorInfo(name: TensorName(name), elementType: .float32, shape: [1]))
    return try RenameRule.apply(rules(text), to: [input]).inputs.first?.info.name.string
  }

  /// Swift's parser of regular expressions crashes on some thousand.
  static func brackets(depth: Int) -> String {
    String(repeating: "[", count: depth) + "a" + String(repeating: "]", count: depth)
  }

  static let long = String(repeating: "a", count: 4097)

  @Test("brackets may lie in each other")
  func nestedBrackets() throws {
    #expect(try rules(Self.brackets(depth: 64)).count == 1)
  }

  @Test("lines, comments, and replacements that are missing")
  func parses() throws {
    let long = String(repeating: "\u{E9}", count: 5000)
    let rules = try rules("# a comment\n#a\(long)\n\n  ^a\\.   b.  \r\n\\.gone$\n")
    #expect(rules.map(\.pattern) == ["^a\\.", "\\.gone$"])
    #expect(rules.map(\.replacement) == ["b.", ""])
    #expect(try self.rules("").isEmpty)
  }

  @Test(
    "what is no rule is refused with its line",
    arguments: [
      ("a b c", 1, "a b c", .notARule), ("a b\n\n( c", 3, "( c", .notARule),
      ("*", 1, "*", .notARule),
      (brackets(depth: 65), 1, brackets(depth: 65), .bracketsTooDeep(limit: 64)),
      (long, 1, long, .lineTooLong(limit: 4096)),
      (String(repeating: "a b\n", count: 1001), 1001, "a b", .tooManyRules(limit: 1000)),
    ] as [(String, Int, String, RenameRule.Problem)])
  func refuses(_ text: String, _ line: Int, _ found: String, _ problem: RenameRule.Problem) {
    #expect(throws: RuleError.invalidRule(line: line, text: found, problem: problem)) {
      try rules(text)
    }
  }

  @Test("a rule is made of its two texts, and refused as in a file")
  func made() throws {
    let rule = try RenameRule(pattern: "^a b\\.", replacement: "c d.")
    let input = SchemaInput(
      info: TensorInfo(name: "a b.x", elementType: .float32, shape: [1]))
    #expect(try RenameRule.apply([rule], to: [input]).inputs.map(\.info.name) == ["c d.x"])
    for (pattern, problem) in [
      ("*", RenameRule.Problem.notARule), (Self.brackets(depth: 65), .bracketsTooDeep(limit: 64)),
      (Self.long, .lineTooLong(limit: 4096)),
    ] {
      #expect(throws: RuleError.invalidRule(line: 1, text: pattern, problem: problem)) {
        try RenameRule(pattern: pattern, replacement: "")
      }
    }
  }

  @Test("a byte order mark is no part of the first rule")
  func mark() throws {
    #expect(try rules("\u{FEFF}^a b\r\n").map(\.pattern) == ["^a"])
    #expect(try rules("\u{FEFF}# a comment ( \n").isEmpty)
  }

  @Test("rules that fit no name are told apart from the others")
  func unused() throws {
    func unused(_ names: [String], _ text: String) throws -> Set<Int> {
      let inputs = names.map {
        SchemaInput(info: TensorInfo(name: TensorName($0), elementType: .float32, shape: [1]))
      }
      return try RenameRule.apply(rules(text), to: inputs).unused
    }
    #expect(try unused(["a.x", "b.x"], "^a c\n^d e\n^c f\n^b b") == [1])
    #expect(try unused(["a.x"], "") == [])
    #expect(try unused([], "a b\nc d") == [0, 1])
  }

  @Test("rules that make a name longer and longer are refused, and long names may become shorter")
  func growing() throws {
    let doubling = String(repeating: "^(.*)$ $1$1\n", count: 40)
    #expect(throws: RuleError.newNameTooLong(pattern: "^(.*)$", limit: 4096)) {
      try renamed("stem.weight", by: doubling)
    }
    // What stands behind the match counts, too.
    let ahead = String(repeating: "^(?=(.*))s $1s\n", count: 40)
    #expect(throws: RuleError.newNameTooLong(pattern: "^(?=(.*))s", limit: 4096)) {
      try renamed("stem.weight", by: ahead)
    }
    #expect(try renamed("ab", by: String(repeating: "^(.*)$ $1$1\n", count: 11))?.count == 4096)
    #expect(try renamed(String(repeating: "ab", count: 5000), by: "b c")?.utf8.count == 10000)
    #expect(try renamed(String(repeating: "ab", count: 5000), by: "b")?.utf8.count == 5000)
  }

  @Test("a file that is not text is refused")
  func refusesBytes() {
    #expect(throws: RuleError.invalidRule(line: 1, text: "", problem: .notARule)) {
      try RenameRule.parse(ByteRegion(copying: [0x61, 0xFF]))
    }
  }

  @Test(
    "replacements",
    arguments: [
      ("a.b", "a x", "x.b"),
      ("a.a", "a x", "x.x"),
      ("net.stem", "^net\\.", "stem"),
      ("layer12.w", "layer(\\d+)\\.(.*) $2.$1", "w.12"),
      ("a", "(a)|(b) [$1$2]", "[a]"),
      ("a", "a $0$0", "aa"),
      ("a", "a $x$", "$x$"),
      ("a", "a b\nb c", "c"),
      // Scalars, not characters: an accent of its own can be replaced.
      ("e\u{301}", "\u{301} +", "e+"),
    ])
  func replaces(_ name: String, _ rules: String, _ expected: String) throws {
    let found = try #require(try renamed(name, by: rules))
    #expect(Array(found.utf8) == Array(expected.utf8))
  }

  @Test("a replacement that speaks of a group which its pattern does not have is refused")
  func unknownGroup() {
    #expect(throws: RuleError.unknownGroup(group: 7, pattern: "a")) {
      try renamed("a", by: "a $7")
    }
    #expect(throws: RuleError.unknownGroup(group: 2, pattern: "(a)")) {
      try renamed("a", by: "(a) $1$2")
    }
  }

  @Test("two tensors with one name are refused")
  func refusesMerging() throws {
    let inputs = ["a.x", "b.x"].map {
      SchemaInput(info: TensorInfo(name: TensorName($0), elementType: .float32, shape: [1]))
    }
    let rules = try rules("^.\\.")
    #expect(throws: RuleError.renamedTwice(name: "x", sources: ["a.x", "b.x"])) {
      try RenameRule.apply(rules, to: inputs)
    }
  }

  @Test("a tensor stays in its dictionary while its name says so")
  func wrappers() throws {
    let input = SchemaInput(
      info: TensorInfo(name: "model.a", elementType: .float32, shape: [1]), wrapper: "model")
    let inside = try RenameRule.apply(rules("a$ b"), to: [input]).inputs
    #expect(inside.map(\.wrapper) == ["model"])
    let outside = try RenameRule.apply(rules("^model\\."), to: [input]).inputs
    #expect(outside.map(\.wrapper) == [""])
    #expect(outside.map(\.info.name) == ["a"])
  }
}
