import ByteIO

/// The fixed part of a header: little-endian numbers at known places.
struct ZipFields {
  private let region: ByteRegion

  /// The fixed part of a record at an offset, or `nil` where there is none.
  init?(_ region: ByteRegion, at offset: Int, _ record: ZipRecord) {
    self.init(region, at: offset, byteCount: record.byteCount, firstWord: record.rawValue)
  }

  /// The header at an offset, or `nil` where the file has no room for it or it does not begin
  /// with `firstWord`.
  init?(_ region: ByteRegion, at offset: Int, byteCount: Int, firstWord: UInt32) {
    guard let part = region.slice(offset: offset, byteCount: byteCount) else { return nil }
    self.region = part
    if self.word32(0) != Int(firstWord) { return nil }
  }

  /// A number of the record.
  subscript(field: ZipField) -> Int {
    switch field.byteCount {
    case 2: word16(field.offset)
    case 4: word32(field.offset)
    default: word64(field.offset)
    }
  }

  func word16(_ offset: Int) -> Int { Int(load(UInt16.self, offset)) }
  func word32(_ offset: Int) -> Int { Int(load(UInt32.self, offset)) }
  /// A 64-bit number; one beyond `Int` is clamped to `Int.max`, which is outside of any file.
  func word64(_ offset: Int) -> Int { Int(clamping: load(UInt64.self, offset)) }

  private func load<Value: FixedWidthInteger>(_ type: Value.Type, _ offset: Int) -> Value {
    region.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type))
    }
  }
}
