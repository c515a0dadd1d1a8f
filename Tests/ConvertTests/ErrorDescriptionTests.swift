import ByteIO
import Convert
import TestSupport
import Testing

/// What the errors of this module say of themselves.
@Suite("Descriptions of errors")
struct ErrorDescriptionTests {
  private static func foreign(_ file: String) -> InputError {
    let error = failure(InputError.self) { try Checkpoint(path: Fixtures.path(file)) }
    return error ?? .emptyFile
  }

  private static let cases: [(any CheckpointError, FailureCategory, String, ErrorPlace)] = [
    (InputError.emptyFile, .invalidInput, "empty-file", ErrorPlace()),
    (foreign("foreign/model.gguf"), .unsupported, "foreign-file", ErrorPlace()),
    (foreign("broken/page.pth"), .invalidInput, "foreign-file", ErrorPlace()),
    (InputError.unexpectedJSON, .invalidInput, "unexpected-json", ErrorPlace()),
    (InputError.unknownFile(firstBytes: [0, 255]), .invalidInput, "unknown-file", ErrorPlace()),
    (InputError.unknownText(firstLine: "Not found"), .invalidInput, "unknown-file", ErrorPlace()),
    (InputError.distributedCheckpoint, .unsupported, "distributed-checkpoint", ErrorPlace()),
    (InputError.noTensors(hasArrays: false), .invalidInput, "no-tensors", ErrorPlace()),
    (InputError.noTensors(hasArrays: true), .invalidInput, "no-tensors", ErrorPlace()),
    (
      InputError.configTooLarge(name: "c", byteCount: 2, limit: 1), .invalidInput,
      "config-too-large",
      ErrorPlace(record: "c")
    ),
    (ShardError.emptyIndex, .invalidInput, "empty-index", ErrorPlace()),
    (ShardError.missingShard(shard: "s"), .cannotOpen, "missing-shard", ErrorPlace()),
    (ShardError.shardOfOtherKind(shard: "s"), .invalidInput, "shard-of-other-kind", ErrorPlace()),
    (
      ShardError.tensorInTwoShards(tensor: "t", shards: ["a", "b"]), .invalidInput,
      "tensor-in-two-shards",
      ErrorPlace(tensor: "t")
    ),
    (
      ShardError.tensorNotInShard(tensor: "t", shard: "s"), .invalidInput, "tensor-not-in-shard",
      ErrorPlace(tensor: "t")
    ),
    (
      RuleError.invalidRule(line: 2, text: "(", problem: .notARule), .invalidInput, "invalid-rule",
      ErrorPlace()
    ),
    (
      RuleError.renamedTwice(name: "n", sources: ["a", "b"]), .invalidInput, "renamed-twice",
      ErrorPlace()
    ),
    (
      RuleError.newNameTooLong(pattern: "p", limit: 9), .invalidInput, "new-name-too-long",
      ErrorPlace()
    ),
    (VerificationError.pointerWithoutFile, .invalidInput, "pointer-without-file", ErrorPlace()),
    (
      VerificationError.sizeMismatch(expected: 1, found: 2, source: "as in the pointer"),
      .invalidInput, "size-mismatch",
      ErrorPlace()
    ),
    (
      InputError.noCheckpointInFolder(found: []), .invalidInput, "no-checkpoint-in-folder",
      ErrorPlace()
    ),
    (ConversionError.unknownOutput, .usage, "unknown-output", ErrorPlace()),
    (
      ShardError.singleShard(shardCount: 3, missingCount: 1), .invalidInput, "single-shard",
      ErrorPlace()
    ),
    (VerificationError.digestOfSeveralFiles, .usage, "digest-of-several-files", ErrorPlace()),
    (
      VerificationError.headerDisagrees(sentence: "s"), .invalidInput, "header-disagrees",
      ErrorPlace()
    ),
    (ConversionError.folderNeedsHuggingFace, .usage, "folder-needs-huggingface", ErrorPlace()),
    (
      ConversionError.nativeNamesAreCanonical(naming: "timm"), .usage, "native-names-are-canonical",
      ErrorPlace()
    ),
    (ConversionError.featureNotKept(feature: "f"), .unsupported, "feature-not-kept", ErrorPlace()),
    (
      ConversionError.codesNotKept(tensor: "t", isNew: false), .unsupported, "codes-not-kept",
      ErrorPlace(tensor: "t")
    ),
    (
      ConversionError.int4NotKept(tensor: "t", isNew: true), .unsupported, "int4-not-kept",
      ErrorPlace(tensor: "t")
    ),
    (
      InputError.invalidQuantization(reason: "r"), .invalidInput, "invalid-quantization",
      ErrorPlace()
    ),
    (
      VerificationError.checksumMismatch(expected: "0", found: "1", source: "as given"),
      .invalidInput,
      "checksum-mismatch", ErrorPlace()
    ),
    (
      VerificationError.recordChecksum(
        record: "r", tensors: ["t", "u"], declared: 1, computed: 0xFFFF_FFFF),
      .invalidInput,
      "record-checksum", ErrorPlace(record: "r", tensor: "t")
    ),
  ]

  @Test(
    "each case has its class, its rule, its place, a sentence and a next step", arguments: cases)
  func describes(
    _ error: any CheckpointError, _ category: FailureCategory, _ rule: String, _ place: ErrorPlace
  ) {
    #expect(error.category == category)
    #expect(error.rule == rule)
    #expect(error.place == place)
    #expect(!error.message.isEmpty && !error.message.hasSuffix("."))
    #expect(error.hint?.isEmpty == false)
  }

  @Test("sentences name both sides")
  func sentences() {
    #expect(
      InputError.unknownFile(firstBytes: [0, 255]).message
        == "this is not a known kind of checkpoint: it begins with the bytes 00ff")
    #expect(
      VerificationError.recordChecksum(
        record: "r", tensors: ["t", "u"], declared: 1, computed: 0xFFFF_FFFF
      ).message
        == "its CRC-32 should be 00000001 and is ffffffff; 1 more tensor has elements in it")
    #expect(
      VerificationError.sizeMismatch(expected: 1, found: 2, source: "as in the pointer").message
        == "it should have 1 byte as in the pointer, and has 2")
    #expect(
      RuleError.invalidRule(line: 2, text: "\u{1B}(", problem: .notARule).message
        == "line 2 of the rules is not a regular expression and its replacement: '\\u{1b}('")
    #expect(
      RuleError.invalidRule(line: 7, text: "a b", problem: .tooManyRules(limit: 6)).message
        == "line 7 of the rules is one too many: the limit is 6: 'a b'")
    #expect(
      RuleError.renamedTwice(name: "n", sources: ["a", "b"]).message
        == "the rules give two tensors the name 'n': 'a' and 'b'")
  }
}
