/// Fewer bytes were left than a read asked for.
public struct TruncatedRead: Error, Equatable, Sendable {
  /// Where the read began, from the start of the region.
  public let offset: Int
  /// How many bytes it asked for.
  public let needed: Int
  /// How many were left.
  public let available: Int
}

/// Reads a region from front to back.
///
/// A failed read leaves the position unchanged.
public struct ByteCursor: Sendable {
  /// What is read.
  public let region: ByteRegion
  /// The next byte to be read, from the start of the region.
  public private(set) var offset: Int

  /// Starts at the first byte.
  public init(_ region: ByteRegion) {
    self.region = region
    offset = 0
  }

  /// How many bytes are left.
  public var available: Int { region.byteCount - offset }

  /// Takes the next `count` bytes, without copying them.
  ///
  /// Throws `TruncatedRead` when fewer are left, or when `count` is negative.
  public mutating func read(byteCount count: Int) throws(TruncatedRead) -> ByteRegion {
    guard let part = region.slice(offset: offset, byteCount: count) else {
      throw TruncatedRead(offset: offset, needed: count, available: available)
    }
    offset += count
    return part
  }

  /// Takes the next byte.
  ///
  /// Throws `TruncatedRead` at the end.
  public mutating func readByte() throws(TruncatedRead) -> UInt8 {
    guard offset < region.byteCount else {
      throw TruncatedRead(offset: offset, needed: 1, available: 0)
    }
    defer { offset += 1 }
    return region[offset]
  }

  /// Takes a little-endian integer.
  ///
  /// Throws `TruncatedRead` when fewer bytes than it has are left.
  public mutating func readLittleEndian<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(TruncatedRead) -> Value {
    Value(littleEndian: try readUnaligned(type))
  }

  private mutating func readUnaligned<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(TruncatedRead) -> Value {
    let part = try read(byteCount: MemoryLayout<Value>.size)
    return part.withUnsafeBytes { $0.loadUnaligned(as: type) }
  }

  /// Takes the bytes up to a line feed, which is passed over, or `nil` where none comes within
  /// `limit` bytes.
  public mutating func readLine(limit: Int) -> ByteRegion? {
    let window = limit < available ? limit + 1 : available
    let count = region.withUnsafeBytes { bytes in
      bytes[offset..<offset + window].firstIndex(of: UInt8(ascii: "\n")).map { $0 - offset }
    }
    guard let count, let line = region.slice(offset: offset, byteCount: count) else { return nil }
    offset += count + 1
    return line
  }
}

extension [UInt8] {
  /// Appends an integer's bytes, the lowest first.
  public mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a text's UTF-8 bytes.
  public mutating func append(utf8 text: String) {
    append(contentsOf: text.utf8)
  }
}
