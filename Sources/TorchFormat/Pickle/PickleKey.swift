/// A value as a dictionary key: plain values, tuples of them, and classes.
///
/// What Python takes for one key is one: `1`, `1.0` and `True`, both zeros of floats, and whole
/// numbers of any size with the floats that are equal to them.
/// Text is compared by its UTF-8 bytes, because `String` merges canonically equivalent texts.
enum PickleKey: Hashable {
  case none
  case integer(Int)
  case bigInteger([UInt8])
  case float(UInt64)
  case text(ByteText)
  case bytes([UInt8])
  case tuple([PickleKey])
  case global(module: ByteText, name: ByteText)

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
    if case .global(let global) = value {
      self = .global(module: ByteText(global.module), name: ByteText(global.name))
      return
    }
    self.init(plain: value)
  }

  /// How many bytes of texts and numbers are gone over to make the key for a value, which are the
  /// same each time that it is used.
  static func byteCount(of value: PickleValue) -> Int {
    if case .global(let global) = value {
      return global.module.utf8.count + global.name.utf8.count
    }
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
      self = Self(float: value)
    case .text(let text): self = .text(ByteText(text))
    case .bytes(let bytes): self = .bytes(bytes)
    default: return nil
    }
  }

  private init(float value: Double) {
    if let whole = Int(exactly: value) {
      self = .integer(whole)
    } else if value.isFinite, value.exponent >= Double.significandBitCount {
      self = .bigInteger(Self.twosComplement(ofWhole: value))
    } else {
      self = .float(value.bitPattern)
    }
  }

  /// A whole number beyond `Int`, as pickles have it: the lowest byte first, and no byte that only
  /// repeats the sign.
  private static func twosComplement(ofWhole value: Double) -> [UInt8] {
    let shift = Int(value.exponent) - Double.significandBitCount
    let significand = value.significandBitPattern | 1 << Double.significandBitCount
    var bytes = [UInt8](repeating: 0, count: shift / 8)
    // Two words hold 53 bits, the rest of the shift and the sign.
    let magnitude = Int128(significand) << (shift % 8)
    bytes += withUnsafeBytes(of: (value < 0 ? -magnitude : magnitude).littleEndian) { Array($0) }
    let fill: UInt8 = value < 0 ? 0xFF : 0
    while let last = bytes.last, last == fill, let next = bytes.dropLast().last,
      (next >= 0x80) == (fill != 0)
    {
      bytes.removeLast()
    }
    return bytes
  }
}

extension PickleEntries {
  /// An object that is a key and may be equal to another one: `str('w')` is `'w'` to Python, and
  /// `complex(1)` is 1, so that the dictionary has other values than its entries say. One object of a
  /// class that is equal to nothing else, such as a device, is in order, and so is an only key.
  var ambiguousKey: PickleObject? {
    guard pairs.count > 1 else { return nil }
    var hasObject = false
    for (key, _) in pairs {
      guard case .object(let object) = key else { continue }
      let isDistinct =
        GlobalTables.distinctClasses[object.module]?.contains(object.name) ?? false
      guard isDistinct, !hasObject else { return object }
      hasObject = true
    }
    return nil
  }
}
