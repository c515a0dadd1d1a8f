import ByteIO
import SafetensorsFormat
import TensorModel
import Testing

@Suite("SafetensorsHeader, held against the data")
struct SafetensorsHeaderValidationTests {
  /// A tensor's entry in a header.
  private struct Row {
    var name = "w"
    var type = "F32"
    var shape = "4"
    var begin: UInt64 = 0
    var end: UInt64 = 16
  }

  private static func file(_ rows: [Row], data: Int = 16) -> ByteRegion {
    let entries = rows.map { row in
      #""\#(row.name)":{"dtype":"\#(row.type)","shape":[\#(row.shape)],"#
        + #""data_offsets":[\#(row.begin),\#(row.end)]}"#
    }
    return handMadeFile("{\(entries.joined(separator: ","))}", data: data)
  }

  private static let headerEnd = 8 + plainHeader.utf8.count

  @Test(
    "each broken rule of the ranges has its error",
    arguments: [
      (
        file([Row(begin: 4, end: 20)], data: 20),
        .gap("w", begin: 4, expected: 0, fileOffset: 9)
      ),
      (
        file([Row(name: "a"), Row(name: "b", begin: 20, end: 36)], data: 36),
        .gap("b", begin: 20, expected: 16, fileOffset: 63)
      ),
      (
        file([Row(name: "a"), Row(name: "b", begin: 8, end: 24)], data: 24),
        .overlap("b", begin: 8, expected: 16, fileOffset: 63)
      ),
      (
        file([Row(name: "a"), Row(name: "b")]),
        .overlap("b", begin: 0, expected: 16, fileOffset: 63)
      ),
      (
        // The header has them the other way round.
        file([Row(name: "b", begin: 8, end: 24), Row(name: "a")], data: 24),
        .overlap("b", begin: 8, expected: 16, fileOffset: 9)
      ),
      (
        file([Row(name: "a"), Row(name: "b", shape: "0", begin: 8, end: 8)]),
        .overlap("b", begin: 8, expected: 16, fileOffset: 63)
      ),
      (
        file([Row(begin: 16, end: 0)]),
        .endBeforeBegin("w", begin: 16, end: 0, fileOffset: 9)
      ),
      (
        file([Row(begin: .max, end: 0)]),
        .endBeforeBegin("w", begin: .max, end: 0, fileOffset: 9)
      ),
      (
        file([Row(shape: "3")]),
        .sizeMismatch(
          "w", .float32, shape: [3], neededByteCount: 12, rangeByteCount: 16, fileOffset: 9)
      ),
      (
        file([Row(shape: "5")]),
        .sizeMismatch(
          "w", .float32, shape: [5], neededByteCount: 20, rangeByteCount: 16, fileOffset: 9)
      ),
      (
        file([Row(shape: "")]),
        .sizeMismatch(
          "w", .float32, shape: [], neededByteCount: 4, rangeByteCount: 16, fileOffset: 9)
      ),
      (
        file([Row(type: "F6_E2M3", shape: "4")]),
        .sizeMismatch(
          "w", .float6E2M3, shape: [4], neededByteCount: 3, rangeByteCount: 16, fileOffset: 9)
      ),
      (
        file([Row(type: "F4", shape: "31")]),
        .partialByte("w", .float4, shape: [31], bitCount: 124, fileOffset: 9)
      ),
      (
        file([Row(shape: "9223372036854775808,2")]),
        .sizeOverflow("w", .float32, shape: [1 << 63, 2], fileOffset: 9)
      ),
      (
        file([Row(shape: "18446744073709551615,2,0")]),
        .sizeOverflow("w", .float32, shape: [.max, 2, 0], fileOffset: 9)
      ),
      (
        // 2^64 + 16 bytes.
        file([Row(shape: "4611686018427387908")]),
        .sizeOverflow("w", .float32, shape: [1 << 62 + 4], fileOffset: 9)
      ),
      (
        file([Row(type: "F4", shape: "4611686018427387904")]),
        .sizeOverflow("w", .float4, shape: [1 << 62], fileOffset: 9)
      ),
      (
        file([Row()], data: 15),
        .truncated(missingByteCount: 1, fileByteCount: headerEnd + 15)
      ),
      (file([Row()], data: 0), .truncated(missingByteCount: 16, fileByteCount: headerEnd)),
      (
        file([Row(type: "U8", shape: "18446744073709551615", end: .max)], data: 0),
        .truncated(missingByteCount: .max, fileByteCount: 8 + 91)
      ),
      (file([Row()], data: 20), .trailingBytes(byteCount: 4, fileOffset: headerEnd + 16)),
      (file([], data: 1), .trailingBytes(byteCount: 1, fileOffset: 10)),
      (
        file([Row(shape: "0,18446744073709551615", end: 0)], data: 0),
        .shapeTooLarge("w", shape: [0, .max], fileOffset: 9)
      ),
      (
        file([Row(shape: "9223372036854775807,2,0", end: 0)], data: 0),
        .shapeTooLarge("w", shape: [1 << 63 - 1, 2, 0], fileOffset: 9)
      ),
    ] as [(ByteRegion, SafetensorsError)])
  func faults(region: ByteRegion, error: SafetensorsError) {
    #expect(throws: error) { try SafetensorsFile(region) }
  }

  @Test("the first fault in the order of the bytes is named, and ranges come before the file's end")
  func orderOfChecks() {
    let region = Self.file(
      [Row(name: "late", shape: "9", begin: 16, end: 32), Row(name: "early", shape: "3")], data: 99)
    #expect(
      throws: SafetensorsError.sizeMismatch(
        "early", .float32, shape: [3], neededByteCount: 12, rangeByteCount: 16, fileOffset: 67)
    ) { try SafetensorsFile(region) }
  }

  @Test("tensors are given in the order of their bytes, whatever the header's")
  func order() throws {
    let rows = [
      Row(name: "d", type: "U8", shape: "6", begin: 10, end: 16),
      Row(name: "empty 2", shape: "0", begin: 10, end: 10),
      Row(name: "a", type: "U8", shape: "4", begin: 0, end: 4),
      Row(name: "empty 1", shape: "2,0", begin: 10, end: 10),
      Row(name: "b", type: "U8", shape: "6", begin: 4, end: 10),
    ]
    let file = try SafetensorsFile(Self.file(rows))
    #expect(file.tensors.map(\.name) == ["a", "b", "empty 2", "empty 1", "d"])
    #expect(try file.tensors[1].contiguousBytes().array == [4, 5, 6, 7, 8, 9])
    #expect(try file.tensors[4].contiguousBytes().array == [10, 11, 12, 13, 14, 15])
  }

  @Test(
    "tensors may be empty, scalar or packed",
    arguments: [
      (Row(shape: "0", end: 0), [0], 0),
      (Row(shape: "0,4611686018427387904", end: 0), [0, 1 << 62], 0),
      (Row(shape: "", end: 4), [], 4), (Row(shape: "1,1,1,1", end: 4), [1, 1, 1, 1], 4),
      (Row(type: "F4", shape: "3,2", end: 3), [3, 2], 3),
      (Row(type: "F6_E3M2", shape: "8", end: 6), [8], 6),
      (Row(type: "C64", shape: "2"), [2], 16), (Row(type: "BOOL", shape: "16"), [16], 16),
    ] as [(Row, [Int], Int)])
  private func unusualShapes(row: Row, shape: [Int], byteCount: Int) throws {
    let file = try SafetensorsFile(Self.file([row], data: byteCount))
    #expect(file.tensors.map(\.shape) == [shape])
    #expect(file.tensors.map(\.byteCount) == [byteCount])
  }
}
