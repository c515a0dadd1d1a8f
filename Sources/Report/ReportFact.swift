/// A labelled sentence.
public struct ReportFact: Equatable, Sendable {
  /// What it is about; empty if it continues the fact before it.
  public let label: String
  /// The sentence.
  public let value: String

  /// Creates a fact.
  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}
