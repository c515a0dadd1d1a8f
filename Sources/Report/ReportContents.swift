public import ByteIO
public import ConvNeXtSchema
public import Inspect
public import TensorModel

/// A labelled sentence.
public struct ReportFact: Equatable, Sendable {
  /// What it is about; empty where it goes on with the fact before it.
  public let label: String
  /// The sentence.
  public let value: String

  /// Creates a fact.
  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}

/// What a report shows of a file: values only, nothing is read any more.
public struct ReportContents: Sendable {
  /// The file's name, without its folder.
  public var fileName: String
  /// What kind of file it is, and its size.
  public var fileKind: String
  /// What the model is; `nil` where none was found.
  public var modelName: String?
  /// What is known of the file.
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
  /// The second file, held against the first.
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

/// A tensor as a report shows it.
public struct ReportTensor: Sendable {
  /// Its name in the file, element type and shape.
  public let info: TensorInfo
  /// The product of its dimensions.
  public let elementCount: Int
  /// The bytes of its elements.
  public let byteCount: Int
  /// The parameter of the model that it is; `nil`: it stands beside the model.
  public let parameter: Parameter?
  /// Its figures; `nil` for complex and packed types.
  public let statistics: TensorStatistics?
  /// The SHA-256 of its elements.
  public let digest: SHA256Digest

  /// Creates one from a tensor and what was found out of it.
  public init(
    _ tensor: Tensor, parameter: Parameter?, statistics: TensorStatistics?, digest: SHA256Digest
  ) {
    info = tensor.info
    elementCount = tensor.elementCount
    byteCount = tensor.byteCount
    self.parameter = parameter
    self.statistics = statistics
    self.digest = digest
  }
}

/// A second file, held against the first.
public struct ReportComparison: Sendable {
  /// The second file's name, without its folder.
  public let fileName: String
  /// What kind of file it is, and its size.
  public let fileKind: String
  /// What is known of it.
  public let facts: [ReportFact]
  /// How the two differ.
  public let diff: ModelDiff

  /// Creates a comparison from its parts.
  public init(fileName: String, fileKind: String, facts: [ReportFact], diff: ModelDiff) {
    self.fileName = fileName
    self.fileKind = fileKind
    self.facts = facts
    self.diff = diff
  }
}
