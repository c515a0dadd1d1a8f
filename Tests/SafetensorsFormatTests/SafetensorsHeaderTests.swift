import ByteIO
import SafetensorsFormat
import TensorModel
import Testing

@Suite("SafetensorsHeader")
struct SafetensorsHeaderTests {
  @Test(
    "each broken rule of the header has its error, with the tensor and the place",
    arguments: [
      ("", .headerJSON(.unexpected(expected: "'{'", found: nil), fileOffset: 8)),
      ("[]", .headerJSON(.unexpected(expected: "'{'", found: 0x5B), fileOffset: 8)),
      ("{} {}", .headerJSON(.trailingBytes, fileOffset: 11)),
      ("{}\u{0}", .headerJSON(.trailingBytes, fileOffset: 10)),
      (
        "\u{FEFF}{}", .headerJSON(.unexpected(expected: "'{'", found: 0xEF), fileOffset: 8)
      ),
      (#"{"w":4}"#, entryKind(nil, .object, .number, 13)),
      (#"{"w":["F32",[4],[0,16]]}"#, entryKind(nil, .object, .array, 13)),
      (#"{"w":null}"#, entryKind(nil, .object, .null, 13)),
      (
        #"{"w":x}"#, .headerJSON(.unexpected(expected: "a JSON value", found: 0x78), fileOffset: 13)
      ),
      (entry(dtype: "32"), entryKind("dtype", .string, .number, 22)),
      (entry(dtype: #"{"F32":null}"#), entryKind("dtype", .string, .object, 22)),
      (entry(dtype: #""F31""#), .unknownElementType("w", tag: "F31", fileOffset: 22)),
      (entry(dtype: #""f32""#), .unknownElementType("w", tag: "f32", fileOffset: 22)),
      (entry(dtype: #""C128""#), .unknownElementType("w", tag: "C128", fileOffset: 22)),
      (entry(dtype: #""C32""#), .unknownElementType("w", tag: "C32", fileOffset: 22)),
      (entry(dtype: #""F32 ""#), .unknownElementType("w", tag: "F32 ", fileOffset: 22)),
      (entry(shape: "4"), entryKind("shape", .array, .number, 36)),
      (entry(shape: "{}"), entryKind("shape", .array, .object, 36)),
      (entry(shape: #"["4"]"#), entryKind("shape", .number, .string, 37)),
      (entry(shape: "[4,null]"), entryKind("shape", .number, .null, 39)),
      (entry(shape: "[4.0]"), .headerJSON(.notACount, fileOffset: 37)),
      (entry(shape: "[4e0]"), .headerJSON(.notACount, fileOffset: 37)),
      (entry(shape: "[-4]"), .headerJSON(.notACount, fileOffset: 37)),
      (entry(shape: "[04]"), .headerJSON(.invalidNumber, fileOffset: 37)),
      (entry(shape: "[18446744073709551616]"), .headerJSON(.notACount, fileOffset: 37)),
      (
        entry(shape: "[4,]"),
        .headerJSON(.unexpected(expected: "a JSON value", found: 0x5D), fileOffset: 39)
      ),
      (entry(offsets: "[16]"), .offsetCount("w", found: 1, fileOffset: 55)),
      (entry(offsets: "[]"), .offsetCount("w", found: 0, fileOffset: 55)),
      (entry(offsets: "[0,16,16]"), .offsetCount("w", found: 3, fileOffset: 55)),
      (
        entry(offsets: "[\([String](repeating: "1", count: 65).joined(separator: ","))]"),
        .offsetCount("w", found: 65, fileOffset: 55)
      ),
      (entry(offsets: "[-0,16]"), .headerJSON(.notACount, fileOffset: 56)),
      (entry(offsets: "true"), entryKind("data_offsets", .array, .bool, 55)),
      (#"{"w":{}}"#, .missingField("w", field: "dtype", fileOffset: 9)),
      (#"{"w":{"dtype":"F32"}}"#, .missingField("w", field: "shape", fileOffset: 9)),
      (
        #"{"w":{"dtype":"F32","shape":[4]}}"#,
        .missingField("w", field: "data_offsets", fileOffset: 9)
      ),
      (
        #"{"w":{"shape":[4],"shape":[4]}}"#,
        .duplicateField("w", field: "shape", fileOffset: 26)
      ),
      (
        #"{"w":{"dtype":"F32","dtype":"F32"}}"#,
        .duplicateField("w", field: "dtype", fileOffset: 28)
      ),
      (
        #"{"w":{"data_offsets":[0,1],"data_offsets":[0,1]}}"#,
        .duplicateField("w", field: "data_offsets", fileOffset: 35)
      ),
      (
        plainHeader.dropLast() + "," + plainHeader.dropFirst(),
        .duplicateName("w", fileOffset: 63)
      ),
      (
        plainHeader.dropLast() + #","\u0077":{}}"#, .duplicateName("w", fileOffset: 63)
      ),
      (#"{"__metadata__":[]}"#, .metadataKind(key: nil, found: .array, fileOffset: 24)),
      (#"{"__metadata__":{"a":1}}"#, .metadataKind(key: "a", found: .number, fileOffset: 29)),
      (#"{"__metadata__":{"a":null}}"#, .metadataKind(key: "a", found: .null, fileOffset: 29)),
      (
        #"{"__metadata__":{"a":"1","a":"2"}}"#, .duplicateMetadataKey("a", fileOffset: 33)
      ),
      (#"{"__metadata__":{},"__metadata__":{}}"#, .duplicateMetadata(fileOffset: 27)),
      (#"{"__metadata__":null,"__metadata__":null}"#, .duplicateMetadata(fileOffset: 29)),
    ] as [(String, SafetensorsError)])
  func faults(header: String, error: SafetensorsError) {
    #expect(throws: error) { try SafetensorsFile(handMadeFile(header)) }
  }

  private static func entry(
    dtype: String = #""F32""#, shape: String = "[4]", offsets: String = "[0,16]"
  ) -> String {
    #"{"w":{"dtype":\#(dtype),"shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  private static func entryKind(
    _ field: String?, _ expected: JSONKind, _ found: JSONKind, _ fileOffset: Int
  ) -> SafetensorsError {
    .entryKind("w", field: field, expected: expected, found: found, fileOffset: fileOffset)
  }

  @Test("the length of the header is checked before the header")
  func length() {
    func error(_ region: ByteRegion) -> SafetensorsError? {
      #expect(throws: SafetensorsError.self) { try SafetensorsFile(region) }
    }
    #expect(error(.empty) == .headerTooSmall(fileByteCount: 0))
    #expect(error(ByteRegion(copying: [1, 2, 3, 4, 5, 6, 7])) == .headerTooSmall(fileByteCount: 7))
    #expect(
      error(handMadeFile("x", claimedByteCount: 100_000_001))
        == .headerTooLarge(byteCount: 100_000_001, limit: 100_000_000))
    #expect(
      error(handMadeFile("x", claimedByteCount: .max))
        == .headerTooLarge(byteCount: .max, limit: 100_000_000))
    #expect(
      error(handMadeFile("x", data: 0, claimedByteCount: 100_000_000))
        == .headerPastEnd(headerByteCount: 100_000_000, fileByteCount: 9))
  }

  @Test("the whole header is checked to be UTF-8 before it is read")
  func utf8() {
    var bytes = handMadeFile(#"{"w":x "y"#, data: 0).array
    bytes[bytes.count - 1] = 0xFF
    #expect(throws: SafetensorsError.headerNotUTF8(fileOffset: 16)) {
      try SafetensorsFile(ByteRegion(copying: bytes))
    }
    // Bytes of the data are nobody's text.
    let data = handMadeFile("{}", data: 0).array
    #expect(throws: SafetensorsError.trailingBytes(byteCount: 1, fileOffset: 10)) {
      try SafetensorsFile(ByteRegion(copying: data + [0xFF]))
    }
  }

  @Test(
    "what the reference accepts although it is odd is accepted",
    arguments: [
      " \n\t\r" + plainHeader, plainHeader + " \n", plainHeader + "   ",
      #"{"w":{"x":[{"a":1e308}],"shape":[4],"dtype":"F32","y":null,"data_offsets":[0,16],"x":2}}"#,
      #"{"w":{"data_offsets":[0,16],"dtype":"\u0046\u0033\u0032","shape":[ 4 ] }}"#,
      #"{"w":{"dtype":"F32","shape":[2,1,2],"data_offsets":[0,16]}}"#,
    ])
  func oddities(header: String) throws {
    let file = try SafetensorsFile(handMadeFile(header))
    #expect(file.tensors.map(\.name) == ["w"])
    #expect(try file.tensors[0].contiguousBytes().array == Array(0..<16))
    #expect(file.headerByteCount == header.utf8.count)
  }

  @Test("names may be anything, and are compared byte by byte")
  func names() throws {
    let names = [
      "", "\u{0}", "../up", "__metadata", "caf\u{E9}", "cafe\u{301}", "a\nb", "K", "\u{212A}",
    ]
    let escaped = [
      "", #"\u0000"#, "../up", "__metadata", #"caf\u00e9"#, "cafe\u{301}", #"a\nb"#,
      "K", "\u{212A}",
    ]
    let entries = escaped.map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
    let file = try SafetensorsFile(
      handMadeFile("{\(entries.joined(separator: ","))}", data: 0))
    #expect(file.tensors.map(\.name) == names.map { TensorName($0) })
  }
}
