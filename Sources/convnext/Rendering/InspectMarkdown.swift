import ByteIO
import Convert
import Inspect
import Report
import TensorModel

/// `inspect` as tables for a model card.
struct InspectMarkdown {
  private var tables: [TextTable] = []

  /// The tables, separated by empty lines.
  var text: String { tables.map { $0.markdown() }.joined(separator: "\n") }

  init(configuration: String, summary: ModelSummary, showsLayers: Bool) {
    addFacts([["configuration", escaped(configuration)]], InspectFacts(summary: summary))
    addTables(summary, showsLayers: showsLayers)
  }

  init(_ inspection: Inspection, file: String, health: ModelHealth?, showsLayers: Bool) {
    addFacts(
      [
        ["file", escaped(FileSystem.name(of: file))],
        ["container", InspectFacts.file(inspection.checkpoint)],
      ], InspectFacts(inspection))
    if let summary = inspection.summary { addTables(summary, showsLayers: showsLayers) }
    if let health { addHealth(health) }
  }

  private mutating func addFacts(_ first: [[String]], _ facts: InspectFacts) {
    var table = TextTable([("PROPERTY", .left), ("VALUE", .left)])
    for row in first { table.append(row) }
    for fact in facts.facts { table.append([fact.label, fact.value]) }
    tables.append(table)
  }

  private mutating func addTables(_ summary: ModelSummary, showsLayers: Bool) {
    tables.append(summary.stageTable)
    if showsLayers { tables.append(summary.layerTable) }
  }

  private mutating func addHealth(_ health: ModelHealth) {
    var table = TextTable([
      ("HEALTH", .left), ("TENSOR", .left), ("EVIDENCE", .left), ("WHY IT MATTERS", .left),
    ])
    for finding in health.findings {
      table.append([
        "\(finding.severity.rawValue): \(finding.rule.title)",
        finding.tensor.map { escaped($0.string) } ?? "", finding.evidence, finding.rule.reason,
      ])
    }
    if health.findings.isEmpty { table.append([health.verdict, "", "", ""]) }
    if let sentence = health.unexamined { table.append([sentence, "", "", ""]) }
    tables.append(table)
  }
}
