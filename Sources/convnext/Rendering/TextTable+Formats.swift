extension TextTable {
  /// The table as comma-separated values (RFC 4180), lines ending in a line feed.
  ///
  /// A text that a spreadsheet would treat as a formula gets an apostrophe in front. Some treat wide
  /// forms of the characters that begin one in the same way.
  func commaSeparated() -> String {
    ([titles.map { $0.lowercased() }] + rows).map { row in
      zip(row, alignments).map { cell, alignment in
        let isFormula =
          alignment == .left
          && (cell.unicodeScalars.first.map("=+-@＝＋－＠".unicodeScalars.contains) ?? false)
        let cell = isFormula && cell != "-" ? "'" + cell : cell
        // A semicolon ends a cell where the decimal sign is a comma.
        let needsQuotes = cell.utf8.contains { ",;\"".utf8.contains($0) }
        return needsQuotes ? "\"\(doublingQuotes(cell))\"" : cell
      }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// The table as GitHub and model cards show it.
  ///
  /// - Parameter escapes: Whether cells are plain text, and not Markdown already.
  func markdown(escapes: Bool = true) -> String {
    let rule = alignments.map { $0 == .left ? "---" : "---:" }
    let rows = escapes ? rows.map { $0.map(escapingMarkdown) } : rows
    return ([titles, rule] + rows).map { row in
      "| " + row.joined(separator: " | ") + " |\n"
    }.joined()
  }

  /// By scalars: a quote followed by a combining mark is another character, but still ends the
  /// cell.
  private func doublingQuotes(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// Escapes characters of a name that Markdown would treat as its own.
  private func escapingMarkdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if "|\\`*_<>[]~&".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
