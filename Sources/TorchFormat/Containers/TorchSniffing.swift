import ByteIO

/// Which of PyTorch's containers some bytes are, by what they begin with.
enum TorchSniffing: Equatable {
  case zip, legacyOrPickle, tar, preview, textPickle, unrecognized

  /// The magic number of files before 1.6 as protocol 1 writes it, without PROTO.
  private static let textMagic = Array("L119547037146038801333356L\n.".utf8)

  init(_ region: ByteRegion) {
    if region.matches(ZipRecord.local.signatureBytes) {
      self = .zip
    } else if TarHeader(region, at: 0) != nil {
      self = .tar
    } else if region.matches("PYTORCH1".utf8) {
      self = .preview
    } else if ZipFields(region, at: region.byteCount - ZipRecord.end.byteCount, .end) != nil {
      // An archive whose beginning is cut off, or covered by something else.
      self = .zip
    } else if region.matches(Self.textMagic)
      || region.byteCount >= 2 && region[0] == PickleOpcode.proto.rawValue
    {
      self = .legacyOrPickle
    } else if Self.looksLikeTextPickle(region) {
      self = .textPickle
    } else {
      self = .unrecognized
    }
  }

  /// Whether the bytes begin with one of the opcodes that a pickle without PROTO begins with and
  /// end with STOP.
  private static func looksLikeTextPickle(_ region: ByteRegion) -> Bool {
    guard region.byteCount >= 2, region[region.byteCount - 1] == PickleOpcode.stop.rawValue else {
      return false
    }
    let openings: [PickleOpcode] = [
      .global, .mark, .emptyDict, .emptyList, .emptyTuple, .inst,
    ]
    return openings.contains { $0.rawValue == region[0] }
  }
}
