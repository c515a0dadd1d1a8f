public import Inspect

/// What a report shows about a file: values only; nothing more is read.
public struct ReportContents: Sendable {
  /// The file's name, without its folder.
  public var fileName: String
  /// What kind of file it is, and its size.
  public var fileKind: String
  /// What the model is; `nil` if none was found.
  public var modelName: String?
  /// What is known about the file.
  public var facts: [ReportFact]
  /// What the model is and costs.
  public var summary: ModelSummary?
  /// What is wrong with the numbers.
  public var health: ModelHealth
  /// All tensors of the file, in the order in which they are shown.
  public var tensors: [ReportTensor]
  /// Where the file came from, and its digests.
  public var provenance: [ReportFact]
  /// The classes' names.
  public var labels: [String]?
  /// How images are prepared, as JSON.
  public var preprocessing: String?
  /// The second file, compared with the first.
  public var comparison: ReportComparison?
  /// The program that made the report, with its version.
  public var tool: String

  /// Creates contents from what every report has.
  public init(
    fileName: String, fileKind: String, health: ModelHealth, tensors: [ReportTensor], tool: String
  ) {
    self.fileName = fileName
    self.fileKind = fileKind
    self.health = health
    self.tensors = tensors
    self.tool = tool
    facts = []
    provenance = []
  }
}
