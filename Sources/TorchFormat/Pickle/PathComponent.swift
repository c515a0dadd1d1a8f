/// A dictionary key as a part of a tensor's path: text as it is, numbers in decimal, tuples as
/// their items between parentheses, everything else as Python writes it.
func pathComponent(of key: PickleValue) -> String {
  switch key {
  case .text(let text): text
  case .integer(let value): String(value)
  case .bigInteger(let bytes): decimal(twosComplement: bytes)
  case .bool(let value): value ? "True" : "False"
  case .none: "None"
  case .float(let value): "\(value)"
  case .bytes(let bytes): literal(of: bytes)
  case .global(let global): global.globalName.qualifiedName
  case .tuple(let tuple): "(\(tuple.items.map(pathComponent).joined(separator: ", ")))"
  case .object(let object): object.className.qualifiedName
  case .list, .set, .dictionary, .storage, .tensor: key.kind
  }
}

/// What it costs to write a key, beyond the bytes that it becomes: each division of a large number
/// goes over the whole of it.
func pathComponentCost(of key: PickleValue) -> Int {
  switch key {
  case .bigInteger(let bytes): bytes.count * bytes.count / 16
  case .tuple(let tuple): tuple.items.reduce(0) { $0 + pathComponentCost(of: $1) }
  default: 0
  }
}

/// Bytes as Python writes them: `b'w\x00'`.
private func literal(of bytes: [UInt8]) -> String {
  let quote: Unicode.Scalar =
    bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\"")) ? "\"" : "'"
  var text = "b\(quote)"
  for byte in bytes {
    let scalar = Unicode.Scalar(byte)
    switch scalar {
    case "\t": text += "\\t"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\\", quote: text += "\\\(scalar)"
    case " "..."~": text.unicodeScalars.append(scalar)
    default:
      let digits = String(byte, radix: 16)
      text += byte < 0x10 ? "\\x0\(digits)" : "\\x\(digits)"
    }
  }
  return "\(text)\(quote)"
}

/// A two's complement number, the lowest byte first, in decimal.
private func decimal(twosComplement bytes: [UInt8]) -> String {
  let isNegative = (bytes.last ?? 0) >= 0x80
  // Base 2^32, the highest digit first.
  var digits: [UInt64] = stride(from: 0, to: bytes.count, by: 4).reversed().map { start in
    (0..<4).reversed().reduce(UInt64(0)) { digit, place in
      let fill: UInt8 = isNegative ? 0xFF : 0
      let byte = start + place < bytes.count ? bytes[start + place] : fill
      return digit << 8 | UInt64(isNegative ? ~byte : byte)
    }
  }
  var groups: [String] = []
  // The complement of a negative number is one less than its absolute value.
  var carry: UInt64 = isNegative ? 1 : 0
  let base: UInt64 = 1_000_000_000
  repeat {
    var remainder: UInt64 = 0
    for index in digits.indices {
      let value = remainder << 32 | digits[index]
      digits[index] = value / base
      remainder = value % base
    }
    remainder += carry
    carry = remainder / base
    groups.append(String(remainder % base))
    digits = Array(digits.drop { $0 == 0 })
  } while !digits.isEmpty || carry > 0
  let padded = groups.dropLast().map { String(repeating: "0", count: 9 - $0.utf8.count) + $0 }
  return (isNegative ? "-" : "") + (groups.last ?? "0") + padded.reversed().joined()
}
