/// The columns that a text takes on a terminal: two for characters of East Asian scripts and for
/// pictures, one for all others.
///
/// Widths follow Unicode's `EastAsianWidth.txt`, by blocks.
func displayWidth(_ text: some StringProtocol) -> Int {
  // Most text is ASCII, in which each byte is a column.
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { width, character in
    let isWide = character.unicodeScalars.contains { scalar in
      scalar.properties.isEmojiPresentation
        || wideScalars.contains { $0.contains(scalar.value) }
    }
    return width + (isWide ? 2 : 1)
  }
}

/// Hangul, kana, Han and related characters, and full-width forms.
private let wideScalars: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
  0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
  0x20000...0x3FFFD,
]
