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
  /// space, a space or an asterisk, and a path.
  ///
  /// - Parameter folder: The folder that the list lies in.
  public init?(parsing region: ByteRegion, folder: String) {
    guard region.byteCount <= 1 << 20, region.byteCount > 66, let text = region.text else {
      return nil
    }
    var entries: [Entry] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      guard line.count > 66, let digest = SHA256Digest(hex: String(line.prefix(64)) ?? ""),
        line.dropFirst(64).first == UInt8(ascii: " "),
        " *".utf8.contains(line[line.index(line.startIndex, offsetBy: 65)]),
        let path = String(line.dropFirst(66))
      else { return nil }
      entries.append(
        Entry(
          path: path.utf8.first == UInt8(ascii: "/") ? path : "\(folder)/\(path)", digest: digest))
    }
    self.entries = entries
  }
}
