extension ByteRegion {
  /// The little-endian integer at `offset`, at any alignment, or `nil` where it does not lie within
  /// the region.
  ///
  /// Any offset is allowed, so it may come from a file.
  package func littleEndian<Value: FixedWidthInteger>(
    _ type: Value.Type, at offset: Int
  ) -> Value? {
    slice(offset: offset, byteCount: MemoryLayout<Value>.size)?
      .withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: type)) }
  }
}

extension [UInt8] {
  /// Appends an integer's bytes, the lowest first.
  package mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a text's UTF-8 bytes.
  package mutating func append(utf8 text: String) {
    append(contentsOf: text.utf8)
  }
}
