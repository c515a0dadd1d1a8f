public import ByteIO
import NativeFormat
import SafetensorsFormat
import TorchFormat

/// What kind of file some bytes are, determined from the bytes alone.
public enum FileSignature: Equatable, Sendable {
  case native
  case safetensors
  /// A zip archive, a pickle or a tar archive, which may or may not be PyTorch's.
  case torch
  case json
  case empty
  /// A file that is often mistaken for a checkpoint.
  case foreign(ForeignFile)
  case unknown

  /// Looks at the first bytes, those of a tar header first, and for archives and pickles at the
  /// last ones.
  public init(of region: ByteRegion) {
    if region.byteCount == 0 {
      self = .empty
    } else if TorchFile.looksLikeTar(region) {
      self = ForeignFile(tar: region).map { .foreign($0) } ?? .torch
    } else if NativeFile.looksLike(region) {
      self = .native
    } else if SafetensorsFile.looksLike(region), !ForeignFile.isGzip(region) {
      // Before other programs' files, some of which are recognized by bytes that a header's length
      // may also have.
      self = .safetensors
    } else if let foreign = ForeignFile(region) {
      self = .foreign(foreign)
    } else if TorchFile.looksLikeTorch(region) {
      self = .torch
    } else if Self.beginsLikeSafetensors(region) {
      self = .safetensors
    } else if Self.beginsWithBrace(region) {
      self = .json
    } else {
      self = .unknown
    }
  }

  /// Whether it is a kind of file that is read for its tensors.
  var holdsTensors: Bool {
    switch self {
    case .native, .safetensors, .torch: true
    case .json, .empty, .foreign, .unknown: false
    }
  }

  /// Whether the file is cut within a safetensors header: a plausible length, then an object.
  private static func beginsLikeSafetensors(_ region: ByteRegion) -> Bool {
    region.byteCount > 8 && region[8] == UInt8(ascii: "{")
      && (4..<8).allSatisfy { region[$0] == 0 }
  }

  private static func beginsWithBrace(_ region: ByteRegion) -> Bool {
    for offset in 0..<min(region.byteCount, 64) {
      switch region[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case let byte: return byte == UInt8(ascii: "{")
      }
    }
    return false
  }
}
