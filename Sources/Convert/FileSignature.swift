public import ByteIO
import NativeFormat
import SafetensorsFormat

/// What kind of file some bytes are, told by the bytes alone.
public enum FileSignature: Equatable, Sendable {
  case native
  case safetensors
  /// A zip archive: PyTorch's since release 1.6, or TorchScript.
  case zip
  /// A pickle: PyTorch's files before release 1.6.
  case pickle
  /// A tar archive: PyTorch's files of 2016.
  case tar
  case json
  case empty
  /// A file that people take for a checkpoint, by what it is.
  case foreign(ForeignFile)
  case unknown

  /// Looks at the first bytes, and for tar at byte 257.
  public init(of region: ByteRegion) {
    if region.byteCount == 0 {
      self = .empty
    } else if NativeFile.looksLike(region) {
      self = .native
    } else if region.matches([0x50, 0x4B, 0x03, 0x04]) {
      self = .zip
    } else if region.matches("ustar".utf8, at: 257) {
      self = .tar
    } else if SafetensorsFile.looksLike(region) {
      self = .safetensors
    } else if let foreign = ForeignFile(region) {
      self = .foreign(foreign)
    } else if region[0] == 0x80 {
      self = .pickle
    } else if Self.beginsWithBrace(region) {
      self = .json
    } else {
      self = .unknown
    }
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

/// A kind of file that is often taken for a checkpoint, and what to do about it.
public struct ForeignFile: Equatable, Sendable {
  /// What it is: `a git-lfs pointer`.
  public let name: String
  /// What to do instead.
  public let hint: String

  /// The kind whose first bytes these are; `nil`: none of the table.
  init?(_ region: ByteRegion) {
    guard let row = Self.table.first(where: { region.matches($0.bytes, at: $0.offset) }) else {
      guard Self.isMarkup(region) else { return nil }
      name = "an HTML or XML page"
      hint = "the download was a web page; use the link to the file itself ('resolve', not 'blob')"
      return
    }
    name = row.name
    hint = row.hint
  }

  private static func isMarkup(_ region: ByteRegion) -> Bool {
    for offset in 0..<min(region.byteCount, 256) {
      switch region[offset] {
      case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: continue
      case let byte: return byte == UInt8(ascii: "<")
      }
    }
    return false
  }

  private struct Row {
    let bytes: [UInt8]
    let offset: Int
    let name: String
    let hint: String

    init(_ text: String, at offset: Int = 0, _ name: String, _ hint: String) {
      self.init(Array(text.utf8), at: offset, name, hint)
    }

    init(_ bytes: [UInt8], at offset: Int = 0, _ name: String, _ hint: String) {
      self.bytes = bytes
      self.offset = offset
      self.name = name
      self.hint = hint
    }
  }

  private static let unpack = "unpack it first"
  private static let export =
    "save the weights as .safetensors or .pth from the program that made it"

  private static let table = [
    Row(
      "version https://git-lfs", "a git-lfs pointer, not the file it stands for",
      "'git lfs pull' fetches the file; 'convnext verify POINTER FILE' checks it"),
    Row([0x1F, 0x8B], "a gzip file", unpack),
    Row([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", unpack),
    Row([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", unpack),
    Row("BZh", "a bzip2 file", unpack),
    Row([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z file", unpack),
    Row("Rar!", "a RAR file", unpack),
    Row("GGUF", "a GGUF file", export),
    Row([0x93] + Array("NUMPY".utf8), "a NumPy array file", export),
    Row(
      [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], "an HDF5 file (Keras or TensorFlow)", export),
    Row([0x89] + Array("PNG".utf8), "a PNG image", export),
    Row([0xFF, 0xD8, 0xFF], "a JPEG image", export),
    Row("%PDF-", "a PDF document", export),
    Row("PYTORCH1", "a file of PyTorch's preview of 2018", "save it anew with a later PyTorch"),
    Row("TFL3", at: 4, "a TensorFlow Lite file", export),
    Row([0x08], at: 0, "an ONNX or Core ML model, or another protocol buffer", export),
    Row([0x0A], at: 0, "a TensorFlow graph, or another protocol buffer", export),
    Row("PK\u{5}\u{6}", "an empty zip archive", "download the file again"),
  ]
}
