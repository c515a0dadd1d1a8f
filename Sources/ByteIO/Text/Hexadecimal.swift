/// `bytes` in lower-case hexadecimal digits, two per byte.
package func lowercaseHex(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// A 32-bit checksum in eight lower-case hexadecimal digits.
package func lowercaseHex(_ checksum: UInt32) -> String {
  lowercaseHex(withUnsafeBytes(of: checksum.bigEndian) { [UInt8]($0) })
}

/// The value of a hexadecimal digit, or `nil` for another character.
func hexDigitValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
