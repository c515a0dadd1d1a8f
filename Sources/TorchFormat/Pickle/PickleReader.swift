import ByteIO

/// Reads a pickle's bytes from front to back.
///
/// It is in this module, not in `ByteIO`, because a pickle is read a byte at a time, and calls
/// across modules would cost more than reading.
struct PickleReader {
  private let region: ByteRegion
  // Stays valid for as long as `region` is held.
  private let bytes: UnsafeRawBufferPointer
  private let limits: Limits
  /// The zip record that the pickle is; `nil` if it is in the file itself.
  let record: String?
  /// The next byte to be read, from the start of the record or file.
  private(set) var offset: Int

  init(_ region: ByteRegion, from offset: Int, record: String?, limits: Limits) {
    self.region = region
    self.record = record
    self.limits = limits
    self.offset = offset
    bytes = region.withUnsafeBytes { $0 }
  }

  var available: Int { bytes.count - offset }

  func error(_ reason: TorchError.Reason, at offset: Int) -> TorchError {
    TorchError(reason, record: record, offset: offset)
  }

  mutating func readByte() throws(TorchError) -> UInt8 {
    guard offset < bytes.count else {
      throw error(.pickleTruncated(needed: 1, available: 0), at: offset)
    }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// The next bytes, valid for as long as the reader is.
  mutating func read(byteCount: Int) throws(TorchError) -> UnsafeRawBufferPointer {
    guard byteCount >= 0, byteCount <= available else {
      throw error(.pickleTruncated(needed: byteCount, available: available), at: offset)
    }
    defer { offset += byteCount }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
  }

  mutating func readInteger<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(TorchError) -> Value {
    let part = try read(byteCount: MemoryLayout<Value>.size)
    return Value(littleEndian: part.loadUnaligned(as: type))
  }

  /// A count of bytes that follow, in `type`; a count beyond `Int` is also beyond the pickle.
  mutating func readCount<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type
  ) throws(TorchError) -> Int {
    Int(clamping: try readInteger(type))
  }

  mutating func readBigEndianFloat() throws(TorchError) -> Double {
    let part = try read(byteCount: 8)
    return Double(bitPattern: UInt64(bigEndian: part.loadUnaligned(as: UInt64.self)))
  }

  mutating func readText(byteCount: Int) throws(TorchError) -> String {
    let start = offset
    let part = try read(byteCount: byteCount)
    guard let text = String(validatingUTF8: part) else {
      throw error(.textEncoding, at: start)
    }
    return try checked(text, at: start)
  }

  /// A text that is cheap to compare.
  func checked(_ text: String, at start: Int) throws(TorchError) -> String {
    if text.hasTooManyMarks { throw error(.textMarks(limit: String.markLimit), at: start) }
    return text
  }

  /// The bytes up to a line feed, which is skipped.
  mutating func readLine() throws(TorchError) -> UnsafeRawBufferPointer {
    let limit = limits.pickleLineByteCount
    let isLonger = limit < available
    let window = isLonger ? limit + 1 : available
    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + window])
    guard let count = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw isLonger
        ? error(.lineTooLong(limit: limit), at: offset)
        : error(.pickleTruncated(needed: window + 1, available: window), at: offset)
    }
    offset += count + 1
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }
}
