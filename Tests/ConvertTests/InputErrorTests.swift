import ByteIO
import Convert
import TestSupport
import Testing

@Suite("InputError")
struct InputErrorTests {
  private static func foreign(_ file: String) -> InputError {
    let error = failure(InputError.self) { try Checkpoint(path: Fixtures.path(file)) }
    return error ?? .emptyFile
  }

  private static let cases: [(InputError, FailureCategory, String, ErrorPlace)] = [
    (.emptyFile, .invalidInput, "empty-file", ErrorPlace()),
    (foreign("foreign/model.gguf"), .unsupported, "foreign-file", ErrorPlace()),
    (foreign("broken/page.pth"), .invalidInput, "foreign-file", ErrorPlace()),
    (.unexpectedJSON, .invalidInput, "unexpected-json", ErrorPlace()),
    (.unknownFile(firstBytes: [0, 255]), .invalidInput, "unknown-file", ErrorPlace()),
    (.unknownText(firstLine: "Not found"), .invalidInput, "unknown-file", ErrorPlace()),
    (.distributedCheckpoint, .unsupported, "distributed-checkpoint", ErrorPlace()),
    (.noTensors(hasArrays: false), .invalidInput, "no-tensors", ErrorPlace()),
    (.noTensors(hasArrays: true), .invalidInput, "no-tensors", ErrorPlace()),
    (
      .configTooLarge(name: "c", byteCount: 2, limit: 1), .invalidInput, "config-too-large",
      ErrorPlace(record: "c")
    ),
    (.emptyIndex, .invalidInput, "empty-index", ErrorPlace()),
    (.missingShard(shard: "s"), .cannotOpen, "missing-shard", ErrorPlace()),
    (.shardOfOtherKind(shard: "s"), .invalidInput, "shard-of-other-kind", ErrorPlace()),
    (
      .tensorInTwoShards(tensor: "t", shards: ["a", "b"]), .invalidInput, "tensor-in-two-shards",
      ErrorPlace(tensor: "t")
    ),
    (
      .tensorNotInShard(tensor: "t", shard: "s"), .invalidInput, "tensor-not-in-shard",
      ErrorPlace(tensor: "t")
    ),
    (
      .invalidRule(line: 2, text: "(", problem: .notARule), .invalidInput, "invalid-rule",
      ErrorPlace()
    ),
    (.renamedTwice(name: "n", sources: ["a", "b"]), .invalidInput, "renamed-twice", ErrorPlace()),
    (.newNameTooLong(pattern: "p", limit: 9), .invalidInput, "new-name-too-long", ErrorPlace()),
    (.pointerWithoutFile, .invalidInput, "pointer-without-file", ErrorPlace()),
    (.sizeMismatch(expected: 1, found: 2), .invalidInput, "size-mismatch", ErrorPlace()),
    (.noCheckpointInFolder(found: []), .invalidInput, "no-checkpoint-in-folder", ErrorPlace()),
    (.unknownOutput, .usage, "unknown-output", ErrorPlace()),
    (
      .singleShard(shardCount: 3, missingCount: 1), .invalidInput, "single-shard", ErrorPlace()
    ),
    (.digestOfSeveralFiles, .usage, "digest-of-several-files", ErrorPlace()),
    (.headerDisagrees(sentence: "s"), .invalidInput, "header-disagrees", ErrorPlace()),
    (.folderNeedsHuggingFace, .usage, "folder-needs-huggingface", ErrorPlace()),
    (
      .nativeNamesAreCanonical(naming: "timm"), .usage, "native-names-are-canonical", ErrorPlace()
    ),
    (.featureNotKept(feature: "f"), .unsupported, "feature-not-kept", ErrorPlace()),
    (
      .codesNotKept(tensor: "t", isNew: false), .unsupported, "codes-not-kept",
      ErrorPlace(tensor: "t")
    ),
    (
      .int4NotKept(tensor: "t", isNew: true), .unsupported, "int4-not-kept", ErrorPlace(tensor: "t")
    ),
    (.invalidQuantization(reason: "r"), .invalidInput, "invalid-quantization", ErrorPlace()),
    (
      .checksumMismatch(expected: "0", found: "1", source: "as given"), .invalidInput,
      "checksum-mismatch", ErrorPlace()
    ),
    (
      .recordChecksum(record: "r", declared: 1, computed: 0xFFFF_FFFF), .invalidInput,
      "record-checksum", ErrorPlace(record: "r")
    ),
  ]

  @Test(
    "each case has its class, its rule, its place, a sentence and a next step", arguments: cases)
  func describes(
    _ error: InputError, _ category: FailureCategory, _ rule: String, _ place: ErrorPlace
  ) {
    #expect(error.category == category)
    #expect(error.rule == rule)
    #expect(error.place == place)
    #expect(!error.message.isEmpty && !error.message.hasSuffix("."))
    #expect(error.hint?.isEmpty == false)
  }

  @Test(
    "a short text that is nothing else is shown, as far as its first line",
    arguments: [
      ("Entry not found", .unknownText(firstLine: "Entry not found")),
      ("Not Found\r\nTry again\r\n", .unknownText(firstLine: "Not Found")),
      ("404: Not Found\n", .unknownText(firstLine: "404: Not Found")),
      ("Access denied.\nLog in.\n", .unknownText(firstLine: "Access denied.")),
      ("\u{1B}[31m", .unknownFile(firstBytes: Array("\u{1B}[31m".utf8))),
      ("\n", .unknownFile(firstBytes: [0x0A])),
      (String(repeating: "x", count: 513), .unknownFile(firstBytes: Array("xxxxxxxx".utf8))),
    ] as [(String, InputError)])
  func unknownTexts(_ text: String, _ error: InputError) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text: text, to: "x.pth")
    #expect(failure(InputError.self) { try Checkpoint(path: path) } == error)
  }

  @Test("sentences name both sides")
  func sentences() {
    #expect(
      InputError.unknownFile(firstBytes: [0, 255]).message
        == "this is no checkpoint that is known: it begins with the bytes 00ff")
    #expect(
      InputError.recordChecksum(record: "r", declared: 1, computed: 0xFFFF_FFFF).message
        == "its CRC-32 should be 00000001 and is ffffffff")
    #expect(
      InputError.sizeMismatch(expected: 1, found: 2).message
        == "it should have 1 bytes as the pointer says, and has 2")
    #expect(
      InputError.invalidRule(line: 2, text: "\u{1B}(", problem: .notARule).message
        == "line 2 of the rules is not a regular expression and its replacement: '\\u{1b}('")
    #expect(
      InputError.invalidRule(line: 7, text: "a b", problem: .tooManyRules(limit: 6)).message
        == "line 7 of the rules is a rule too many, of which 6 are taken: 'a b'")
    #expect(
      InputError.renamedTwice(name: "n", sources: ["a", "b"]).message
        == "the rules give two tensors the name 'n': 'a' and 'b'")
  }
}
