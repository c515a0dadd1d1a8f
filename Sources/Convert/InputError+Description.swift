public import ByteIO

extension InputError: CheckpointError {
  /// A wrong name is the user's, and what no result can hold is nobody's; the rest is the file's.
  public var category: FailureCategory {
    switch self {
    case .foreignFile(let file): file.isValid ? .unsupported : .invalidInput
    case .unknownOutput, .folderNeedsHuggingFace, .nativeNamesAreCanonical,
      .signatureOfSeveralFiles, .digestOfSeveralFiles:
      .usage
    case .missingShard: .cannotOpen
    case .featureNotKept, .codesNotKept, .int4NotKept, .distributedCheckpoint: .unsupported
    default: .invalidInput
    }
  }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .emptyFile: "empty-file"
    case .foreignFile: "foreign-file"
    case .unexpectedJSON: "unexpected-json"
    case .unknownFile, .unknownText: "unknown-file"
    case .invalidConfig: "invalid-config"
    case .configTooLarge: "config-too-large"
    case .emptyIndex: "empty-index"
    case .shardOfOtherKind: "shard-of-other-kind"
    case .tensorInTwoShards: "tensor-in-two-shards"
    case .missingShard: "missing-shard"
    case .tensorNotInShard: "tensor-not-in-shard"
    case .linkOutsideFolder: "link-outside-folder"
    case .signatureMissing: "signature-missing"
    case .signatureMismatch: "signature-mismatch"
    case .signatureOfSeveralFiles: "signature-of-several-files"
    case .headerDisagrees: "header-disagrees"
    case .invalidChecksumLine: "invalid-checksum-line"
    case .tensorManifest: "tensor-manifest"
    case .digestOfSeveralFiles: "digest-of-several-files"
    case .notIntact: "not-intact"
    case .invalidRule: "invalid-rule"
    case .unknownGroup: "unknown-group"
    case .newNameTooLong: "new-name-too-long"
    case .renamedTwice: "renamed-twice"
    case .pointerWithoutFile: "pointer-without-file"
    case .sizeMismatch: "size-mismatch"
    case .noCheckpointInFolder: "no-checkpoint-in-folder"
    case .distributedCheckpoint: "distributed-checkpoint"
    case .noTensors: "no-tensors"
    case .singleShard: "single-shard"
    case .unknownOutput: "unknown-output"
    case .folderNeedsHuggingFace: "folder-needs-huggingface"
    case .nativeNamesAreCanonical: "native-names-are-canonical"
    case .featureNotKept: "feature-not-kept"
    case .codesNotKept: "codes-not-kept"
    case .int4NotKept: "int4-not-kept"
    case .invalidQuantization: "invalid-quantization"
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
    case .unknownText(let line): "this is no checkpoint that is known, but a text: \(quoted(line))"
    case .invalidConfig(let name, let error): "its \(quoted(name)) is not valid JSON: \(error)"
    case .configTooLarge(let name, let byteCount, let limit):
      "its \(quoted(name)) has \(byteCount) bytes, the limit is \(limit)"
    case .emptyIndex: "the index names no tensors and no shards"
    case .missingShard(let shard): "the index names the shard \(quoted(shard)), which is not there"
    case .shardOfOtherKind(let shard):
      "the shard \(quoted(shard)) of a safetensors index is no safetensors file"
    case .tensorInTwoShards(_, let shards):
      "it lies in two shards: " + shards.map { quoted($0) }.joined(separator: " and ")
    case .tensorNotInShard(_, let shard):
      "the index says that it lies in \(quoted(shard)), which does not have it"
    case .linkOutsideFolder(let name, let target):
      "\(quoted(name)) is a link that leads out of the folder, to \(quoted(target))"
    case .signatureMissing(let path): "there is no signature: \(quoted(path)) does not exist"
    case .signatureMismatch(let path):
      "the signature \(quoted(path)) is not of this file by this key"
    case .signatureOfSeveralFiles: "signatures are of single files"
    case .headerDisagrees(let sentence): sentence
    case .invalidChecksumLine(let line, let text):
      "line \(line) of the list is no SHA-256 and a path: \(quoted(text))"
    case .tensorManifest:
      "this is a manifest of 'convnext checksum': it lists tensors, and no files"
    case .digestOfSeveralFiles: "a digest is of one file, and this stands for several"
    case .notIntact: "the file is not intact, and is not signed"
    case .invalidRule(let line, let text, let problem):
      "line \(line) of the rules \(problem.sentence): \(quoted(text))"
    case .unknownGroup(let group, let pattern):
      "a rule speaks of $\(group), and its pattern \(quoted(pattern)) has no such group"
    case .newNameTooLong(let pattern, let limit):
      "the rule \(quoted(pattern)) makes a name of more than \(limit) bytes"
    case .renamedTwice(let name, let sources):
      "the rules give two tensors the name \(quoted(name)): "
        + sources.map { quoted($0) }.joined(separator: " and ")
    case .pointerWithoutFile:
      "this is a git-lfs pointer, and the file that it stands for is not named"
    case .sizeMismatch(let expected, let found):
      "it should have \(expected) bytes as the pointer says, and has \(found)"
    case .noCheckpointInFolder(let found):
      "the folder holds no model.safetensors, pytorch_model.bin, nor an index of shards"
        + (found.isEmpty ? "" : ", but \(quotedList(found))")
    case .noTensors(let hasArrays):
      "there are no tensors in it" + (hasArrays ? "; its NumPy arrays are not read as tensors" : "")
    case .distributedCheckpoint: "this is a checkpoint of torch.distributed.checkpoint, in parts"
    case .singleShard(let shardCount, let missingCount):
      "by its name it is one of \(shardCount) parts of a model, of which "
        + "\(counted(missingCount, "tensor")) must be in the others"
    case .unknownOutput: "its extension names no container"
    case .folderNeedsHuggingFace: "a folder is written with --naming huggingface only"
    case .nativeNamesAreCanonical(let naming):
      ".convnext files have canonical names, and those of \(naming) were asked for"
    case .featureNotKept(let feature):
      "canonical names do not tell '\(feature)', and a PyTorch file has no place to note it"
    case .codesNotKept(_, let isNew):
      (isNew ? "the recipe makes codes of it" : "it is quantized")
        + ", and PyTorch files and folders for transformers have no place to say so"
    case .int4NotKept(_, let isNew):
      (isNew ? "the recipe makes codes of 4 bits of it" : "it has codes of 4 bits")
        + ", for which safetensors has no element type"
    case .invalidQuantization(let reason):
      "the metadata 'convnext.quantization' cannot be used: \(reason)"
    case .checksumMismatch(let expected, let found, let source):
      "the SHA-256 should be \(expected) \(source), and is \(found)"
    case .recordChecksum(_, let declared, let computed):
      "its CRC-32 should be \(lowercaseHex(declared)) and is \(lowercaseHex(computed))"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .invalidConfig(_, let error) where error.isTooDeep: Limits.Name.jsonDepth.hint
    case .emptyFile: "download the file again"
    case .foreignFile(let file): file.hint
    case .noCheckpointInFolder(let found) where found.contains { $0.hasPrefix("adapter_model.") }:
      "an adapter is no model: merge it into its model first (merge_and_unload() of peft)"
    case .noCheckpointInFolder(let found)
    where !found.isEmpty && found.allSatisfy(ModelFolder.isOfOtherLibrary):
      "weights of TensorFlow and Flax are not read: load and save the model with PyTorch"
    case .noCheckpointInFolder(let found) where !found.isEmpty: "name the one that you mean"
    case .unexpectedJSON, .noCheckpointInFolder, .singleShard:
      "name the file with the weights, their index, or the folder that holds either"
    case .configTooLarge: Limits.Name.configByteCount.hint
    case .unknownFile: "PyTorch, safetensors and .convnext files are read"
    case .noTensors(let hasArrays):
      hasArrays
        ? "save tensors: torch.from_numpy makes one of an array"
        : "'convnext inspect' shows what is in it"
    case .distributedCheckpoint:
      "'python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE.pth' makes one"
        + " file of it"
    case .unknownText:
      "if it was downloaded, it is what the server answered: look at the address, or log in"
    case .missingShard: "download the shards into the folder of their index"
    case .emptyIndex, .shardOfOtherKind, .tensorInTwoShards, .tensorNotInShard:
      "download the index and all shards again, from one revision"
    case .linkOutsideFolder:
      "copy the file into the folder, if it is the one that you want"
    case .signatureMissing: "get the signature from whoever published the file"
    case .signatureMismatch:
      "the file was changed, or somebody else signed it: get both again, and the key"
    case .signatureOfSeveralFiles: "convert it to one .convnext file, or sign each shard"
    case .headerDisagrees: "convert the model anew from its source"
    case .invalidChecksumLine: "'sha256sum FILE...' writes such lists; lines with # are comments"
    case .tensorManifest: "'convnext checksum FILE | diff MANIFEST -' compares a file with it"
    case .digestOfSeveralFiles: "name the file itself"
    case .notIntact: "convnext verify says what is wrong"
    case .invalidRule:
      "a line has a regular expression, white space, and what replaces it, or nothing more where it "
        + "is to be removed"
    case .unknownGroup: "groups stand in parentheses, and are counted from 1; $0 is the whole match"
    case .newNameTooLong:
      "each rule is applied to what the ones before it left; '^' stands for the start"
    case .renamedTwice: "make the pattern match one of them only; '^' and '$' stand for the ends"
    case .folderNeedsHuggingFace: "name a file, or add --naming huggingface"
    case .nativeNamesAreCanonical: "leave --naming out, or choose another container"
    case .featureNotKept: "write .convnext or .safetensors, or use --naming timm"
    case .invalidQuantization: "quantize the original again, or download the file again"
    case .int4NotKept(_, let isNew):
      isNew ? "write .convnext, or use a recipe with int8" : "write .convnext, or use --dequantize"
    case .codesNotKept(_, let isNew):
      "write .convnext or .safetensors, or use " + (isNew ? "--to float16" : "--dequantize")
    case .unknownOutput:
      "use one of "
        + OutputContainer.allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: ", ")
        + "; a name that ends with / is a folder for transformers"
    case .pointerWithoutFile: "'convnext verify POINTER FILE' checks a file against its pointer"
    case .sizeMismatch, .checksumMismatch, .recordChecksum: "download the file again"
    default: nil
    }
  }

  /// The record, where one is concerned.
  public var place: ErrorPlace {
    switch self {
    case .recordChecksum(let record, _, _): ErrorPlace(record: record)
    case .tensorInTwoShards(let tensor, _), .tensorNotInShard(let tensor, _),
      .codesNotKept(let tensor, _), .int4NotKept(let tensor, _):
      ErrorPlace(tensor: tensor)
    case .configTooLarge(let name, _, _): ErrorPlace(record: name)
    case .invalidConfig(let name, let error): ErrorPlace(record: name, byteOffset: error.offset)
    default: ErrorPlace()
    }
  }
}

extension RenameRule.Problem {
  /// What is wrong, behind the line.
  fileprivate var sentence: String {
    switch self {
    case .notARule: "is not a regular expression and its replacement"
    case .lineTooLong(let limit): "is longer than \(limit) bytes"
    case .tooManyRules(let limit): "is a rule too many, of which \(limit) are taken"
    case .bracketsTooDeep(let limit): "has brackets in brackets more than \(limit) deep"
    }
  }
}
