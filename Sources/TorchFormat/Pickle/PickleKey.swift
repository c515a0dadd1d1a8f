import ByteIO

/// A value as a dictionary key: plain values, tuples of them, classes, and tensors, each of which
/// is equal only to itself.
///
/// Keys that are the same to Python are the same here: `1`, `1.0` and `True`, both floating-point
/// zeros, and whole numbers of any size and the floats that are equal to them. Text is compared by
/// its UTF-8 bytes, because `String` treats canonically equivalent texts as equal.
enum PickleKey: Hashable {
  case none
  case integer(Int)
  case bigInteger([UInt8])
  case float(UInt64)
  case text(ByteText)
  case bytes([UInt8])
  case tuple([PickleKey])
  case global(name: ByteText)
  case tensor(ObjectIdentifier)

  /// The most members that a tuple may have as a key, and how deeply tuples may be nested.
  static let tupleCount = 64
  private static let tupleDepth = 4

  /// The key for a value; `nil` for objects, for what cannot be a key, and for long or deep tuples.
  init?(_ value: PickleValue) { self.init(value, depth: 0) }

  private init?(_ value: PickleValue, depth: Int) {
    switch value {
    case .tuple(let tuple):
      guard depth < Self.tupleDepth, tuple.items.count <= Self.tupleCount else { return nil }
      let keys = tuple.items.compactMap { Self($0, depth: depth + 1) }
      guard keys.count == tuple.items.count else { return nil }
      self = .tuple(keys)
    case .global(let global): self = .global(name: ByteText(Self.name(of: global)))
    case .tensor(let tensor): self = .tensor(ObjectIdentifier(tensor))
    default: self.init(plain: value)
    }
  }

  /// What distinguishes a class from others, as far as that is possible: modules import classes
  /// from each other, so that `torch.nn.Linear` and `torch.nn.modules.linear.Linear` are the same.
  private static func name(of global: PickleGlobal) -> String {
    GlobalTables.otherNames[global.globalName.name] ?? global.globalName.name
  }

  /// How many bytes of texts and numbers are read to make the key for a value, again each time that
  /// it is used.
  static func byteCount(of value: PickleValue) -> Int { byteCount(of: value, depth: 0) }

  private static func byteCount(of value: PickleValue, depth: Int) -> Int {
    if case .global(let global) = value { return global.globalName.name.utf8.count }
    guard case .tuple(let tuple) = value else { return byteCount(ofPlain: value) }
    guard depth < tupleDepth, tuple.items.count <= tupleCount else { return 0 }
    return tuple.items.reduce(tuple.items.count) { $0 + byteCount(of: $1, depth: depth + 1) }
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
