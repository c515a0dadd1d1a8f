import ByteIO

/// A histogram in one character per bin, from empty to the fullest bin.
///
/// - Parameter usesBlocks: Whether to use block characters instead of ASCII.
func sparkline(_ counts: [Int], usesBlocks: Bool) -> String {
  let levels = Array(usesBlocks ? " ▁▂▃▄▅▆▇█" : " .:-=+*#@")
  let fullest = Double(max(1, counts.max() ?? 1))
  return String(
    counts.map { count in
      // A bin that is not empty is never shown as empty.
      let height = (Double(count) / fullest * Double(levels.count - 1)).rounded(.up)
      return levels[Int(height)]
    })
}

/// Whether the user's locale writes UTF-8, by the variables that POSIX names, in their order.
var localeUsesUTF8: Bool {
  for variable in ["LC_ALL", "LC_CTYPE", "LANG"] {
    guard let locale = environmentVariable(variable), !locale.isEmpty else { continue }
    let name = locale.lowercased()
    return name.hasSuffix("utf-8") || name.hasSuffix("utf8")
  }
  return false
}
