import ByteIO
import TensorModel
import TestSupport
import Testing

@testable import NativeFormat

/// Holds `docs/native-format.md` against the code.
///
/// After a change, `UPDATE_DOCS=1 swift test --filter NativeFormatDocumentTests` writes the parts
/// anew that follow from the code.
@Suite("docs/native-format.md")
struct NativeFormatDocumentTests {
  private let document = Document("docs/native-format.md")

  /// The file that the document takes apart.
  private static func example() throws -> [UInt8] {
    let header = NativeHeader(
      model: ModelDescription(
        version: 1, variant: "custom", depths: [1], widths: [2], classes: 2, imageSize: nil,
        features: ["layer_scale"], missingTensors: ["stem.conv.weight", "stem.conv.bias"]),
      source: SourceDescription(
        fileName: "pets.safetensors", sha256: SHA256Digest(of: "not a real file"),
        container: "safetensors", naming: "facebook", wrapper: nil, prefix: "",
        tool: "convnext 1.0.0"),
      labels: ["cat", "dog"])
    return try Sample.written(header, Sample.tensors)
  }

  @Test("the example's bytes are those that the writer writes")
  func hasExampleBytes() throws {
    let bytes = try Self.example()
    let dump = "```\n\(HexDump.text(of: bytes))```\n"
    let part = try document.part("example bytes", expected: dump)
    #expect(part == dump)
    #expect(try HexDump.bytes(of: part) == bytes)
  }

  @Test("the example's bytes, as the document has them, are a file that can be read")
  func hasReadableExample() throws {
    let bytes = try HexDump.bytes(of: document.part("example bytes"))
    let file = try NativeFile(ByteRegion(copying: bytes))
    #expect(try file.verify() == [])
    try file.withElements(of: "stem.norm.weight", as: Float.self) { span in
      #expect(span.indices.map { span[$0] } == [1, -0.5])
    }
    try file.withElements(of: "head.classifier.bias", as: UInt16.self) { span in
      #expect(span.indices.map { span[$0] } == [0x3400, 0x4000])
    }
    #expect(file.header.labels == ["cat", "dog"])
  }

  @Test("the example's header is the one in its bytes")
  func hasExampleHeader() throws {
    let file = try NativeFile(ByteRegion(copying: Self.example()))
    let text = "```json\n\(file.header.json.serialized(isPretty: true))\n```\n"
    let part = try document.part("example header", expected: text)
    #expect(part == text)
    let json = part.split(separator: "```")[0].drop { $0 != "{" }
    let region = ByteRegion(copying: Array(json.utf8))
    #expect(try NativeHeader(parsing: region, limits: .standard) == file.header)
  }

  @Test("the characters that are escaped in strings are those that the writer escapes")
  func escapedCharacters() throws {
    let ranges = Unicode.Scalar.steeringRanges.map { range in
      let ends = [range.lowerBound, range.upperBound].map {
        let digits = String($0, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
      return range.count == 1 ? ends[0] : "\(ends[0]) to \(ends[1])"
    }
    let text = ranges.joined(separator: ", ") + ".\n"
    #expect(try document.part("escaped characters", expected: text) == text)
    for range in Unicode.Scalar.steeringRanges {
      for value in [range.lowerBound, range.upperBound] {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(JSONValue.string(String(scalar)).serialized().utf8.allSatisfy { $0 < 0x7F })
      }
    }
    let outside: [Unicode.Scalar] = ["\u{A0}", "\u{200A}", "\u{2010}", "\u{FFFC}", "\u{E0080}"]
    for scalar in outside {
      #expect(JSONValue.string(String(scalar)).serialized() == "\"\(scalar)\"")
    }
  }

  @Test("the example's manifest and content digest follow from its header")
  func hasExampleManifest() throws {
    let manifest = try NativeFile(ByteRegion(copying: Self.example())).header.manifest
    let text = """
      ```
      \(manifest.text)```

      `\(manifest.contentDigest.hex)`

      """
    #expect(try document.part("example manifest", expected: text) == text)
  }

  @Test("the program is the one that LinkTests builds and runs")
  func hasProgram() throws {
    let source = try #require(
      FileMapping(path: Repository.path("Tests/NativeProbe/main.swift")).region.text)
    let text = "```swift\n\(source)```\n"
    #expect(try document.part("program", expected: text) == text)
  }

  @Test("the table of keys has every key, in order, with its type")
  func hasEveryKey() throws {
    let rows = try document.table("keys")
    #expect(
      rows.map { $0.prefix(3).joined(separator: "|") }
        == HeaderKey.all.map { "\($0.path)|\($0.type)|\($0.isNullable ? "yes" : "no")" })
    #expect(rows.allSatisfy { $0.count == 4 && !$0[3].isEmpty })
  }

  @Test("the table of element types has every type with its bits")
  func hasEveryElementType() throws {
    let rows = try document.table("types")
    #expect(
      rows.map { $0.prefix(2).joined(separator: "|") }
        == ElementType.allCases.map { "\($0.name)|\($0.bitWidth)" })
    for row in rows {
      let elementType = try #require(ElementType(rawValue: row[0]))
      #expect(row[2].hasPrefix("packed") == (elementType.byteWidth == nil))
      #expect(row[2].hasPrefix("complex") == elementType.isComplex)
      #expect(row[2].contains("integer") == ["I", "U"].contains(row[0].prefix(1)))
    }
  }

  @Test("the numbers of preamble, layout and limits are the code's")
  func hasNumbers() throws {
    let text = try document.text
    let limits = Limits.standard
    for line in [
      "# The `.convnext` format, version \(NativeLayout.version)\n",
      "| 0 ..< 8 | text | the magic `\(String(decoding: NativeLayout.magic, as: UTF8.self))` |",
      "| 8 ..< 12 | u32 | the version, \(NativeLayout.version) |",
      "| 12 ..< 16 | zeros |", "| 16 ..< 24 | u64 |", "| 24 ..< 32 | u64 |",
      "| 32 ..< 40 | u64 |", "| 40 ..< 72 | 32 bytes |", "| 72 ..< 128 | zeros |",
      "must begin with these \(NativeLayout.preambleByteCount) bytes",
      "rounded up to a multiple of\n\(NativeLayout.pageByteCount),",
      "rounded up to\n  a multiple of \(NativeLayout.tensorAlignment).",
      "| bytes of the header | \(limits.headerByteCount) |",
      "| nested arrays and objects in the header | \(limits.jsonDepth) |",
      "| tensors | \(limits.tensorCount) |", "| dimensions of a tensor | \(limits.rank) |",
    ] {
      #expect(text.contains(line), "\(line)")
    }
  }
}
