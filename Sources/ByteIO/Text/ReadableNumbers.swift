/// A number for people, with at least four significant digits: `-0.01275`, `1.500e-07`. Small whole
/// numbers are left as they are.
package func readableFigure(_ value: Double) -> String {
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

/// A count for people, with an SI prefix: `4.46 G`.
package func readableCount(_ value: Int) -> String {
  for (unit, scale) in [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)]
  where Double(value) >= scale * 0.999995 {
    return "\(fixedPoint(Double(value) / scale, decimals: 2)) \(unit)"
  }
  return String(value)
}

/// A count with its noun: `1 byte`, `2 bytes`.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// A byte count for people: `109.1 MiB`, and the exact count below one KiB.
package func readableByteCount(_ byteCount: Int) -> String {
  guard byteCount >= 1024 else { return "\(byteCount) B" }
  var value = Double(byteCount) / 1024
  var unit = 0
  let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  while value >= 1023.95, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return "\(fixedPoint(value, decimals: 1)) \(units[unit])"
}

/// A number with a fixed number of decimals (at most 9), rounded half away from zero.
package func fixedPoint(_ value: Double, decimals: Int) -> String {
  var scale = 1
  for _ in 0..<decimals { scale *= 10 }
  let scaled = value.magnitude * Double(scale) + 0.5
  guard scaled < 9e18 else { return "\(value)" }
  let units = Int(scaled)
  let sign = value < 0 && units > 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(units)" }
  let fraction = String(units % scale)
  let padding = String(repeating: "0", count: decimals - fraction.utf8.count)
  return "\(sign)\(units / scale).\(padding)\(fraction)"
}

/// A whole number with its thousands separated by commas.
package func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  var text = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}
