import ByteIO

/// A text that a pickle may name a global by, as far as it is kept.
struct SweptName {
  /// The text, which may be repaired; `GlobalName.computed` for one that is too long.
  let text: ByteText
  /// Whether it is not empty, and has neither spaces nor control characters.
  let isPrintable: Bool

  init(_ text: String) {
    self.text = ByteText(text)
    isPrintable = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }

  /// A name that the pickle computes.
  static let computed = SweptName(GlobalName.computed.string)

  private static let largestByteCount = 1024

  /// The text in a range of a pickle's bytes.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ form: SweptText = .plain) {
    let text = String(decoding: bytes[range].prefix(Self.largestByteCount), as: UTF8.self)
    let start = SweptName(form.decoded(text))
    // What a long name leads to cannot be determined from its start; a header with quotation marks
    // is not a name.
    let isCutName =
      range.count > Self.largestByteCount && start.isPrintable
      && start.text.string.mayBeLookedUp
    self = isCutName ? .computed : start
  }
}
