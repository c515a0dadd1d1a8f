public import ByteIO

/// What is wrong with a checkpoint's files, with what stands beside them (rules for names, lists of
/// checksums, signatures), or with what is asked to be made of them.
public enum InputError: Error, Equatable, Sendable {
  /// The file has no bytes.
  case emptyFile
  /// The file is of a known kind that is no checkpoint.
  case foreignFile(ForeignFile)
  /// The file is JSON, but no index of shards.
  case unexpectedJSON
  /// Nothing is known that begins so.
  case unknownFile(firstBytes: [UInt8])
  /// Nothing is known that is a short text, such as a server's answer in the place of a file.
  case unknownText(firstLine: String)
  /// A configuration file of a model folder is not JSON.
  case invalidConfig(name: String, JSONError)
  /// A configuration file of a model folder is larger than the limit.
  case configTooLarge(name: String, byteCount: Int, limit: Int)
  /// An index names no shards.
  case emptyIndex
  /// A shard that an index names is not there.
  case missingShard(shard: String)
  /// A shard of a safetensors index is a file of another kind.
  case shardOfOtherKind(shard: String)
  /// A tensor lies in two shards.
  case tensorInTwoShards(tensor: String, shards: [String])
  /// A tensor is not in the shard that the index names.
  case tensorNotInShard(tensor: String, shard: String)
  /// A file of a folder is a link that leads out of it.
  case linkOutsideFolder(name: String, target: String)
  /// There is no file with the signature.
  case signatureMissing(path: String)
  /// A signature is not that of this key for this file.
  case signatureMismatch(path: String)
  /// A checkpoint of several files has no digest that covers it.
  case signatureOfSeveralFiles
  /// The header of a `.convnext` file says something else than its tensors.
  case headerDisagrees(sentence: String)
  /// A line of a list of checksums is neither a digest with a path nor a comment.
  case invalidChecksumLine(line: Int, text: String)
  /// What was taken for a list of files' checksums is the manifest of a file's tensors.
  case tensorManifest
  /// A digest was given for what is not one file.
  case digestOfSeveralFiles
  /// A file that is to be signed is not intact.
  case notIntact
  /// A line of a rules file is no rule.
  case invalidRule(line: Int, text: String, problem: RenameRule.Problem)
  /// A rule's replacement names a group that its pattern does not have.
  case unknownGroup(group: Int, pattern: String)
  /// A rule makes a name longer than any.
  case newNameTooLong(pattern: String, limit: Int)
  /// Two tensors have one name once the rules were applied.
  case renamedTwice(name: String, sources: [String])
  /// A pointer that is to be checked against a file, without a file.
  case pointerWithoutFile
  /// The size of a file is not what its pointer says.
  case sizeMismatch(expected: Int, found: Int)
  /// There is nothing in a folder under the names that models have; `found`: what weights there are
  /// under others.
  case noCheckpointInFolder(found: [String])
  /// There is nothing to compare or to list; a state dict of NumPy arrays has no tensors.
  case noTensors(hasArrays: Bool)
  /// This is the checkpoint that several processes wrote, or one of its parts.
  case distributedCheckpoint
  /// The file is one of several that make up a model.
  case singleShard(shardCount: Int, missingCount: Int)
  /// An output of this name cannot be written.
  case unknownOutput
  /// A folder is only written for Hugging Face.
  case folderNeedsHuggingFace
  /// A `.convnext` file has canonical names, and is no file of a folder for transformers.
  case nativeNamesAreCanonical(naming: String)
  /// Something of the model would not be found again in a file of this container and naming.
  case featureNotKept(feature: String)
  /// A PyTorch file, or a folder for transformers, has no place to say that weights are codes.
  case codesNotKept(tensor: String, isNew: Bool)
  /// A safetensors file has no element type for codes of 4 bits.
  case int4NotKept(tensor: String, isNew: Bool)
  /// What a safetensors file says of quantized tensors cannot be read.
  case invalidQuantization(reason: String)
  /// A number that a converted file's name promises is not that of the file.
  case checksumMismatch(expected: String, found: String, source: String)
  /// A record of a PyTorch archive has another CRC-32 than the archive's directory says.
  case recordChecksum(record: String, declared: UInt32, computed: UInt32)
}

extension InputError {
  /// Whether the file is of a kind that is no checkpoint.
  var isOtherKindOfFile: Bool {
    switch self {
    case .emptyFile, .foreignFile, .unexpectedJSON, .unknownFile, .unknownText: true
    default: false
    }
  }

  private static let shortTextByteCount = 512
  private static let shownByteCount = 8

  /// What to say of a file that begins like nothing that is known.
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
