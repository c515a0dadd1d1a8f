import ByteIO
import ConvNeXtSchema
import Convert
import Inspect
import Quantize
import Terminal

/// What the `quantize` command prints.
struct QuantizationText {
  let plan: ConversionPlan
  let report: QuantizationReport
  let written: WrittenFiles
  let file: String
  let minimumSQNR: Double?
  let isGoodEnough: Bool

  /// How many tensors are listed.
  private static let listedCount = 10

  /// What became of the tensors, those that lost most, and sizes; if quiet, only where the result
  /// is.
  func text(isQuiet: Bool) -> String {
    let columnCount = StandardStream.output.terminalColumnCount
    var text = ""
    if !isQuiet {
      let candidate = plan.match.candidate
      text +=
        "\(plan.match.modelName): \(plan.steps.count) tensors, \(candidate.naming.rawValue) names"
        + " -> \(report.recipe), \(plan.naming.rawValue) names\n\n"
      text += formatTable.aligned(columnCount: columnCount) + "\n"
      if !report.lossy.isEmpty {
        text += "what lost most:\n" + worstTable.aligned(columnCount: columnCount) + "\n"
      }
      text += summary
    }
    return text + ending
  }

  private var formatTable: TextTable {
    var table = TextTable([
      ("FORMAT", .left), ("TENSORS", .right), ("ELEMENTS", .right), ("BYTES", .right),
      ("SQNR DB", .right), ("LOWEST", .right),
    ])
    for total in report.formats {
      table.append([
        total.format.rawValue, String(total.tensorCount), grouped(total.elementCount),
        grouped(total.byteCount), Self.decibels(total.sqnr), Self.decibels(total.smallestSQNR),
      ])
    }
    return table
  }

  private var worstTable: TextTable {
    var table = TextTable([
      ("NAME", .left), ("FORMAT", .left), ("SQNR DB", .right), ("MAX ERROR", .right),
      ("FLUSHED %", .right), ("CLIPPED %", .right), ("SMALLEST SCALE", .right),
    ])
    for row in report.lossy.prefix(Self.listedCount) {
      guard let quality = row.quality else { continue }
      let share = { (count: Int) in
        count == 0 ? "0" : fixedPoint(100 * Double(count) / Double(row.elementCount), decimals: 3)
      }
      table.append([
        row.name, row.format.rawValue, Self.decibels(quality.sqnr),
        readableFigure(quality.maximumError), share(quality.flushedCount),
        share(quality.clippedCount),
        quality.scales.map { readableFigure(Double($0.lowerBound)) } ?? "-",
      ])
    }
    return table
  }

  private var summary: String {
    let qualities = report.rows.compactMap(\.quality)
    var lines: [String] = []
    if let sqnr = report.sqnr {
      lines.append(
        "signal to noise: \(Self.decibels(sqnr)) dB over all tensors that lost something")
    } else if report.lossy.isEmpty {
      lines.append("signal to noise: nothing was lost")
    }
    let subnormals = qualities.reduce(0) { $0 + $1.subnormalCount }
    if subnormals > 0 {
      let tensors = qualities.count { $0.subnormalCount > 0 }
      lines.append("subnormal: \(grouped(subnormals)) elements of \(counted(tensors, "tensor"))")
    }
    let share = 100 * Double(report.byteCount) / Double(max(1, report.sourceByteCount))
    lines.append(
      "tensors: \(readableByteCount(report.sourceByteCount)) -> "
        + "\(readableByteCount(report.byteCount)) (\(fixedPoint(share, decimals: 1)) %)")
    return lines.joined(separator: "\n") + "\n"
  }

  private var ending: String {
    if !isGoodEnough, let minimumSQNR {
      let count = report.worst.count { ($0.quality?.sqnr ?? .infinity) < minimumSQNR }
      return "below \(minimumSQNR) dB: \(count) \(count == 1 ? "tensor" : "tensors"); "
        + "nothing was written\n"
    }
    return written.lines.joined(separator: "\n") + "\n"
  }

  private static func decibels(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value == .infinity { return "exact" }
    return value.isFinite ? fixedPoint(value, decimals: 2) : "-inf"
  }

  /// The report as one object.
  var json: JSONValue {
    var object = JSONObject()
    object["schema"] = "convnext.quantize/1"
    object["file"] = .string(file)
    object["output"] = .array(written.paths.map { .string($0) })
    object["written"] = .bool(written.areWritten)
    object["container"] = .string(plan.request.container.rawValue)
    object["sourceNaming"] = .string(plan.match.candidate.naming.rawValue)
    object["naming"] = .string(plan.naming.rawValue)
    object["bytes"] = .integer(written.byteCount)
    object["contentDigest"] = .optional(written.contentDigest) { .string($0.hex) }
    object["requiredSQNR"] = .optional(minimumSQNR) { .number($0) }
    object["passed"] = .bool(isGoodEnough)
    object["problems"] = .array(plan.match.problems.map { .string($0.sentence) })
    for entry in report.json.entries { object[entry.key] = entry.value }
    return .object(object)
  }
}
