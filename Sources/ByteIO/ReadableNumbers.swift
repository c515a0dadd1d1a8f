/// A number for people, with at least four significant digits: `-0.01275`, `1.500e-07`; small whole
/// numbers as they are.
public func readableFigure(_ value: Double) -> String {
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

/// A count for people with an SI unit: `4.46 G`.
public func readableCount(_ value: Int) -> String {
  for (unit, scale) in [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)]
  where Double(value) >= scale * 0.999995 {
    return "\(fixedPoint(Double(value) / scale, decimals: 2)) \(unit)"
  }
  return String(value)
}
