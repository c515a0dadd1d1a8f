extension String {
  /// The text of some bytes, or `nil` if they are not valid UTF-8. Copies.
  ///
  /// The same as `String(validating:as:)`, which is generic and takes several times as long to copy
  /// a name.
  public init?(validatingUTF8 bytes: UnsafeRawBufferPointer) {
    guard isASCII(bytes) else {
      self.init(validating: bytes, as: UTF8.self)
      return
    }
    self.init(unsafeUninitializedCapacity: bytes.count) { place in
      UnsafeMutableRawBufferPointer(place).copyMemory(from: bytes)
      return bytes.count
    }
  }
}

extension String {
  /// The most combining marks, such as accents, that a text in a file may have in a row.
  ///
  /// Comparing and hashing strings sorts the marks of each letter, in time quadratic in their
  /// number: 100,000 in a row take seconds each time. Languages need up to four, and the Unicode
  /// Standard (annex 15, "Stream-Safe Text Format") allows for 30.
  package static let markLimit = 128

  /// Whether more than `markLimit` combining marks occur in a row. Linear; quick for ASCII.
  package var hasTooManyMarks: Bool {
    guard utf8.count > Self.markLimit else { return false }
    var count = 0
    for scalar in unicodeScalars {
      guard scalar.isCombiningMark else {
        count = 0
        continue
      }
      count += 1
      if count > Self.markLimit { return true }
    }
    return false
  }
}

extension Unicode.Scalar {
  /// Whether the character joins the one before it.
  fileprivate var isCombiningMark: Bool {
    // There are none below, so most texts need no lookup.
    guard value >= 0x300 else { return false }
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

/// Whether no byte has its highest bit set.
func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
  var all: UInt8 = 0
  for index in bytes.indices { all |= bytes[index] }
  return all < 0x80
}
