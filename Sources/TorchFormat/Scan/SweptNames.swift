import ByteIO

/// The texts of a pickle that are names, by where they are: one text may name very many globals.
struct SweptNames {
  private var names: [Int: SweptName] = [:]
  /// The bytes that were read as names.
  private(set) var byteCount = 0

  /// Begins a pickle.
  mutating func reset() {
    if !names.isEmpty { self = SweptNames() }
  }

  /// What a text says, as a name.
  mutating func name(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ form: SweptText
  ) -> SweptName {
    if let known = names[range.lowerBound] { return known }
    let name = SweptName(bytes, range, form)
    byteCount += name.text.string.utf8.count
    names[range.lowerBound] = name
    return name
  }
}
