public import ByteIO

/// A line of a manifest: a tensor, and the digest of its elements.
public struct ManifestEntry: Hashable, Sendable {
  /// The tensor's name, element type and shape.
  public var info: TensorInfo
  /// The SHA-256 of its elements, row-major, contiguous and little-endian.
  public var digest: SHA256Digest

  /// Creates an entry from its parts.
  public init(info: TensorInfo, digest: SHA256Digest) {
    self.info = info
    self.digest = digest
  }

  /// `<sha256>  <type>[<dimensions>]  <name>`, without a line feed. Line feeds and other control
  /// characters in a name are not escaped here: the digest covers the name's own bytes.
  public var line: String {
    let dimensions = info.shape.map(String.init).joined(separator: ",")
    return "\(digest.hex)  \(info.elementType.name)[\(dimensions)]  \(info.name)"
  }

  /// Whether a text is what follows the digest in a line: an element type with dimensions, two
  /// spaces, and a name.
  public static func isDescription(_ text: String) -> Bool {
    guard let open = text.firstIndex(of: "["),
      ElementType(rawValue: String(text[..<open])) != nil
    else { return false }
    let rest = text[open...].dropFirst().drop { $0 == "," || ("0"..."9").contains($0) }
    return rest.hasPrefix("]  ")
  }
}

/// The tensors of a model with their digests, sorted by the names' UTF-8 bytes.
public struct Manifest: Hashable, Sendable {
  /// The entries in order.
  public let entries: [ManifestEntry]

  /// Sorts entries by name.
  public init(_ entries: some Sequence<ManifestEntry>) {
    self.entries = entries.sorted { $0.info.name < $1.info.name }
  }

  /// Computes the digests of tensors, on all cores.
  ///
  /// Throws what the storages throw.
  public init(of tensors: [Tensor]) throws {
    let digests = try concurrentMap(byteCounts: tensors.map(\.byteCount)) {
      try tensors[$0].digest()
    }
    self.init(zip(tensors, digests).map { ManifestEntry(info: $0.info, digest: $1) })
  }

  /// A line for each entry, each with its line feed.
  public var text: String {
    entries.map { $0.line + "\n" }.joined()
  }

  /// The content digest: the SHA-256 of `text`.
  ///
  /// With canonical names and shapes it is the same for the same weights in every container and
  /// naming.
  public var contentDigest: SHA256Digest { SHA256Digest(of: text) }
}
