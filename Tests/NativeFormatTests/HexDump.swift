import ByteIO

/// Bytes as `hexdump -C` prints them, and back.
enum HexDump {
  static func text(of bytes: [UInt8]) -> String {
    var lines: [String] = []
    var last: ArraySlice<UInt8> = []
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let row = bytes[start..<min(start + 16, bytes.count)]
      if row.elementsEqual(last), row.count == 16 {
        if lines.last != "*" { lines.append("*") }
        continue
      }
      last = row
      let digits = row.map { lowercaseHex([$0]) }
      let halves = [digits.prefix(8), digits.dropFirst(8)].map { $0.joined(separator: " ") }
      let columns = halves.joined(separator: "  ")
      let padding = String(repeating: " ", count: 48 - columns.utf8.count)
      let characters = row.map { byte in
        (0x20...0x7E).contains(byte) ? Character(Unicode.Scalar(byte)) : "."
      }
      lines.append("\(offset(start))  \(columns)\(padding)  |\(String(characters))|")
    }
    return (lines + [offset(bytes.count)]).joined(separator: "\n") + "\n"
  }

  private static func offset(_ value: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The bytes of a dump; lines that do not begin with an offset or a star are passed over.
  static func bytes(of text: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var isRepeating = false
    for line in text.split(separator: "\n") {
      if line == "*" {
        isRepeating = true
        continue
      }
      guard let offset = Int(line.prefix(8), radix: 16), line.prefix(8).count == 8 else { continue }
      let last = bytes.suffix(16)
      while isRepeating, bytes.count < offset { bytes += last }
      isRepeating = false
      guard bytes.count == offset else { throw OutOfOrder(line: String(line)) }
      let digits = line.dropFirst(8).prefix { $0 != "|" }.split(separator: " ")
      bytes += digits.compactMap { UInt8($0, radix: 16) }
    }
    return bytes
  }

  struct OutOfOrder: Error { let line: String }
}
