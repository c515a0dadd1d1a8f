import ByteIO

/// A table for a terminal or a pipe: text to the left, numbers to the right.
struct TextTable {
  enum Alignment {
    case left, right
  }

  let titles: [String]
  let alignments: [Alignment]
  private(set) var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// The table for people: columns of equal width, names cut in the middle where the terminal is
  /// too narrow.
  ///
  /// - Parameter columnCount: The terminal's width; `nil`: as wide as it takes.
  func aligned(columnCount: Int?) -> String {
    var rows = [titles] + rows
    var widths = columnWidths(rows)
    let total = widths.reduce(0, +) + 2 * (widths.count - 1)
    if let columnCount, total > columnCount {
      let width = max(16, widths[0] - (total - columnCount))
      for index in rows.indices { rows[index][0] = cutInMiddle(rows[index][0], to: width) }
      widths = columnWidths(rows)
    }
    return rows.map { row in
      let cells = zip(zip(row, alignments), widths).map { cell, width in
        let padding = String(repeating: " ", count: max(0, width - cell.0.count))
        return cell.1 == .left ? cell.0 + padding : padding + cell.0
      }
      let line = cells.joined(separator: "  ")
      let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }
      return (end.map { Substring(line.utf8[...$0]) } ?? "") + "\n"
    }.joined()
  }

  /// The table for programs: cells set apart by tabs. Cells must not hold tabs or line feeds.
  func tabSeparated() -> String {
    ([titles.map { $0.lowercased() }] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func columnWidths(_ rows: [[String]]) -> [Int] {
    titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }
}

/// A text with its middle replaced by `…` where it is longer than `width` characters.
func cutInMiddle(_ text: String, to width: Int) -> String {
  guard text.count > width, width > 1 else { return text }
  let front = (width - 1) / 2
  return text.prefix(front) + "…" + text.suffix(width - 1 - front)
}
