extension JSONScanner {
  /// A whole number from 0 to 2^64-1, written in decimal digits without a sign, a fraction, an
  /// exponent or leading zeros.
  ///
  /// Throws `JSONError` where the next value is anything else.
  public mutating func count() throws(JSONError) -> UInt64 {
    guard let first = peek() else {
      throw error(.unexpected(expected: "a number", found: nil))
    }
    let start = offset
    valueOffset = start
    guard first.isASCIIDigit else {
      if first == UInt8(ascii: "-") { throw error(.notACount) }
      throw error(.unexpected(expected: "a number", found: first))
    }
    var value: UInt64 = 0
    while offset < text.byteCount, text[offset].isASCIIDigit {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(text[offset] & 15))
      if overflows || carries { throw error(.notACount, at: start) }
      value = sum
      offset += 1
    }
    if first == UInt8(ascii: "0") && offset - start > 1 { throw error(.invalidNumber, at: start) }
    guard offset < text.byteCount else { return value }
    switch text[offset] {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      throw error(.notACount, at: start)
    case let byte where byte.isASCIILetter:
      throw error(.invalidNumber, at: start)
    default: return value
    }
  }

  /// Any number: `integer` where it is written as one and fits in 64 signed bits, `bigInteger` where
  /// it does not fit.
  ///
  /// Throws for numbers that a `Double` cannot hold, such as `1e999`.
  mutating func number() throws(JSONError) -> JSONValue {
    let isInteger = try skipNumber()
    let literal = text.slice(offset: valueOffset, byteCount: offset - valueOffset)?.text ?? ""
    if isInteger, let value = Int(literal) { return .integer(value) }
    guard let value = Double(literal), value.isFinite else {
      throw error(.numberTooLarge, at: valueOffset)
    }
    return isInteger ? .bigInteger(literal) : .number(value)
  }

  /// Skips a number; returns whether it has neither a fraction nor an exponent.
  private mutating func skipNumber() throws(JSONError) -> Bool {
    _ = peek()
    let start = offset
    valueOffset = start
    var isInteger = true
    _ = take("-")
    let integerStart = offset
    try digits(numberAt: start)
    if offset - integerStart > 1 && text[integerStart] == UInt8(ascii: "0") {
      throw error(.invalidNumber, at: start)
    }
    if take(".") {
      isInteger = false
      try digits(numberAt: start)
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits(numberAt: start)
    }
    return isInteger
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard offset < text.byteCount, text[offset] == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func digits(numberAt start: Int) throws(JSONError) {
    let first = offset
    while offset < text.byteCount, text[offset].isASCIIDigit { offset += 1 }
    if offset == first { throw error(.invalidNumber, at: start) }
  }

  /// Whether a number can begin with `byte`.
  func isNumberStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte.isASCIIDigit
  }
}
