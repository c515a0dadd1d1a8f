/// What is wrong with the user's renaming rules, or with the names that they produce.
public enum RuleError: Error, Equatable, Sendable {
  /// A line of a rules file is not a rule.
  case invalidRule(line: Int, text: String, problem: RenameRule.Problem)
  /// A rule's replacement names a group that its pattern does not have.
  case unknownGroup(group: Int, pattern: String)
  /// A rule makes a name longer than names may be.
  case newNameTooLong(pattern: String, limit: Int)
  /// Two tensors have the same name after the rules are applied.
  case renamedTwice(name: String, sources: [String])
}
