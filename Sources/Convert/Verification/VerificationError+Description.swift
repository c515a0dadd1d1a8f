public import ByteIO

extension VerificationError: CheckpointError {
  /// `usage` if what only a single file can have was asked of several; `invalidInput` otherwise.
  public var category: FailureCategory {
    switch self {
    case .signatureOfSeveralFiles, .digestOfSeveralFiles: .usage
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .signatureMissing: "signature-missing"
    case .signatureMismatch: "signature-mismatch"
    case .signatureOfSeveralFiles: "signature-of-several-files"
    case .headerDisagrees: "header-disagrees"
    case .invalidChecksumLine: "invalid-checksum-line"
    case .tensorManifest: "tensor-manifest"
    case .digestOfSeveralFiles: "digest-of-several-files"
    case .notIntact: "not-intact"
    case .pointerWithoutFile: "pointer-without-file"
    case .sizeMismatch: "size-mismatch"
    case .checksumMismatch: "checksum-mismatch"
    case .recordChecksum: "record-checksum"
    }
  }

  /// What was expected and found.
  public var message: String {
    switch self {
    case .signatureMissing(let path): "there is no signature: \(quoted(path)) does not exist"
    case .signatureMismatch(let path):
      "the signature \(quoted(path)) is not of this file by this key"
    case .signatureOfSeveralFiles: "only a single file can be signed"
    case .headerDisagrees(let sentence): sentence
    case .invalidChecksumLine(let line, let text):
      "line \(line) of the list is not a SHA-256 and a path: \(quoted(text))"
    case .tensorManifest:
      "this is a manifest of 'convnext checksum': it lists tensors, and no files"
    case .digestOfSeveralFiles: "a digest covers one file, and this is several"
    case .notIntact: "the file is not intact, so it is not signed"
    case .pointerWithoutFile:
      "this is a git-lfs pointer, and the file itself is not named"
    case .sizeMismatch(let expected, let found, let source):
      "it should have \(counted(expected, "byte")) \(source), and has \(found)"
    case .checksumMismatch(let expected, let found, let source):
      "the SHA-256 should be \(expected) \(source), and is \(found)"
    case .recordChecksum(_, let tensors, let declared, let computed):
      "its CRC-32 should be \(lowercaseHex(declared)) and is \(lowercaseHex(computed))"
        + (tensors.count > 1
          ? "; \(counted(tensors.count - 1, "more tensor")) "
            + "\(tensors.count == 2 ? "has" : "have") elements in it"
          : "")
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .signatureMissing: "get the signature from whoever published the file"
    case .signatureMismatch:
      "the file was changed, or somebody else signed it: get both again, and the key"
    case .signatureOfSeveralFiles: "convert it to one .convnext file, or sign each shard"
    case .headerDisagrees: "convert the model again from its source"
    case .invalidChecksumLine: "'sha256sum FILE...' writes such lists; lines with # are comments"
    case .tensorManifest: "'convnext checksum FILE | diff MANIFEST -' compares a file with it"
    case .digestOfSeveralFiles: "name the file itself"
    case .notIntact: "convnext verify says what is wrong"
    case .pointerWithoutFile: "'convnext verify POINTER FILE' checks a file against its pointer"
    case .sizeMismatch, .checksumMismatch, .recordChecksum: "download the file again"
    }
  }

  /// The record, if one is concerned, and the first tensor that has elements in it.
  public var place: ErrorPlace {
    switch self {
    case .recordChecksum(let record, let tensors, _, _):
      ErrorPlace(record: record, tensor: tensors.first)
    default: ErrorPlace()
    }
  }
}
