import ByteIO

/// The header of a tar archive's member: 512 bytes with a correct checksum, as Python's `tarfile`
/// requires, or with the mark of the newer format (POSIX.1-1988). The older one (Unix V7) has no
/// mark.
struct TarHeader {
  static let byteCount = 512
  private static let name = 0..<100
  private static let size = 124..<136
  private static let checksum = 148..<156
  private static let mark = 257

  /// The member's name.
  let name: String
  /// How many bytes the member claims to have after the header.
  let contentByteCount: Int

  /// Reads the header at a byte; `nil` if there is none.
  init?(_ region: ByteRegion, at offset: Int) {
    guard let header = region.slice(offset: offset, byteCount: Self.byteCount) else { return nil }
    let found: (name: String, contentByteCount: Int)? = header.withUnsafeBytes { bytes in
      guard
        header.matches("ustar".utf8, at: Self.mark)
          || Self.number(bytes[Self.checksum]).map(Self.checksums(bytes).contains) == true
      else { return nil }
      return (
        String(decoding: bytes[Self.name].prefix { $0 != 0 }, as: UTF8.self),
        Self.number(bytes[Self.size]) ?? 0
      )
    }
    guard let found else { return nil }
    (name, contentByteCount) = found
  }

  /// The sums of the bytes, unsigned and signed, with spaces in place of the checksum.
  private static func checksums(_ bytes: UnsafeRawBufferPointer) -> [Int] {
    var unsigned = 0
    var signed = 0
    for (index, byte) in bytes.enumerated() {
      let byte = checksum.contains(index) ? UInt8(ascii: " ") : byte
      unsigned += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    return [unsigned, signed]
  }

  /// A number in octal digits up to a NUL, or in binary after a byte of 0x80 or 0xFF.
  private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
    if let first = field.first, first == 0x80 || first == 0xFF {
      var value = first == 0xFF ? -1 : 0
      for byte in field.dropFirst() {
        let (product, overflows) = value.multipliedReportingOverflow(by: 256)
        guard !overflows else { return nil }
        value = product + Int(byte)
      }
      return value
    }
    let text = String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    guard text.utf8.contains(where: { $0 > 0x20 }) else { return 0 }
    return pythonInteger(text, radix: 8)
  }
}

/// A whole number as Python's `int` reads it: white space around it, a sign, underscores between
/// digits, and `0o` before octal ones; `nil` if it is not one, or is beyond `Int`.
func pythonInteger(_ text: String, radix: Int) -> Int? {
  // The separators of ASCII are also white space to `str.strip`.
  let isSpace = { (byte: UInt8) in
    byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
  }
  var digits = Array(text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  var sign = ""
  if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
    sign = first == UInt8(ascii: "-") ? "-" : ""
    digits.removeFirst()
  }
  if radix == 8, digits.starts(with: "0o".utf8) || digits.starts(with: "0O".utf8) {
    digits.removeFirst(2)
    if digits.first == UInt8(ascii: "_") { digits.removeFirst() }
  }
  let groups = digits.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
  guard groups.allSatisfy({ !$0.isEmpty }),
    digits.allSatisfy({ $0 == UInt8(ascii: "_") || $0.isASCIIDigit })
  else { return nil }
  return Int(sign + String(decoding: groups.joined(), as: UTF8.self), radix: radix)
}
