extension UInt8 {
  /// Whether the byte is one of the ten ASCII digits.
  package var isASCIIDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
}
