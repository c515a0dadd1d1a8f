import ByteIO
import Convert
import Inspect
import TensorModel
import Terminal
import TorchFormat

/// How a list of tensors is written.
enum ListFormat: String, CaseIterable {
  case table, tsv, csv, json, markdown
}

/// The list of tensors that the `tensors` command prints.
struct TensorTable {
  let checkpoint: Checkpoint
  let listing: TensorListing
  /// Tensors that cannot be read but are wanted.
  let unsupported: [UnsupportedTensor]
  let hasStatistics: Bool

  /// The list as text; `json` is written by `json(file:)`.
  func text(_ format: ListFormat) -> String {
    let isForPeople = format == .table || format == .markdown
    var table = TextTable(columns)
    for row in listing.rows { table.append(cells(row, isForPeople: isForPeople)) }
    for tensor in unsupported {
      let start = [escaped(tensor.name), escaped(tensor.description)]
      let rest = [String](repeating: "-", count: columns.count - 2)
      table.append(start + rest)
    }
    if isForPeople { table.append(totals) }
    return switch format {
    case .table: table.aligned(columnCount: StandardStream.output.terminalColumnCount)
    case .markdown: table.markdown()
    case .csv: table.commaSeparated()
    case .tsv, .json: table.tabSeparated()
    }
  }

  private var columns: [(title: String, alignment: TextTable.Alignment)] {
    let plain: [(title: String, alignment: TextTable.Alignment)] = [
      ("NAME", .left), ("DTYPE", .left), ("SHAPE", .left), ("ELEMENTS", .right),
      ("BYTES", .right),
    ]
    guard hasStatistics else { return plain }
    return plain + [
      ("MIN", .right), ("MAX", .right), ("MEAN", .right), ("STD", .right), ("ZEROS", .right),
      ("SUBNORMALS", .right), ("NAN", .right), ("INF", .right), ("HISTOGRAM", .left),
    ]
  }

  private func cells(_ row: TensorListing.Row, isForPeople: Bool) -> [String] {
    let count = isForPeople ? grouped : { String($0) }
    let tensor = row.tensor
    let plain = [
      escaped(tensor.name.string), tensor.elementType.name, readableShape(tensor.shape),
      count(tensor.elementCount), count(tensor.byteCount),
    ]
    guard hasStatistics else { return plain }
    guard let statistics = row.statistics else {
      return plain + [String](repeating: "-", count: columns.count - plain.count)
    }
    let figures = [
      statistics.minimum, statistics.maximum, statistics.mean, statistics.standardDeviation,
    ].map { figure in
      figure.map { isForPeople ? readableFigure($0) : "\($0)" } ?? "-"
    }
    let counts = [
      statistics.zeroCount, statistics.subnormalCount, statistics.nanCount,
      statistics.infinityCount,
    ].map(count)
    let histogram =
      isForPeople
      ? sparkline(statistics.histogram, usesBlocks: localeUsesUTF8)
      : statistics.histogram.map(String.init).joined(separator: " ")
    return plain + figures + counts + [histogram.isEmpty ? "-" : histogram]
  }

  private var totals: [String] {
    let tensors = listing.rows.map(\.tensor)
    let count =
      tensors.count == listing.totalCount
      ? "total: \(tensors.count)" : "\(tensors.count) of \(listing.totalCount) tensors"
    let plain = [
      count, "", "", grouped(tensors.saturatingSum { $0.elementCount }),
      grouped(tensors.saturatingSum { $0.byteCount }),
    ]
    guard hasStatistics else { return plain }
    let statistics = listing.rows.compactMap(\.statistics)
    let sums = [\TensorStatistics.zeroCount, \.subnormalCount, \.nanCount, \.infinityCount].map {
      figure in grouped(statistics.saturatingSum { $0[keyPath: figure] })
    }
    return plain + ["", "", "", ""] + sums + [""]
  }

  /// The list as one object.
  func json(file: String) -> JSONValue {
    .object([
      "schema": "convnext.tensors/1",
      "file": .string(file),
      "container": .string(checkpoint.container.rawValue),
      "total": .integer(listing.totalCount),
      "tensors": .array(listing.rows.map { json(of: $0) }),
      "unsupported": .array(
        unsupported.map { tensor in
          .object(["name": .string(tensor.name), "description": .string(tensor.description)])
        }),
    ])
  }

  private func json(of row: TensorListing.Row) -> JSONValue {
    var object = JSONObject()
    object["name"] = .string(row.tensor.name.string)
    object["dtype"] = .string(row.tensor.elementType.name)
    object["shape"] = .integers(row.tensor.shape)
    object["elements"] = .integer(row.tensor.elementCount)
    object["bytes"] = .integer(row.tensor.byteCount)
    guard hasStatistics else { return .object(object) }
    object["statistics"] = .optional(row.statistics) { statistics in
      .object([
        "min": .optional(statistics.minimum) { .number($0) },
        "max": .optional(statistics.maximum) { .number($0) },
        "mean": .optional(statistics.mean) { .number($0) },
        "std": .optional(statistics.standardDeviation) { .number($0) },
        "zeros": .integer(statistics.zeroCount),
        "subnormals": .integer(statistics.subnormalCount),
        "nan": .integer(statistics.nanCount),
        "inf": .integer(statistics.infinityCount),
        "histogram": .integers(statistics.histogram),
      ])
    }
    return .object(object)
  }
}
