import ByteIO

/// A number for people, with at least four significant digits: `-0.01275`, `1.500e-07`; small whole
/// numbers as they are.
func readableFigure(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  if value == value.rounded(), value.magnitude < 1e6 { return String(Int(value)) }
  var exponent = 0
  var mantissa = value.magnitude
  while mantissa >= 9.9995 {
    mantissa /= 10
    exponent += 1
  }
  while mantissa < 0.99995 {
    mantissa *= 10
    exponent -= 1
  }
  if (-4..<7).contains(exponent) {
    return fixedPoint(value, decimals: min(max(3 - exponent, 0), 7))
  }
  let digits = fixedPoint(mantissa, decimals: 3)
  let padded = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
  return "\(value < 0 ? "-" : "")\(digits)e\(exponent < 0 ? "-" : "+")\(padded)"
}

/// A histogram in one character a bin, from empty to the fullest bin.
///
/// - Parameter usesBlocks: Block characters, else ASCII.
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
