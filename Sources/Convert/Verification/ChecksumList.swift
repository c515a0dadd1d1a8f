public import ByteIO
import TensorModel

/// A list of files and their digests, as `sha256sum` writes it.
public struct ChecksumList: Sendable {
  /// A file and the digest that it must have.
  public struct Entry: Equatable, Sendable {
    /// The path as written in the list.
    public let path: String
    /// The digest of the whole file.
    public let digest: SHA256Digest
    /// The line that it is on, counted from 1.
    public let line: Int
  }

  /// The entries in the list's order.
  public let entries: [Entry]
  private let folder: String

  /// Where an entry's file is: below the list's folder or, if it is not there, below the current
  /// one, where `sha256sum -c` looks for it.
  public func path(of entry: Entry) -> String {
    if entry.path.utf8.first == UInt8(ascii: "/") { return entry.path }
    let besideList = "\(folder)/\(entry.path)"
    // Without a folder in front, `-` is standard input.
    let here = entry.path == "-" ? "./-" : entry.path
    return folder == "."
      || FileSystem.kind(of: besideList) == nil && FileSystem.kind(of: here) != nil
      ? here : besideList
  }

  /// The size beyond which no text is treated as a list.
  static let byteCountLimit = 1 << 26
  /// The size beyond which a text is read only if its first line is that of a list.
  static let plainByteCount = 1 << 20
  /// The first line of such a text must be within this many bytes.
  private static let startByteCount = 1 << 13

  /// Reads a list; `nil` if the text is not one, as no line of it is an entry.
  ///
  /// A line is 64 hexadecimal digits, a space, a space or an asterisk, and a path; or, as
  /// `sha256sum --tag`, BSD systems and `openssl dgst` write it, `SHA256 (PATH) = DIGITS`,
  /// `SHA256(PATH)= DIGITS` or `SHA2-256(PATH)= DIGITS`. A line that begins with a backslash has
  /// escapes in its path. Empty lines and lines that begin with `#` are skipped, as is the byte order
  /// mark that programs on Windows put in front of UTF-8.
  ///
  /// Digits alone are those of the file that the list is named after: `a.pth` of `a.pth.sha256`.
  ///
  /// Throws `VerificationError.invalidChecksumLine` for any other line of a list, and
  /// `VerificationError.tensorManifest` if all entries are tensors.
  ///
  /// - Parameter listPath: Where the list is.
  public static func parse(
    _ region: ByteRegion, path listPath: String
  ) throws(VerificationError) -> ChecksumList? {
    let digitCount = 2 * SHA256Digest.byteCount
    guard region.byteCount <= byteCountLimit, region.byteCount >= digitCount else { return nil }
    let folder = FileSystem.folder(of: listPath)
    if let entry = loneDigest(region, listName: FileSystem.name(of: listPath)) {
      return ChecksumList(entries: [entry], folder: folder)
    }
    if region.byteCount > plainByteCount, !beginsWithEntry(region) { return nil }
    var entries: [Entry] = []
    var firstOther: (line: Int, text: String)?
    for (index, bytes) in ByteLines(region).enumerated() {
      guard let text = bytes.text else { return nil }
      let line = text.utf8[...]
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      if let (path, digest) = entry(line) {
        entries.append(Entry(path: path, digest: digest, line: index + 1))
      } else if firstOther == nil {
        firstOther = (index + 1, String(Substring(line)))
      }
    }
    guard !entries.isEmpty else { return nil }
    if let firstOther {
      throw .invalidChecksumLine(line: firstOther.line, text: firstOther.text)
    }
    if entries.allSatisfy({ ManifestEntry.isDescription($0.path) }) { throw .tensorManifest }
    return ChecksumList(entries: entries, folder: folder)
  }

  /// The entry of a list that has nothing but digits, by the list's own name.
  private static func loneDigest(_ region: ByteRegion, listName: String) -> Entry? {
    let suffix = ".sha256"
    guard region.byteCount <= startByteCount, listName.utf8.count > suffix.utf8.count,
      listName.lowercased().hasSuffix(suffix)
    else { return nil }
    let lines = ByteLines(region).enumerated().filter { $0.element.byteCount > 0 }
    guard lines.count == 1, let (index, line) = lines.first,
      let digest = line.text.flatMap({ SHA256Digest(hex: $0) })
    else { return nil }
    return Entry(
      path: String(listName.dropLast(suffix.utf8.count)), digest: digest, line: index + 1)
  }

  /// Whether the first line of a long text is that of a list.
  private static func beginsWithEntry(_ region: ByteRegion) -> Bool {
    let start = region.slice(offset: 0, byteCount: startByteCount) ?? region
    let lines = ByteLines(start).lazy.filter { $0.byteCount > 0 }
    return lines.first { $0[0] != UInt8(ascii: "#") }
      .flatMap { $0.text }.flatMap { entry($0.utf8[...]) } != nil
  }

  private static func entry(_ text: Substring.UTF8View) -> (path: String, digest: SHA256Digest)? {
    let isEscaped = text.first == UInt8(ascii: "\\")
    let line = Substring(isEscaped ? text.dropFirst() : text)
    guard let (path, digits) = tagged(line) ?? plain(line), !path.isEmpty,
      // The system would end the path there, and another file would be checked.
      !path.utf8.contains(0), let digest = SHA256Digest(hex: String(digits))
    else { return nil }
    return (isEscaped ? unescaped(String(path)) : String(path), digest)
  }

  private static func plain(_ line: Substring) -> (path: Substring, digits: Substring)? {
    let bytes = line.utf8
    guard bytes.count > 66, bytes.dropFirst(64).first == UInt8(ascii: " "),
      " *".utf8.contains(bytes[bytes.index(bytes.startIndex, offsetBy: 65)])
    else { return nil }
    return (Substring(bytes.dropFirst(66)), Substring(bytes.prefix(64)))
  }

  /// What is in front of a path and behind it in a line that names the kind of digest.
  private static let tags = [
    (begin: "SHA256 (", middle: ") = "),
    // OpenSSL 1 and 3.
    (begin: "SHA256(", middle: ")= "), (begin: "SHA2-256(", middle: ")= "),
  ]

  private static func tagged(_ line: Substring) -> (path: Substring, digits: Substring)? {
    let bytes = line.utf8
    for tag in tags {
      let (begin, middle) = (tag.begin.utf8, tag.middle.utf8)
      guard bytes.starts(with: begin), bytes.count > begin.count + middle.count + 64,
        bytes.dropLast(64).suffix(middle.count).elementsEqual(middle)
      else { continue }
      return (
        Substring(bytes.dropFirst(begin.count).dropLast(64 + middle.count)),
        Substring(bytes.suffix(64))
      )
    }
    return nil
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
