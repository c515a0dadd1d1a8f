public import ByteIO
import ConvNeXtSchema
import TensorModel

/// A user's rule that renames tensors before a model is looked for: a regular expression, and the
/// replacement for each match.
public struct RenameRule: Sendable {
  /// The regular expression as written.
  public let pattern: String
  /// What replaces a match; `$1` to `$9` are what the groups matched.
  public let replacement: String

  /// A rule as a line of a file has it.
  ///
  /// Throws `RuleError.invalidRule` for a pattern that is not a regular expression, is longer than 4096
  /// bytes, or has brackets nested more than 64 deep.
  public init(pattern: String, replacement: String) throws(RuleError) {
    self.pattern = pattern
    self.replacement = replacement
    if let problem { throw .invalidRule(line: 1, text: pattern, problem: problem) }
  }

  private init(unchecked pattern: Substring, replacement: Substring) {
    self.pattern = String(pattern)
    self.replacement = String(replacement)
  }

  private var problem: Problem? {
    if pattern.utf8.count > Self.lineByteCountLimit {
      return .lineTooLong(limit: Self.lineByteCountLimit)
    }
    if Self.bracketDepth(of: pattern) > Self.bracketDepthLimit {
      return .bracketsTooDeep(limit: Self.bracketDepthLimit)
    }
    return regex == nil ? .notARule : nil
  }

  /// What is wrong with a line.
  public enum Problem: Equatable, Sendable {
    /// It is not a regular expression with its replacement.
    case notARule
    /// It is longer than a rule may be.
    case lineTooLong(limit: Int)
    /// It is beyond the number of rules that are allowed.
    case tooManyRules(limit: Int)
    /// Its brackets are nested too deeply.
    case bracketsTooDeep(limit: Int)
  }

  /// Reads rules, one per line: the regular expression, white space, and the replacement, which may
  /// be missing. Empty lines and lines that begin with `#` are skipped.
  ///
  /// Throws `RuleError.invalidRule` for any other line, for one that is longer than 4096 bytes or
  /// has brackets nested more than 64 deep, and for one beyond the first 1000 rules.
  public static func parse(_ region: ByteRegion) throws(RuleError) -> [RenameRule] {
    var rules: [RenameRule] = []
    for (index, bytes) in ByteLines(region).enumerated() {
      guard let line = text(of: bytes) else {
        throw .invalidRule(line: index + 1, text: "", problem: .notARule)
      }
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard let pattern = fields.first, !pattern.hasPrefix("#") else { continue }
      func refuse(_ problem: Problem) -> RuleError {
        .invalidRule(line: index + 1, text: line, problem: problem)
      }
      guard bytes.byteCount <= lineByteCountLimit else {
        throw refuse(.lineTooLong(limit: lineByteCountLimit))
      }
      guard rules.count < ruleLimit else { throw refuse(.tooManyRules(limit: ruleLimit)) }
      let rule = RenameRule(unchecked: pattern, replacement: fields.count > 1 ? fields[1] : "")
      if let problem = rule.problem { throw refuse(problem) }
      guard fields.count <= 2 else { throw refuse(.notARule) }
      rules.append(rule)
    }
    return rules
  }

  /// A line, or enough of an overlong one to show that it is too long and whether it is a comment.
  private static func text(of line: ByteRegion) -> String? {
    if line.byteCount <= lineByteCountLimit { return line.text }
    return line.slice(offset: 0, byteCount: lineByteCountLimit + 1)?
      .withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  private static let ruleLimit = 1000
  private static let lineByteCountLimit = 4096
  /// Swift's regular expression parser recurses into brackets without a limit.
  private static let bracketDepthLimit = 64

  /// How deeply opening brackets are nested at most; escaped ones count, too.
  private static func bracketDepth(of pattern: String) -> Int {
    var (depth, deepest) = (0, 0)
    for byte in pattern.utf8 {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth = max(0, depth - 1) }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  // `Regex` is not Sendable, so it is created for each use.
  private var regex: Regex<AnyRegexOutput>? {
    (try? Regex(pattern))?.matchingSemantics(.unicodeScalar)
  }

  /// Renames tensors by all rules, each applied to the result of the one before it.
  ///
  /// A tensor whose new name no longer begins with its dictionary's path counts as being in the
  /// outermost one. The result includes the indices of rules that match no name. Throws
  /// `RuleError.renamedTwice` if two tensors would have the same name, `.newNameTooLong` if rules
  /// make a name longer than 4096 bytes, and `.unknownGroup` if a replacement refers to a group
  /// that does not exist.
  static func apply(
    _ rules: [RenameRule], to inputs: [SchemaInput]
  ) throws(RuleError) -> (inputs: [SchemaInput], unused: Set<Int>) {
    guard !rules.isEmpty else { return (inputs, []) }
    var unused = Set(rules.indices)
    let regexes = rules.map(\.regex)
    var sourceByName: [TensorName: TensorName] = [:]
    var renamed: [SchemaInput] = []
    for input in inputs {
      var name = input.info.name.string
      for index in rules.indices {
        guard let regex = regexes[index],
          let replaced = try rules[index].replacing(regex, in: name)
        else { continue }
        unused.remove(index)
        name = replaced
      }
      var info = input.info
      info.name = TensorName(name)
      if let other = sourceByName.updateValue(input.info.name, forKey: info.name) {
        throw .renamedTwice(name: name, sources: [other.string, input.info.name.string])
      }
      let staysInWrapper = name.utf8.starts(with: "\(input.wrapper).".utf8)
      renamed.append(SchemaInput(info: info, wrapper: staysInWrapper ? input.wrapper : ""))
    }
    return (renamed, unused)
  }

  /// A rule can double a name, and the next one double it again.
  static let nameByteCountLimit = 4096

  /// A name with each match replaced; `nil` if there is none.
  private func replacing(
    _ regex: Regex<AnyRegexOutput>, in name: String
  ) throws(RuleError) -> String? {
    let matches = name.matches(of: regex)
    guard !matches.isEmpty else { return nil }
    // A file's own names may be longer, and become shorter.
    let limit = max(Self.nameByteCountLimit, name.utf8.count)
    var replaced = ""
    var rest = name.startIndex
    func append(_ text: Substring) throws(RuleError) {
      replaced += text
      guard replaced.utf8.count <= limit else {
        throw .newNameTooLong(pattern: pattern, limit: Self.nameByteCountLimit)
      }
    }
    for match in matches {
      try append(name[rest..<match.range.lowerBound])
      try append(replacement(for: match)[...])
      rest = match.range.upperBound
    }
    try append(name[rest...])
    return replaced
  }

  private func replacement(
    for match: Regex<AnyRegexOutput>.Match
  ) throws(RuleError) -> String {
    var text = ""
    var rest = replacement[...]
    while let dollar = rest.firstIndex(of: "$") {
      text += rest[..<dollar]
      let next = rest.index(after: dollar)
      if next < rest.endIndex, let group = rest[next].wholeNumberValue, rest[next].isASCII {
        guard group < match.output.count else {
          throw .unknownGroup(group: group, pattern: pattern)
        }
        text += match.output[group].substring ?? ""
        rest = rest[rest.index(after: next)...]
      } else {
        text += "$"
        rest = rest[next...]
      }
    }
    return text + rest
  }
}
