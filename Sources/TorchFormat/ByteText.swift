/// A text that is compared by its UTF-8 bytes and hashed once.
///
/// `String` merges canonically equivalent texts, which files do tell apart. Sets of 100,000 names
/// spend most of their time on hashing again while they grow, and on comparing neighbours.
struct ByteText: Hashable {
  let string: String
  private let hash: Int

  init(_ string: String) {
    self.string = string
    var hasher = Hasher()
    var bytes = string
    bytes.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hash = hasher.finalize()
  }

  static func == (left: Self, right: Self) -> Bool {
    guard left.hash == right.hash else { return false }
    // Going over views byte by byte takes long where the bytes could be compared as they lie.
    let isEqual = left.string.utf8.withContiguousStorageIfAvailable { left in
      right.string.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) }
    }
    return (isEqual ?? nil) ?? left.string.utf8.elementsEqual(right.string.utf8)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension String {
  /// Whether the text has the bytes of another one. `==` puts accents in order before it compares
  /// them, which takes minutes for a megabyte of accents.
  func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
