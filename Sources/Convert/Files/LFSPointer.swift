public import ByteIO

/// What git-lfs leaves in place of a large file: the digest and size of the file itself.
///
/// Specification: `docs/spec.md` of git-lfs.
public struct LFSPointer: Equatable, Sendable {
  /// The digest of the file that the pointer represents.
  public let digest: SHA256Digest
  /// That file's size.
  public let byteCount: Int

  /// Reads a pointer, which is lines of a key and a value, the version first; `nil` if the bytes
  /// are not one.
  public init?(parsing region: ByteRegion) {
    guard region.byteCount < 1024, region.matches("version https://git-lfs".utf8),
      let text = region.text
    else { return nil }
    var values: [Substring: Substring] = [:]
    // CR LF, into which a checkout may turn line feeds, is one character.
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: " ", maxSplits: 1)
      if fields.count == 2 { values[fields[0]] = fields[1] }
    }
    guard let object = values["oid"], object.hasPrefix("sha256:"),
      let digest = SHA256Digest(hex: String(object.dropFirst(7))),
      let size = values["size"], let byteCount = Int(size), byteCount >= 0, size == "\(byteCount)"
    else { return nil }
    self.digest = digest
    self.byteCount = byteCount
  }
}
