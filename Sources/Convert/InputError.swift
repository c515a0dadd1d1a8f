public import ByteIO

/// A file that is no checkpoint, or none that can be used as asked.
public enum InputError: Error, Equatable, Sendable {
  /// The file has no bytes.
  case emptyFile
  /// The file is of a known kind that is no checkpoint.
  case foreignFile(ForeignFile)
  /// The file is JSON, but no index of shards.
  case unexpectedJSON
  /// Nothing is known that begins so.
  case unknownFile(firstBytes: [UInt8])
  /// There is nothing in a folder that could be read.
  case noCheckpointInFolder
  /// An output of this name cannot be written.
  case unknownOutput(String)
  /// A folder is only written for Hugging Face.
  case folderNeedsHuggingFace
  /// A number that a converted file's name promises is not that of the file.
  case checksumMismatch(expected: String, found: String, source: String)
  /// A record of a PyTorch archive has another CRC-32 than the archive's directory says.
  case recordChecksum(record: String, declared: UInt32, computed: UInt32)
}

extension InputError: CheckpointError {
  /// A wrong name is the user's; everything else is the file's.
  public var category: FailureCategory {
    switch self {
    case .foreignFile: .invalidInput
    case .unknownOutput, .folderNeedsHuggingFace: .cannotCreate
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .emptyFile: "empty-file"
    case .foreignFile: "foreign-file"
    case .unexpectedJSON: "unexpected-json"
    case .unknownFile: "unknown-file"
    case .noCheckpointInFolder: "no-checkpoint-in-folder"
    case .unknownOutput: "unknown-output"
    case .folderNeedsHuggingFace: "folder-needs-huggingface"
    case .checksumMismatch: "checksum-mismatch"
    case .recordChecksum: "record-checksum"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .emptyFile: "the file is empty"
    case .foreignFile(let file): "this is \(file.name)"
    case .unexpectedJSON: "this is JSON, but not an index of shards"
    case .unknownFile(let bytes):
      "this is no checkpoint that is known: it begins with the bytes \(lowercaseHex(bytes))"
    case .noCheckpointInFolder:
      "the folder holds no model.safetensors, pytorch_model.bin, nor an index of shards"
    case .unknownOutput(let name):
      "the extension of \(quoted(name)) names no container"
    case .folderNeedsHuggingFace: "a folder is written with --naming huggingface only"
    case .checksumMismatch(let expected, let found, let source):
      "the SHA-256 should be \(expected) \(source), and is \(found)"
    case .recordChecksum(_, let declared, let computed):
      "its CRC-32 should be \(hex(declared)) and is \(hex(computed))"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .emptyFile: "download the file again"
    case .foreignFile(let file): file.hint
    case .unknownOutput: "use .convnext, .safetensors, .pth, .pt or .bin, or say --to"
    case .checksumMismatch, .recordChecksum: "download the file again"
    default: nil
    }
  }

  /// The record, where one is concerned.
  public var place: ErrorPlace {
    if case .recordChecksum(let record, _, _) = self {
      ErrorPlace(record: record)
    } else {
      ErrorPlace()
    }
  }

  private func hex(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
