import ByteIO

/// A member's extra fields (APPNOTE.TXT, 4.5), as far as they matter.
struct ZipExtraFields {
  private static let zip64: UInt16 = 1
  /// Info-ZIP's other name for the member (APPNOTE.TXT, 4.6.9): libzip, unzip and Python use it if
  /// it is there, PyTorch does not.
  private static let unicodePath: UInt16 = 0x7075
  /// A version and the checksum of the header's name precede the other name.
  private static let unicodePathPrefix = 5
  /// Each field begins with its identifier and its length.
  private static let fieldHeaderByteCount = 4

  /// The 64-bit numbers of the zip64 field, which replace the saturated ones in their order.
  ///
  /// PyTorch writes only those that are needed, and they are read that way.
  private(set) var zip64Numbers: [Int] = []

  /// Reads the fields of a header.
  ///
  /// - Parameters:
  ///   - extra: Their bytes.
  ///   - name: The name in the header.
  ///   - allowsPadding: Whether bytes that are not fields may follow: tools that align members put
  ///     some in the members' own headers.
  init(
    _ extra: ByteRegion, name: ByteRegion, allowsPadding: Bool, at place: ErrorPlace
  ) throws(TorchError) {
    var hasZip64 = false
    var offset = 0
    while offset < extra.byteCount {
      let start = offset + Self.fieldHeaderByteCount
      guard let id = extra.littleEndian(UInt16.self, at: offset),
        let count = extra.littleEndian(UInt16.self, at: offset + 2),
        let bytes = extra.slice(offset: start, byteCount: Int(count))
      else {
        if allowsPadding { return }
        throw TorchError(.zipExtraField, at: place)
      }
      offset = start + bytes.byteCount
      switch id {
      case Self.zip64:
        // If there are two, readers may use either.
        guard !hasZip64 else { throw TorchError(.zipExtraField, at: place) }
        hasZip64 = true
        zip64Numbers = Self.numbers(bytes)
      case Self.unicodePath:
        let start = Self.unicodePathPrefix
        guard let other = bytes.slice(offset: start, byteCount: bytes.byteCount - start),
          other.hasSameBytes(as: name)
        else { throw TorchError(.zipNamesDisagree, at: place) }
      default: continue
      }
    }
  }

  private static func numbers(_ field: ByteRegion) -> [Int] {
    stride(from: 0, to: field.byteCount, by: 8)
      .compactMap { field.littleEndian(UInt64.self, at: $0) }.map(Int.init(clamping:))
  }
}
