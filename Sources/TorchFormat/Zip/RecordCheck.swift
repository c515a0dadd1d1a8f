import ByteIO

/// Whether a record of a zip archive has the checksum that the archive declares.
public struct RecordCheck: Equatable, Sendable {
  /// The result of the check.
  public enum Status: Equatable, Sendable {
    /// The checksum is right.
    case matches
    /// The archive declares none: PyTorch was told not to compute it.
    case notComputed
    /// The bytes are not those that were written. CRC-32 as declared and as computed.
    case mismatch(declared: UInt32, computed: UInt32)
  }

  /// The record's name, with the archive's folder.
  public let name: String
  /// The record's bytes, uncompressed.
  public let byteCount: Int
  /// The result of the check.
  public let status: Status
  /// The tensors that have their elements in the record, where its checksum is wrong.
  public internal(set) var tensorNames: [String] = []

  static func status(of region: ByteRegion, declared: UInt32) -> Status {
    // Where none is declared, there is nothing to compute.
    let computed = declared == 0 ? 0 : checksum(of: region)
    return status(byteCount: region.byteCount, declared: declared, computed: computed)
  }

  static func status(byteCount: Int, declared: UInt32, computed: UInt32) -> Status {
    // Zero means none; it is also the checksum of no bytes.
    if declared == 0 { return byteCount == 0 ? .matches : .notComputed }
    return computed == declared ? .matches : .mismatch(declared: declared, computed: computed)
  }
}
