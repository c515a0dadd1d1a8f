/// A text that is compared by its UTF-8 bytes and hashed once.
///
/// `String` treats canonically equivalent texts as equal, which files distinguish. Without a stored
/// hash, sets of 100,000 names spend most of their time on rehashing while they grow, and on
/// comparing neighbours.
package struct ByteText: Hashable, Sendable {
  package let string: String
  private let hash: Int

  package init(_ string: String) {
    self.string = string
    var hasher = Hasher()
    var bytes = string
    bytes.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hash = hasher.finalize()
  }

  package static func == (left: Self, right: Self) -> Bool {
    guard left.hash == right.hash else { return false }
    return left.string.hasBytes(of: right.string)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension String {
  /// Whether the text has the same UTF-8 bytes as another one. `==` normalizes first, which takes
  /// minutes for a megabyte of accents. Comparing UTF-8 views byte by byte is slow where the bytes
  /// can be compared in place, or where both texts share them.
  package func hasBytes(of other: String) -> Bool {
    let isEqual = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        left.count == right.count
          && (left.baseAddress == right.baseAddress
            || haveSameBytes(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right)))
      }
    }
    return (isEqual ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}

/// Whether buffers of the same length hold the same bytes; `elementsEqual` compares one at a time.
private func haveSameBytes(
  _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
) -> Bool {
  let width = MemoryLayout<UInt64>.size
  let wholeCount = left.count / width * width
  for offset in stride(from: 0, to: wholeCount, by: width)
  where left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  {
    return false
  }
  return left[wholeCount...].elementsEqual(right[wholeCount...])
}
