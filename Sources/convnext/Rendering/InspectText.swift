import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import Report
import Terminal

/// `inspect` for people: a line for each thing that is known, then the stages, then the layers.
struct InspectText {
  private var lines: [String] = []

  var text: String { lines.joined(separator: "\n") + "\n" }

  init(summary: ModelSummary, showsLayers: Bool) {
    lines.append(
      "\(summary.variant?.fullName ?? "convnext")   a configuration; sizes are those of F32")
    add(InspectFacts(summary: summary))
    addTables(summary, showsLayers: showsLayers)
  }

  init(
    _ inspection: Inspection, file: String, extra: ExtraContent?, health: ModelHealth?,
    showsLayers: Bool
  ) {
    lines.append("\(escaped(file))   \(InspectFacts.file(inspection.checkpoint))")
    add(InspectFacts(inspection))
    if let summary = inspection.summary { addTables(summary, showsLayers: showsLayers) }
    if let health { lines += [""] + HealthText(health).lines }
    if let extra { addExtra(extra) }
  }

  private mutating func add(_ facts: InspectFacts) {
    for fact in facts.facts {
      let padding = String(repeating: " ", count: max(0, Self.labelWidth - 2 - fact.label.count))
      let value = columnCount.map { wrapped(fact.value, to: $0 - Self.labelWidth) } ?? [fact.value]
      let indentation = "\n" + String(repeating: " ", count: Self.labelWidth)
      lines.append("  \(fact.label)\(padding)\(value.joined(separator: indentation))")
    }
  }

  /// The columns in front of the values.
  private static let labelWidth = 12

  /// The terminal's width; in a pipe or a file, each fact is one line.
  private let columnCount = StandardStream.output.terminalColumnCount

  private mutating func addTables(_ summary: ModelSummary, showsLayers: Bool) {
    lines.append("")
    lines.append(summary.stageTable.aligned(columnCount: nil))
    if showsLayers { lines.append(summary.layerTable.aligned(columnCount: nil)) }
    lines[lines.count - 1].removeLast()
  }

  private mutating func addExtra(_ extra: ExtraContent) {
    lines.append("")
    guard let tree = extra.tree else {
      lines.append("nothing but tensors")
      return
    }
    lines += ExtraText(tree).lines
    if extra.isCut { lines.append("and more values, which are not shown") }
  }
}
