public import ByteIO

/// What is wrong with a checkpoint's file, or with its folder.
public enum InputError: Error, Equatable, Sendable {
  /// The file has no bytes.
  case emptyFile
  /// The file is of a known kind that is not a checkpoint.
  case foreignFile(ForeignFile)
  /// The file is JSON, but not an index of shards.
  case unexpectedJSON
  /// The file is of no known kind.
  case unknownFile(firstBytes: [UInt8])
  /// The file is a short text of no known kind, such as a server's answer in place of a file.
  case unknownText(firstLine: String)
  /// A configuration file of a model folder is not JSON.
  case invalidConfig(name: String, JSONError)
  /// A configuration file of a model folder is larger than the limit.
  case configTooLarge(name: String, byteCount: Int, limit: Int)
  /// A file of a folder is a link that leads out of it.
  case linkOutsideFolder(name: String, target: String)
  /// A folder has no file with one of the names that models have; `found` lists weights under other
  /// names.
  case noCheckpointInFolder(found: [String])
  /// There is nothing to compare or list; a state dict of NumPy arrays has no tensors.
  case noTensors(hasArrays: Bool)
  /// This is a checkpoint that several processes wrote, or one of its parts.
  case distributedCheckpoint
  /// The file is also one of HDF5, which begins at `byteOffset`.
  case hiddenHDF5(byteOffset: Int)
  /// What a safetensors file says about quantized tensors cannot be read.
  case invalidQuantization(reason: String)
}

extension InputError {
  /// Whether the file is of a kind that is not a checkpoint.
  var isOtherKindOfFile: Bool {
    switch self {
    case .emptyFile, .foreignFile, .unexpectedJSON, .unknownFile, .unknownText: true
    default: false
    }
  }

  private static let shortTextByteCount = 512
  private static let shownByteCount = 8

  /// The error for a file whose first bytes are of no known kind.
  init(unknown region: ByteRegion) {
    if region.byteCount <= Self.shortTextByteCount,
      let line = region.text?.split(whereSeparator: \.isNewline).first,
      line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    {
      self = .unknownText(firstLine: String(line))
    } else {
      let count = min(Self.shownByteCount, region.byteCount)
      self = .unknownFile(firstBytes: region.slice(offset: 0, byteCount: count)?.array ?? [])
    }
  }
}
