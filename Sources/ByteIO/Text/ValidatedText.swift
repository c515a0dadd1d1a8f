extension String {
  /// The text that some bytes are, or `nil` where they are not valid UTF-8. Copies.
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
  /// The most combining marks, such as accents, that a text of a file may have in a row.
  ///
  /// Comparing and hashing texts puts the marks of each letter in order, which takes time in the
  /// square of their number: 100,000 in a row take seconds, each time. Languages need up to four,
  /// and the Unicode Standard (annex 15, "Stream-Safe Text Format") allows for 30.
  package static let markLimit = 128

  /// Whether more combining marks than `markLimit` stand in a row. Linear; quick for ASCII.
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
    // None is below: no need to look most texts up.
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
