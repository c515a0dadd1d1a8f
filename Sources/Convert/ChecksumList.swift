public import ByteIO

/// A list of files and their digests, as `sha256sum` writes it.
public struct ChecksumList: Sendable {
  /// A file and the digest that it must have.
  public struct Entry: Equatable, Sendable {
    /// The path, taken from the list's own folder.
    public let path: String
    /// The digest of the whole file.
    public let digest: SHA256Digest
  }

  /// The entries in the list's order.
  public let entries: [Entry]

  /// Reads a list, or `nil` where the text is none: every line must be 64 hexadecimal digits, a
  /// space, a space or an asterisk, and a path. A line that begins with a backslash has escapes in
  /// its path.
  ///
  /// - Parameter folder: The folder that the list lies in.
  public init?(parsing region: ByteRegion, folder: String) {
    guard region.byteCount <= 1 << 20, region.byteCount > 66, let text = region.text else {
      return nil
    }
    var entries: [Entry] = []
    for text in text.utf8.split(separator: UInt8(ascii: "\n")) {
      // As Windows ends lines; in a name, sha256sum writes it as `\r`.
      let text = text.last == UInt8(ascii: "\r") ? text.dropLast() : text
      let isEscaped = text.first == UInt8(ascii: "\\")
      let line = isEscaped ? text.dropFirst() : text
      guard line.count > 66, let digest = SHA256Digest(hex: String(line.prefix(64)) ?? ""),
        line.dropFirst(64).first == UInt8(ascii: " "),
        " *".utf8.contains(line[line.index(line.startIndex, offsetBy: 65)]),
        let path = String(line.dropFirst(66)).map({ isEscaped ? Self.unescaped($0) : $0 })
      else { return nil }
      entries.append(
        Entry(
          path: path.utf8.first == UInt8(ascii: "/") ? path : "\(folder)/\(path)", digest: digest))
    }
    self.entries = entries
  }

  /// A path as GNU's sha256sum escapes it, without the escapes.
  private static func unescaped(_ path: String) -> String {
    var text = ""
    var isBehindBackslash = false
    for scalar in path.unicodeScalars {
      if isBehindBackslash {
        switch scalar {
        case "n": text += "\n"
        case "r": text += "\r"
        default: text.unicodeScalars.append(scalar)
        }
        isBehindBackslash = false
      } else if scalar == "\\" {
        isBehindBackslash = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
