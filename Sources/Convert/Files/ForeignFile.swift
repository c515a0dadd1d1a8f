import ByteIO

/// A kind of file that is often mistaken for a checkpoint, and what to do about it.
public struct ForeignFile: Equatable, Sendable {
  /// What it is: `a git-lfs pointer`.
  public let name: String
  /// Whether it is a valid file of its kind, not something that was left in place of a file.
  public let isValid: Bool
  /// What to do instead.
  public let hint: String

  /// The kind whose first bytes these are; `nil` if it is not a known one.
  init?(_ region: ByteRegion) {
    let row =
      Self.signatures.first { region.matches($0.bytes, at: $0.offset) }
      ?? Self.markup(region) ?? Self.zipMember(region) ?? Self.protocolBuffer(region)
      ?? Self.messagePack(region)
    guard let row else { return nil }
    self.init(row)
  }

  /// Whether programs that unpack files on their own, such as joblib, would unpack this one first.
  ///
  /// The bytes can also be the length of a safetensors header, but not of one that a program
  /// writes: those lengths are multiples of 8. With the bytes of other kinds, a header would be too
  /// long.
  static func isGzip(_ region: ByteRegion) -> Bool { region.matches([0x1F, 0x8B, 0x08]) }

  private static let tarMembers = ["sys_info", "pickle", "tensors", "storages"]

  /// A tar archive; `nil` if its first member is one that PyTorch wrote in 2016.
  init?(tar region: ByteRegion) {
    guard !Self.tarMembers.contains(where: { region.matches(Array($0.utf8) + [0]) }) else {
      return nil
    }
    self.init(Row([], "a tar archive", Self.unpack))
  }

  private init(_ row: Row) {
    name = row.name
    isValid = row.isValid
    hint = row.hint
  }

  private struct Row {
    let bytes: [UInt8]
    let offset: Int
    let name: String
    let isValid: Bool
    let hint: String

    init(_ text: String, at offset: Int = 0, _ name: String, isValid: Bool = true, _ hint: String) {
      self.init(Array(text.utf8), at: offset, name, isValid: isValid, hint)
    }

    init(
      _ bytes: [UInt8], at offset: Int = 0, _ name: String, isValid: Bool = true, _ hint: String
    ) {
      self.bytes = bytes
      self.offset = offset
      self.name = name
      self.isValid = isValid
      self.hint = hint
    }
  }

  private static let unpack = "unpack it first"
  private static let export =
    "save the weights as .safetensors or .pth from the program that made it"

  private static let hdf5: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]

  /// Where the HDF5 file begins that a file of another kind also is; `nil` if there is none.
  ///
  /// Readers of HDF5 look for its signature at 512 bytes, and then at each time twice as many,
  /// because a user's own bytes may come first (HDF5 File Format Specification, II.A). Keras runs
  /// the code in a model of that format.
  static func offsetOfHiddenHDF5(in region: ByteRegion) -> Int? {
    var offset = 512
    while offset < region.byteCount {
      if region.matches(hdf5, at: offset) { return offset }
      offset *= 2
    }
    return nil
  }

  private static let signatures = [
    Row(
      "version https://git-lfs", "a git-lfs pointer, not the file itself",
      isValid: false, "'git lfs pull' fetches the file; 'convnext verify POINTER FILE' checks it"),
    Row([0x1F, 0x8B], "a gzip file", unpack),
    Row([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", unpack),
    Row([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", unpack),
    Row("BZh", "a bzip2 file", unpack),
    Row([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z file", unpack),
    Row("Rar!", "a RAR file", unpack),
    Row("GGUF", "a GGUF file", export),
    Row([0x93] + Array("NUMPY".utf8), "a NumPy array file", export),
    Row(hdf5, "an HDF5 file (Keras or TensorFlow)", export),
    Row([0x89] + Array("PNG".utf8), "a PNG image", export),
    Row([0xFF, 0xD8, 0xFF], "a JPEG image", export),
    Row("%PDF-", "a PDF document", export),
    Row("ET12", at: 4, "an ExecuTorch program", export),
    Row("TFL3", at: 4, "a TensorFlow Lite file", export),
  ]

  /// A web page: the first character that is not white space is `<`.
  private static func markup(_ region: ByteRegion) -> Row? {
    for offset in 0..<min(region.byteCount, 256) {
      switch region[offset] {
      case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: continue
      case UInt8(ascii: "<"):
        return Row(
          [], "an HTML or XML page", isValid: false,
          "the download was a web page; use the link to the file itself ('resolve', not 'blob')")
      default: return nil
      }
    }
    return nil
  }

  /// Without "pkl": PyTorch archives have records with that extension.
  private static let checkpointExtensions = Set(OutputContainer.allExtensions).subtracting(["pkl"])

  /// Zip archives of other programs, recognized by the name of their first member.
  private static func zipMember(_ region: ByteRegion) -> Row? {
    guard region.matches([0x50, 0x4B, 0x03, 0x04]), region.byteCount > 30,
      let name = region.slice(
        offset: 30, byteCount: Int(region[26]) | Int(region[27]) << 8)?.text
    else { return nil }
    // Files that were added to a TorchScript program come first in it, whatever they are.
    if name.split(separator: "/").dropFirst().first == "extra" { return nil }
    if name.hasSuffix(".npy") { return Row([], "a NumPy archive (.npz)", export) }
    if name.contains("com.apple.CoreML") || name.hasSuffix("Manifest.json") {
      return Row([], "a zipped Core ML package", export)
    }
    if name.hasSuffix(".h5") || name == "metadata.json" {
      return Row([], "a Keras model (.keras)", export)
    }
    if name == "[Content_Types].xml" { return Row([], "an Office document", export) }
    if name.contains("/data/weights/weight_") {
      return Row([], "a program of torch.export (.pt2)", export)
    }
    // Checkpoints have records there, too, and a repacked archive may have any order.
    if name.contains("/.data/"), !name.hasSuffix("/serialization_id"), !name.hasSuffix("/version") {
      return Row([], "an archive of torch.package", export)
    }
    if name == "config.json" || checkpointExtensions.contains(FileSystem.pathExtension(of: name)) {
      return Row([], "a zip archive with a checkpoint in it", unpack)
    }
    return nil
  }

  /// Models stored as protocol buffers: a version as field 1, then a text (ONNX: the producer) or a
  /// message (Core ML: the description; TensorFlow: the graph) as field 2.
  private static func protocolBuffer(_ region: ByteRegion) -> Row? {
    guard region.byteCount > 4, region[0] == 0x08, region[1] < 0x80 else { return nil }
    guard region[2] == 0x12 else {
      let isGraph = region[2] == 0x3A || region[2] == 0x1A || region[2] == 0x42
      return isGraph ? Row([], "an ONNX model", export) : nil
    }
    var offset = 3
    while offset < min(8, region.byteCount), region[offset] >= 0x80 { offset += 1 }
    guard offset + 1 < region.byteCount else { return nil }
    let first = region[offset + 1]
    if (0x21...0x7E).contains(first) { return Row([], "an ONNX model", export) }
    return region[1] == 1
      ? Row([], "a TensorFlow SavedModel", export) : Row([], "a Core ML model", export)
  }

  /// A MessagePack map with text keys, as Flax writes it. Its first byte is never that of a pickle.
  private static func messagePack(_ region: ByteRegion) -> Row? {
    guard region.byteCount > 4 else { return nil }
    let key: UInt8
    switch region[0] {
    case 0x81...0x8F: key = region[1]
    // 16 keys or more: their number has two bytes.
    case 0xDE: key = region[3]
    default: return nil
    }
    guard (0xA1...0xBF).contains(key) || key == 0xD9 else { return nil }
    return Row([], "a MessagePack file (Flax)", export)
  }
}
