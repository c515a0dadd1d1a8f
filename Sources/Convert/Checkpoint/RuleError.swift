/// What is wrong with the user's rules for names, or with what they make of a file's names.
public enum RuleError: Error, Equatable, Sendable {
  /// A line of a rules file is no rule.
  case invalidRule(line: Int, text: String, problem: RenameRule.Problem)
  /// A rule's replacement names a group that its pattern does not have.
  case unknownGroup(group: Int, pattern: String)
  /// A rule makes a name longer than any.
  case newNameTooLong(pattern: String, limit: Int)
  /// Two tensors have one name once the rules were applied.
  case renamedTwice(name: String, sources: [String])
}
