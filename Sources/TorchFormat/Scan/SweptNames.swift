import ByteIO

/// The texts of a pickle that are names, by where they are: one text may name very many globals.
struct SweptNames {
  private var names: [Int: SweptName] = [:]
  /// The bytes that were read as names.
  private(set) var byteCount = 0
  private var keptByteCount = 0

  /// How much is kept, in bytes of names: a pickle can have very many, each used once.
  private static let keptByteLimit = 1 << 22
  private static let keptByteCountOfName = 64

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
    keptByteCount += name.text.string.utf8.count + Self.keptByteCountOfName
    if keptByteCount > Self.keptByteLimit {
      names.removeAll(keepingCapacity: true)
      keptByteCount = 0
    }
    names[range.lowerBound] = name
    return name
  }
}
