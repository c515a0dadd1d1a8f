import ByteIO

/// The first bytes that a deflate stream gives, whatever it ends with: what a sweep looks at.
struct InflatedStart {
  /// The bytes, with zeros behind them where the stream gave fewer.
  let bytes: ByteRegion
  /// Whether the stream gives more.
  let isCut: Bool

  /// What is inflated to tell whether there is a pickle in it.
  private static let probeByteCount = 1 << 12

  /// Inflates a few bytes, or up to `limit` where those few read as opcodes.
  init?(_ raw: ByteRegion, limit: Int) {
    guard let probe = Self.inflated(raw, limit: min(limit, Self.probeByteCount)) else { return nil }
    if probe.isCut, limit > Self.probeByteCount, Self.mayReadOn(probe.bytes) {
      guard let all = Self.inflated(raw, limit: limit) else { return nil }
      self = all
    } else {
      self = probe
    }
  }

  private init(bytes: ByteRegion, isCut: Bool) {
    self.bytes = bytes
    self.isCut = isCut
  }

  /// Whether opcodes fill what the stream has given: where it gives more than there is room for,
  /// up to a whole block of it is missing, and zeros, which are no opcode, lie there.
  private static func mayReadOn(_ bytes: ByteRegion) -> Bool {
    let sweep = PickleSweep(bytes, record: nil)
    return sweep.isCut || bytes.withUnsafeBytes { $0[sweep.offset...].allSatisfy { $0 == 0 } }
  }

  private static func inflated(_ raw: ByteRegion, limit: Int) -> InflatedStart? {
    inflateStart(raw, limit: limit).map { InflatedStart(bytes: $0.bytes, isCut: $0.isCut) }
  }
}
