import ByteIO

/// The first bytes that a deflate stream gives, whatever it ends with: what a sweep looks at.
struct InflatedStart {
  /// The bytes, followed by zeros if the stream gave fewer.
  let bytes: ByteRegion
  /// Whether the stream gives more.
  let isCut: Bool
  /// How many bytes of the stream, and of what it gave, may have been processed: empty blocks give
  /// nothing, but take time.
  let cost: Int

  /// How much is inflated to find out whether there is a pickle in it.
  private static let probeByteCount = 1 << 12

  /// Inflates a few bytes, or up to `limit` if those few read as opcodes.
  ///
  /// - Parameter probedByteCount: How many bytes of the stream must give those few.
  init?(_ raw: ByteRegion, limit: Int, probedByteCount: Int = .max) {
    guard
      let probed = raw.slice(offset: 0, byteCount: min(raw.byteCount, probedByteCount)),
      let probe = inflateStart(probed, limit: min(limit, Self.probeByteCount))
    else { return nil }
    guard probe.isCut, limit > Self.probeByteCount, Self.mayReadOn(probe.bytes) else {
      (bytes, isCut) = probe
      cost = probed.byteCount + probe.bytes.byteCount
      return
    }
    guard let all = inflateStart(raw, limit: limit) else { return nil }
    (bytes, isCut) = all
    cost = probed.byteCount + raw.byteCount + all.bytes.byteCount
  }

  /// Whether opcodes fill what the stream has given: where it gives more than there is room for, up
  /// to a whole block of it is missing, and zeros, which are not an opcode, are in its place.
  private static func mayReadOn(_ bytes: ByteRegion) -> Bool {
    let sweep = PickleSweep(bytes, record: nil)
    return sweep.isCut || bytes.withUnsafeBytes { $0[sweep.offset...].allSatisfy { $0 == 0 } }
  }
}
