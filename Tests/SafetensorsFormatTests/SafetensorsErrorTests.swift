import ByteIO
import SafetensorsFormat
import TensorModel
import Testing

@Suite("SafetensorsError")
struct SafetensorsErrorTests {
  @Test(
    "each error has its rule and its sentence",
    arguments: [
      (
        .headerTooSmall(fileByteCount: 5), "header-too-small",
        "the file has 5 bytes, and the length of the header alone takes 8"
      ),
      (
        .headerTooLarge(byteCount: 9, limit: 8), "header-too-large",
        "the header claims 9 bytes, and at most 8 are allowed"
      ),
      (
        .headerPastEnd(headerByteCount: 100, fileByteCount: 50), "header-past-end",
        "the header claims 100 bytes, and the file has 42 behind the header's length: 58 are missing"
      ),
      (.headerNotUTF8(fileOffset: 9), "header-utf8", "the header is not valid UTF-8"),
      (
        .headerJSON(.trailingBytes, fileOffset: 9), "header-json",
        "the header is not valid JSON: something follows the JSON value"
      ),
      (
        .headerJSON(.notACount, fileOffset: 9), "header-number",
        "the header is not valid JSON: expected a whole number from 0 to 2^64-1"
      ),
      (
        .headerJSON(.invalidNumber, fileOffset: 9), "header-number",
        "the header is not valid JSON: a number is not written as JSON requires"
      ),
      (
        .headerJSON(.invalidUTF8, fileOffset: 9), "header-utf8",
        "the header is not valid JSON: a string is not valid UTF-8"
      ),
      (
        .duplicateMetadata(fileOffset: 9), "duplicate-name",
        "the header has '__metadata__' twice"
      ),
      (
        .duplicateMetadataKey("k\n", fileOffset: 9), "duplicate-name",
        #"the metadata have the key 'k\n' twice"#
      ),
      (
        .metadataKind(key: nil, found: .array, fileOffset: 9), "metadata-type",
        "expected '__metadata__' to be an object, found an array"
      ),
      (
        .metadataKind(key: "k", found: .number, fileOffset: 9), "metadata-type",
        "expected the metadata's value of 'k' to be a string, found a number"
      ),
      (
        .tooManyTensors(limit: 3, fileOffset: 9), "too-many-tensors",
        "there are more than 3 tensors"
      ),
      (
        .duplicateName("w", fileOffset: 9), "duplicate-name",
        "there are two tensors of this name"
      ),
      (
        .duplicateField("w", field: "shape", fileOffset: 9), "duplicate-name",
        "the tensor's entry has 'shape' twice"
      ),
      (
        .missingField("w", field: "shape", fileOffset: 9), "header-entry",
        "the tensor's entry has no 'shape'"
      ),
      (
        .entryKind("w", field: nil, expected: .object, found: .array, fileOffset: 9),
        "header-entry", "expected the tensor's entry to be an object, found an array"
      ),
      (
        .entryKind("w", field: "dtype", expected: .string, found: .object, fileOffset: 9),
        "header-entry", "expected 'dtype' to be a string, found an object"
      ),
      (
        .entryKind("w", field: "shape", expected: .number, found: .string, fileOffset: 9),
        "header-entry", "expected 'shape' to hold numbers, found a string"
      ),
      (
        .unknownElementType("w", tag: "F31", fileOffset: 9), "unknown-dtype",
        "there is no dtype 'F31'"
      ),
      (
        .offsetCount("w", found: 3, fileOffset: 9), "header-entry",
        "expected 2 numbers in 'data_offsets', found 3"
      ),
      (
        .tooManyDimensions("w", limit: 64, fileOffset: 9), "too-many-dimensions",
        "the tensor has more than 64 dimensions"
      ),
      (
        .endBeforeBegin("w", begin: 9, end: 3, fileOffset: 9), "offset-order",
        "the tensor's bytes end at 3, before they begin at 9"
      ),
      (
        .gap("w", begin: 20, expected: 16, fileOffset: 9), "offset-gap",
        "the tensor's bytes begin at 20 of the data, and those from 16 belong to no tensor"
      ),
      (
        .overlap("w", begin: 8, expected: 16, fileOffset: 9), "offset-overlap",
        "the tensor's bytes begin at 8 of the data, and those up to 16 belong to another tensor"
      ),
      (
        .sizeOverflow("w", .float32, shape: [.max, 2], fileOffset: 9), "size-overflow",
        "the size of F32 [18446744073709551615, 2] exceeds 64 bits"
      ),
      (
        .partialByte("w", .float4, shape: [3], bitCount: 12, fileOffset: 9), "size-mismatch",
        "F4 [3] takes 12 bits, which is not a whole number of bytes"
      ),
      (
        .sizeMismatch(
          "w", .float32, shape: [2, 2], neededByteCount: 16, rangeByteCount: 12, fileOffset: 9),
        "size-mismatch", "F32 [2, 2] takes 16 bytes, and 'data_offsets' give it 12"
      ),
      (
        .truncated(missingByteCount: 8, fileByteCount: 100), "data-truncated",
        "the file is truncated: it has 100 bytes, and 8 are missing"
      ),
      (
        .trailingBytes(byteCount: 4, fileOffset: 9), "trailing-bytes",
        "4 bytes follow the last tensor"
      ),
      (
        .trailingBytes(byteCount: 1, fileOffset: 9), "trailing-bytes",
        "1 byte follows the last tensor"
      ),
      (
        .shapeTooLarge("w", shape: [0, .max], fileOffset: 9), "shape-too-large",
        "the shape [0, 18446744073709551615] exceeds 63 bits"
      ),
      (
        .unsupportedElementType("w", .complex128), "element-type-unsupported",
        "safetensors has no element type for C128"
      ),
      (
        .reservedName, "reserved-name",
        "safetensors keeps the name '__metadata__' for itself"
      ),
      (.outputTooLarge, "output-too-large", "the tensors together exceed 63 bits of bytes"),
      (
        .outputHeaderTooLarge(byteCount: 9, limit: 8), "output-too-large",
        "the header would take 9 bytes, and readers accept at most 8"
      ),
      (
        .indexTooLarge(byteCount: 9, limit: 8), "index-too-large",
        "the index has 9 bytes, and at most 8 are allowed"
      ),
      (
        .indexJSON(.invalidEscape, fileOffset: 9), "index-json",
        "the index is not valid JSON: a string holds an escape that is not valid"
      ),
      (
        .indexKind(key: nil, expected: .object, found: .null, fileOffset: 9), "index-entry",
        "expected the index to be an object, found null"
      ),
      (
        .indexKind(key: "w", expected: .string, found: .bool, fileOffset: 9), "index-entry",
        "expected the index's value of 'w' to be a string, found a truth value"
      ),
      (.duplicateIndexKey("x", fileOffset: 9), "duplicate-name", "the index has 'x' twice"),
      (.weightMapMissing, "index-entry", "the index has no 'weight_map'"),
      (
        .unsafeShardName("w", shard: "../x", fileOffset: 9), "shard-name",
        "the shard name '../x' is not a plain file name of letters, digits, '_', '-' and '.'"
      ),
      (
        .shardExtension("w", shard: "a.bin", expected: "safetensors", fileOffset: 9),
        "shard-extension", "expected a shard that ends in '.safetensors', found 'a.bin'"
      ),
    ] as [(SafetensorsError, String, String)])
  func sentences(error: SafetensorsError, rule: String, message: String) {
    #expect(error.rule == rule)
    #expect(error.message == message)
  }

  @Test("what breaks no rule of the format is unsupported, everything else invalid")
  func categories() {
    let unsupported: [SafetensorsError] = [
      .tooManyTensors(limit: 1, fileOffset: 0), .tooManyDimensions("w", limit: 1, fileOffset: 0),
      .shapeTooLarge("w", shape: [], fileOffset: 0), .unsupportedElementType("w", .complex32),
      .reservedName, .outputTooLarge, .outputHeaderTooLarge(byteCount: 1, limit: 0),
    ]
    for error in unsupported { #expect(error.category == .unsupported) }
    #expect(SafetensorsError.headerNotUTF8(fileOffset: 0).category == .invalidInput)
    #expect(SafetensorsError.weightMapMissing.category == .invalidInput)
  }

  @Test(
    "places name the byte of the file and the tensor",
    arguments: [
      (.headerTooSmall(fileByteCount: 5), ErrorPlace(byteOffset: 0)),
      (.headerJSON(.trailingBytes, fileOffset: 9), ErrorPlace(byteOffset: 9)),
      (.duplicateMetadataKey("k", fileOffset: 9), ErrorPlace(byteOffset: 9)),
      (.duplicateName("w", fileOffset: nil), ErrorPlace(tensor: "w")),
      (.gap("w", begin: 1, expected: 0, fileOffset: 9), ErrorPlace(byteOffset: 9, tensor: "w")),
      (.truncated(missingByteCount: 1, fileByteCount: 70), ErrorPlace(byteOffset: 70)),
      (.trailingBytes(byteCount: 1, fileOffset: 70), ErrorPlace(byteOffset: 70)),
      (.unsupportedElementType("w", .complex32), ErrorPlace(tensor: "w")),
      (.reservedName, ErrorPlace(tensor: "__metadata__")),
      (.weightMapMissing, ErrorPlace()),
      (
        .unsafeShardName("w", shard: "", fileOffset: 9), ErrorPlace(byteOffset: 9, tensor: "w")
      ),
    ] as [(SafetensorsError, ErrorPlace)])
  func places(error: SafetensorsError, place: ErrorPlace) {
    #expect(error.place == place)
  }

  @Test("there is a hint where a fault has a usual cause")
  func hints() {
    func hint(_ error: SafetensorsError) -> String { error.hint ?? "none" }
    // "version " and "<!DOCTYP", taken as numbers.
    for text in ["version ", "<!DOCTYP", "\n\n\n\n\n\n<h"] {
      let number = text.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(
        hint(.headerTooLarge(byteCount: number, limit: 1))
          == "the file begins with text: it may be a web page or a git-lfs pointer in place of the "
          + "weights")
    }
    #expect(
      hint(.headerTooLarge(byteCount: 1 << 40, limit: 1)) == Limits.Name.headerByteCount.hint)
    #expect(hint(.tooManyShards(limit: 1, fileOffset: 0)) == Limits.Name.shardCount.hint)
    #expect(hint(.tooManyTensors(limit: 1, fileOffset: 0)) == Limits.Name.tensorCount.hint)
    #expect(
      hint(.indexJSON(.tooDeep(limit: 1), fileOffset: 0)) == Limits.Name.jsonDepth.hint)
    #expect(hint(.truncated(missingByteCount: 1, fileByteCount: 2)).contains("download"))
    #expect(hint(.headerPastEnd(headerByteCount: 9, fileByteCount: 9)).contains("download"))
    #expect(
      hint(.unknownElementType("w", tag: "bf16", fileOffset: 0))
        == "element types are written in capitals: BF16")
    #expect(hint(.unknownElementType("w", tag: "F31", fileOffset: 0)).contains("damaged"))
    #expect(hint(.overlap("w", begin: 0, expected: 1, fileOffset: 0)).contains("shared tensors"))
    #expect(hint(.unsupportedElementType("w", .complex32)) == "a PyTorch file can hold it")
    #expect(hint(.unsafeShardName("w", shard: "..", fileOffset: 0)).contains("trust"))
    #expect(hint(.trailingBytes(byteCount: 1, fileOffset: 0)).contains("appended"))
    #expect(hint(.duplicateName("w", fileOffset: 0)).contains("write it again"))
    #expect(hint(.reservedName) == "none")
  }
}
