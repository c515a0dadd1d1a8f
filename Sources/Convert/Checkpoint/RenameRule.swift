public import ByteIO
import ConvNeXtSchema
import TensorModel

/// A rule of the user's that renames tensors before a model is looked for: a regular expression,
/// and what replaces each match.
public struct RenameRule: Sendable {
  /// The regular expression as it was written.
  public let pattern: String
  /// What replaces a match; `$1` to `$9` stand for what the groups matched.
  public let replacement: String

  /// What is wrong with a line.
  public enum Problem: Equatable, Sendable {
    /// It is no regular expression with its replacement.
    case notARule
    /// It is longer than any rule.
    case lineTooLong(limit: Int)
    /// There are as many rules before it as are taken.
    case tooManyRules(limit: Int)
    /// It has brackets in brackets beyond a bound.
    case bracketsTooDeep(limit: Int)
  }

  /// Reads rules, one a line: the regular expression, white space, the replacement, which may be
  /// missing. Empty lines and lines that begin with `#` are passed over.
  ///
  /// Throws `RuleError.invalidRule` for a line that is neither, that is longer than 4096 bytes or
  /// has brackets in brackets more than 64 deep, and for one beyond the first 1000 rules.
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
      guard bracketDepth(of: pattern) <= bracketDepthLimit else {
        throw refuse(.bracketsTooDeep(limit: bracketDepthLimit))
      }
      let rule = RenameRule(
        pattern: String(pattern), replacement: fields.count > 1 ? String(fields[1]) : "")
      guard fields.count <= 2, rule.regex != nil else { throw refuse(.notARule) }
      rules.append(rule)
    }
    return rules
  }

  /// A line, or as much as tells that it is too long, and whether it is a comment all the same.
  private static func text(of line: ByteRegion) -> String? {
    if line.byteCount <= lineByteCountLimit { return line.text }
    return line.slice(offset: 0, byteCount: lineByteCountLimit + 1)?
      .withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  private static let ruleLimit = 1000
  private static let lineByteCountLimit = 4096
  /// Swift's parser of regular expressions goes into brackets by recursion, and has no bound.
  private static let bracketDepthLimit = 64

  /// How deep opening brackets lie in each other, at most; escaped ones count, too.
  private static func bracketDepth(of pattern: Substring) -> Int {
    var (depth, deepest) = (0, 0)
    for byte in pattern.utf8 {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth = max(0, depth - 1) }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  // `Regex` is not Sendable, so it is made anew for each use.
  private var regex: Regex<AnyRegexOutput>? {
    (try? Regex(pattern))?.matchingSemantics(.unicodeScalar)
  }

  /// Renames tensors by all rules, each applied to what the one before it left.
  ///
  /// A tensor whose new name does not begin with its dictionary's path any more counts as lying in
  /// the outermost one. Beside the result are the rules that fit no name, by index. Throws
  /// `RuleError.renamedTwice` where two tensors would have one name, `.newNameTooLong` where rules
  /// make a name longer than 4096 bytes, and `.unknownGroup` where a replacement speaks of a group
  /// that is not there.
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

  /// A rule can double a name, and the next one double that.
  static let nameByteCountLimit = 4096

  /// A name with each match replaced; `nil` where there is none.
  private func replacing(
    _ regex: Regex<AnyRegexOutput>, in name: String
  ) throws(RuleError) -> String? {
    let matches = name.matches(of: regex)
    guard !matches.isEmpty else { return nil }
    // Names that a file has may be longer, and become shorter.
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
