extension UInt8 {
  /// Whether the byte is one of the ten ASCII digits.
  package var isASCIIDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  /// Whether the byte is an ASCII letter from A to Z.
  package var isASCIICapital: Bool { UInt8(ascii: "A") <= self && self <= UInt8(ascii: "Z") }

  /// Whether the byte is an ASCII letter of either case.
  package var isASCIILetter: Bool { (self & ~0x20).isASCIICapital }

  /// Whether the byte is an ASCII letter, a digit or an underscore.
  package var isASCIIWord: Bool { isASCIILetter || isASCIIDigit || self == UInt8(ascii: "_") }
}
