import ByteIO

/// The first bytes that a deflate stream gives, whatever it ends with: what a sweep looks at.
struct InflatedStart {
  /// The bytes, with zeros behind them where the stream gave fewer.
  let bytes: ByteRegion
  /// Whether the stream gives more.
  let isCut: Bool
  /// How many bytes of the stream may have been gone over, and of what it gave: empty blocks give
  /// nothing, and take time.
  let cost: Int

  /// What is inflated to tell whether there is a pickle in it.
  private static let probeByteCount = 1 << 12

  /// Inflates a few bytes, or up to `limit` where those few read as opcodes.
  ///
  /// - Parameter probedByteCount: The bytes of the stream that have to give those few.
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

  /// Whether opcodes fill what the stream has given: where it gives more than there is room for,
  /// up to a whole block of it is missing, and zeros, which are no opcode, lie there.
  private static func mayReadOn(_ bytes: ByteRegion) -> Bool {
    let sweep = PickleSweep(bytes, record: nil)
    return sweep.isCut || bytes.withUnsafeBytes { $0[sweep.offset...].allSatisfy { $0 == 0 } }
  }
}
