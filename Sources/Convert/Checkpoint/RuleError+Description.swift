public import ByteIO

extension RuleError: CheckpointError {
  /// Rules are input, like the file.
  public var category: FailureCategory { .invalidInput }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .invalidRule: "invalid-rule"
    case .unknownGroup: "unknown-group"
    case .newNameTooLong: "new-name-too-long"
    case .renamedTwice: "renamed-twice"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .invalidRule(let line, let text, let problem):
      "line \(line) of the rules \(problem.sentence): \(quoted(text))"
    case .unknownGroup(let group, let pattern):
      "a rule uses $\(group), and its pattern \(quoted(pattern)) has no such group"
    case .newNameTooLong(let pattern, let limit):
      "the rule \(quoted(pattern)) makes a name of more than \(limit) bytes"
    case .renamedTwice(let name, let sources):
      "the rules give two tensors the name \(quoted(name)): "
        + sources.map { quoted($0) }.joined(separator: " and ")
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .invalidRule:
      "a line has a regular expression, white space, and what replaces it, or nothing more where it "
        + "is to be removed"
    case .unknownGroup: "groups are in parentheses, counted from 1; $0 is the whole match"
    case .newNameTooLong:
      "each rule is applied to what the ones before it left; '^' is the start of a name"
    case .renamedTwice: "make the pattern match one of them only; '^' and '$' are its ends"
    }
  }
}

extension RenameRule.Problem {
  /// What is wrong, to follow the line's number.
  fileprivate var sentence: String {
    switch self {
    case .notARule: "is not a regular expression and its replacement"
    case .lineTooLong(let limit): "is longer than \(limit) bytes"
    case .tooManyRules(let limit): "is one too many: the limit is \(limit)"
    case .bracketsTooDeep(let limit): "has brackets in brackets more than \(limit) deep"
    }
  }
}
