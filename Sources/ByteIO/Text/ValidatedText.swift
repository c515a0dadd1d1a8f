extension String {
  /// The text that some bytes are, or `nil` where they are not valid UTF-8. Copies.
  ///
  /// The same as `String(validating:as:)`, which is generic and takes several times as long to copy
  /// a name.
  public init?(validatingUTF8 bytes: UnsafeRawBufferPointer) {
    guard isASCII(bytes) else {
      self.init(validating: bytes, as: UTF8.self)
      return
    }
    self.init(unsafeUninitializedCapacity: bytes.count) { place in
      UnsafeMutableRawBufferPointer(place).copyMemory(from: bytes)
      return bytes.count
    }
  }
}

/// Whether no byte has its highest bit set.
func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
  var all: UInt8 = 0
  for index in bytes.indices { all |= bytes[index] }
  return all < 0x80
}
