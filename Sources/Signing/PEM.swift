import ByteIO

/// Bytes in base64 between lines that say what they are (RFC 7468).
enum PEM {
  /// The largest file that is decoded: keys take a few hundred bytes at most.
  private static let largestByteCount = 1 << 16

  /// The bytes of the first part with a label. Text around it, such as comments, is ignored.
  static func decode(_ file: ByteRegion, label: String) throws(KeyError) -> [UInt8] {
    guard file.byteCount <= largestByteCount, let text = file.text else {
      throw .notPEM(label: label)
    }
    let lines = text.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { line in line.trimmingSpacesBehind() }
    guard let begin = lines.firstIndex(where: { $0.elementsEqual(mark("BEGIN", label)) }),
      let end = lines[begin...].firstIndex(where: { $0.elementsEqual(mark("END", label)) }),
      let bytes = base64(lines[(begin + 1)..<end].joined())
    else {
      let isEncrypted = lines.contains { $0.elementsEqual(mark("BEGIN", "ENCRYPTED " + label)) }
      throw isEncrypted ? .encrypted : .notPEM(label: label)
    }
    return bytes
  }

  private static func mark(_ word: String, _ label: String) -> String.UTF8View {
    "-----\(word) \(label)-----".utf8
  }

  /// Decodes base64 (RFC 4648, section 4); `nil` if it is malformed, or its unused bits are not 0.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits = 0
    var bitCount = 0
    var characterCount = 0
    var paddingCount = 0
    for character in text {
      characterCount += 1
      if character == UInt8(ascii: "=") {
        paddingCount += 1
        continue
      }
      guard paddingCount == 0, let value = value(of: character) else { return nil }
      bits = bits << 6 | value
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        bits &= 1 << bitCount - 1
      }
    }
    guard characterCount % 4 == 0, paddingCount <= 2, bits == 0, bitCount == 2 * paddingCount else {
      return nil
    }
    return bytes
  }

  private static func value(of character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

extension Substring.UTF8View {
  fileprivate func trimmingSpacesBehind() -> Substring.UTF8View {
    guard let last = lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
    else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
