/// The texts of a pickle that are names, by where they lie: one text may name very many globals.
struct SweptNames {
  /// `nil` for those that cannot be any.
  private var names: [Int: ByteText?] = [:]
  /// The bytes that were read as names.
  private(set) var byteCount = 0

  /// What a text says, as a name.
  mutating func name(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ form: SweptText
  ) -> ByteText? {
    if let known = names[range.lowerBound] { return known }
    let text = Self.text(bytes, range)
    byteCount += text.utf8.count
    let name = Self.name(form.decoded(text))
    names.updateValue(name, forKey: range.lowerBound)
    return name
  }

  /// A name for a message, which may be repaired and cut; not one of those that are longer than
  /// any.
  static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
    String(decoding: bytes[range].prefix(largestByteCount), as: UTF8.self)
  }

  private static let largestByteCount = 1024

  /// A text as a name; `nil` where it cannot be any.
  static func name(_ text: String) -> ByteText? {
    let canBeName = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    return canBeName ? ByteText(text) : nil
  }
}
