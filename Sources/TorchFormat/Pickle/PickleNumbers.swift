/// Whole numbers as pickles write them.
enum PickleNumbers {
  /// The most digits of a number in text, sign included: PyTorch writes 64-bit seeds this way.
  static let digitCount = 40

  /// A two's complement number, the lowest byte first; no bytes mean zero.
  static func integer(twosComplement bytes: some BidirectionalCollection<UInt8>) -> PickleValue {
    let fill: UInt8 = (bytes.last ?? 0) >= 0x80 ? 0xFF : 0
    var significant = bytes[...]
    while let last = significant.last, last == fill,
      let next = significant.dropLast().last, (next >= 0x80) == (fill != 0)
    {
      significant = significant.dropLast()
    }
    if significant.count > 8 { return .bigInteger(Array(significant)) }
    var value: UInt64 = fill == 0 ? 0 : .max
    for byte in significant.reversed() { value = value << 8 | UInt64(byte) }
    return .integer(Int(Int64(bitPattern: value)))
  }

  /// A number in decimal digits as Python writes it, or `nil` if it is written in another way or is
  /// too long. PyTorch's protocol 1 writes truth values as `00` and `01`, which the caller handles.
  ///
  /// One of Python's readers reads `010` as eight, and the other one refuses it. Both accept plus
  /// signs, spaces and underscores, which no program writes.
  static func integer(decimal digits: some Collection<UInt8>) -> PickleValue? {
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count <= digitCount, let value = Int128(text), text == String(value) else {
      return nil
    }
    return withUnsafeBytes(of: value.littleEndian) { integer(twosComplement: $0) }
  }
}
