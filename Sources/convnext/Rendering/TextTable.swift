import ByteIO

/// A table for a terminal or a pipe: text to the left, numbers to the right.
struct TextTable {
  enum Alignment {
    case left, right
  }

  /// The fewest columns of a name that is cut.
  private static let leastNameWidth = 16
  /// The most columns that cells are padded to: one long name would make each row as long.
  private static let mostPaddedWidth = 256
  /// The most names for which the best place to cut is searched.
  private static let mostComparedNames = 2000

  let titles: [String]
  let alignments: [Alignment]
  private(set) var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// The table for people: columns of equal width, names cut in the middle if the terminal is too
  /// narrow and that makes the table fit. Otherwise it is wider than the terminal.
  ///
  /// - Parameters:
  ///   - columnCount: The terminal's width; `nil` for as wide as needed.
  ///   - isASCII: Whether names are cut by three dots instead of `…`.
  func aligned(columnCount: Int?, isASCII: Bool = !localeUsesUTF8) -> String {
    var rows = [titles] + rows
    var widths = columnWidths(rows)
    let total = widths.reduce(0, +) + 2 * (widths.count - 1)
    if let columnCount, total > columnCount {
      let room = widths[0] - (total - columnCount)
      if room >= Self.leastNameWidth {
        let names = Self.cut(
          rows.map { Self.ends($0[0], room: room) }, to: room, isASCII: isASCII)
        for index in rows.indices { rows[index][0] = names[index] }
        widths = columnWidths(rows)
      }
    }
    return rows.map { row in
      let cells = zip(zip(row, alignments), widths).map { cell, width in
        let padded = min(width, Self.mostPaddedWidth)
        let padding = String(repeating: " ", count: max(0, padded - displayWidth(cell.0)))
        return cell.1 == .left ? cell.0 + padding : padding + cell.0
      }
      let line = cells.joined(separator: "  ")
      let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }
      return (end.map { Substring(line.utf8[...$0]) } ?? "") + "\n"
    }.joined()
  }

  /// As much of both ends of a long name as can be shown in a width, wherever it is cut.
  private static func ends(_ name: String, room: Int) -> String {
    name.unicodeScalars.count <= 4 * room ? name : String(name.prefix(room) + name.suffix(room))
  }

  /// Names cut to a width, at the place nearest to the middle that keeps most of them distinct.
  private static func cut(_ names: [String], to width: Int, isASCII: Bool) -> [String] {
    let room = width - ellipsis(isASCII: isASCII).count
    let middle = room / 2
    var best = (names: names.map { cutInMiddle($0, to: width, isASCII: isASCII) }, count: 0)
    best.count = Set(best.names).count
    if best.count == Set(names).count || names.count > mostComparedNames { return best.names }
    for distance in 1..<middle {
      for front in [middle + distance, middle - distance] where front < room {
        let cut = names.map { cutInMiddle($0, to: width, front: front, isASCII: isASCII) }
        let count = Set(cut).count
        if count > best.count { best = (cut, count) }
      }
    }
    return best.names
  }

  /// The table for programs: cells separated by tabs. Cells must not hold tabs or line feeds.
  func tabSeparated() -> String {
    ([titles.map { $0.lowercased() }] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func columnWidths(_ rows: [[String]]) -> [Int] {
    titles.indices.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
  }
}

/// What replaces the middle of a text that is cut.
private func ellipsis(isASCII: Bool) -> String { isASCII ? "..." : "…" }

/// A text with its middle replaced by `…` if it takes more than `width` columns.
///
/// - Parameters:
///   - front: The columns that are kept in front; `nil` for half of what is left.
///   - isASCII: Whether three dots replace the middle.
func cutInMiddle(
  _ text: String, to width: Int, front: Int? = nil, isASCII: Bool = !localeUsesUTF8
) -> String {
  let mark = ellipsis(isASCII: isASCII)
  guard width > mark.count, displayWidth(text) > width else { return text }
  let room = front ?? (width - mark.count) / 2
  var front = text.prefix(room)
  while displayWidth(front) > room { front.removeLast() }
  var back = text.suffix(width - mark.count - displayWidth(front))
  while displayWidth(front) + mark.count + displayWidth(back) > width { back.removeFirst() }
  return front + mark + back
}
