/// A value as a dictionary key: plain values, and tuples of them.
///
/// What Python takes for one key is one: `1`, `1.0` and `True`, and both zeros of floats.
/// Text is compared by its UTF-8 bytes, because `String` merges canonically equivalent texts.
enum PickleKey: Hashable {
  case none
  case integer(Int)
  case bigInteger([UInt8])
  case float(UInt64)
  case text(ByteText)
  case bytes([UInt8])
  case tuple([PickleKey])

  /// The most members that a tuple may have as a key.
  static let tupleCount = 16

  /// The key for a plain value or a short tuple of plain values; `nil` for anything else.
  init?(_ value: PickleValue) {
    if case .tuple(let tuple) = value {
      guard tuple.items.count <= Self.tupleCount else { return nil }
      let keys = tuple.items.compactMap(Self.init(plain:))
      guard keys.count == tuple.items.count else { return nil }
      self = .tuple(keys)
      return
    }
    self.init(plain: value)
  }

  /// How many bytes of texts and numbers are gone over to make the key for a value, which are the
  /// same each time that it is used.
  static func byteCount(of value: PickleValue) -> Int {
    guard case .tuple(let tuple) = value else { return byteCount(ofPlain: value) }
    guard tuple.items.count <= tupleCount else { return 0 }
    return tuple.items.reduce(0) { $0 + byteCount(ofPlain: $1) }
  }

  private static func byteCount(ofPlain value: PickleValue) -> Int {
    switch value {
    case .text(let text): text.utf8.count
    case .bytes(let bytes), .bigInteger(let bytes): bytes.count
    default: 0
    }
  }

  private init?(plain value: PickleValue) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .integer(value ? 1 : 0)
    case .integer(let value): self = .integer(value)
    case .bigInteger(let bytes): self = .bigInteger(bytes)
    case .float(let value):
      self = Int(exactly: value).map { .integer($0) } ?? .float(value.bitPattern)
    case .text(let text): self = .text(ByteText(text))
    case .bytes(let bytes): self = .bytes(bytes)
    default: return nil
    }
  }
}
