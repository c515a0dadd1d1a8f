public import Inspect

/// A second file, compared with the first.
public struct ReportComparison: Sendable {
  /// The second file's name, without its folder.
  public let fileName: String
  /// What kind of file it is, and its size.
  public let fileKind: String
  /// What is known about it.
  public let facts: [ReportFact]
  /// What is wrong with its numbers.
  public let health: ModelHealth
  /// How the two differ.
  public let diff: ModelDiff

  /// Creates a comparison from its parts.
  public init(
    fileName: String, fileKind: String, facts: [ReportFact], health: ModelHealth, diff: ModelDiff
  ) {
    self.fileName = fileName
    self.fileKind = fileKind
    self.facts = facts
    self.health = health
    self.diff = diff
  }
}
