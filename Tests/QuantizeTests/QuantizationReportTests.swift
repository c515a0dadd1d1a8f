import ByteIO
import TensorModel
import Testing

@testable import Quantize

@Suite("QuantizationReport")
struct QuantizationReportTests {
  private static func row(
    _ name: String, signal: Double, noise: Double, format: WeightFormat = .int8
  ) -> QuantizationReport.Row {
    QuantizationReport.Row(
      name: name, role: .expand, format: format, sourceType: .float32, shape: [2, 5],
      elementCount: 10, sourceByteCount: 40, byteCount: 18,
      quality: TensorQuality(
        signal: signal, noise: noise, maximumError: 0.5, flushedCount: 1, subnormalCount: 2,
        clippedCount: 3, scales: 0.25...4))
  }

  private static let kept = QuantizationReport.Row(
    name: "k", role: .norm, format: .keep, sourceType: .bfloat16, shape: [4], elementCount: 4,
    sourceByteCount: 8, byteCount: 8, quality: nil)

  private static let report = QuantizationReport(
    recipe: "int8",
    rows: [
      row("a", signal: 1, noise: 0), row("b", signal: 100, noise: 1), kept,
      row("c", signal: 10, noise: 1),
    ])

  @Test("the worst come first, those without a cost not at all")
  func worst() throws {
    #expect(Self.report.worst.map(\.name) == ["c", "b", "a"])
    #expect(Self.report.lossy.map(\.name) == ["c", "b"])
    let smallest = try #require(Self.report.smallestSQNR)
    #expect((smallest - 10).magnitude < 1e-12)
    let sqnr = try #require(Self.report.sqnr)
    #expect((sqnr - 10 * 1.7403626894942439).magnitude < 1e-9)
    #expect(QuantizationReport(recipe: "r", rows: [Self.kept]).sqnr == nil)
  }

  @Test("what only became wider, or F32, does not count in the ratio of the whole")
  func uncounted() throws {
    let rows = Self.report.rows
    let wide = Self.row("w", signal: 1e9, noise: 1e-9, format: .float32)
    let exact = Self.row("e", signal: 1e9, noise: 0, format: .float16)
    let report = QuantizationReport(recipe: "r", rows: rows + [wide, exact])
    #expect(report.sqnr == Self.report.sqnr)
    #expect(report.smallestSQNR == Self.report.smallestSQNR)
    let formats = Dictionary(uniqueKeysWithValues: report.formats.map { ($0.format, $0) })
    #expect(formats[.float16]?.sqnr == .infinity && formats[.keep]?.sqnr == nil)
    let ratio = try #require(formats[.float32]?.sqnr)
    #expect((ratio - 180).magnitude < 1e-9)
  }

  @Test("bytes and formats add up")
  func sums() {
    #expect(Self.report.sourceByteCount == 128)
    #expect(Self.report.byteCount == 62)
    #expect(Self.report.formats.map(\.format) == [.int8, .keep])
    #expect(Self.report.formats.map(\.tensorCount) == [3, 1])
    #expect(Self.report.formats.map(\.elementCount) == [30, 4])
  }

  @Test("as JSON every tensor has every key, null where there is nothing to say")
  func json() throws {
    let json = JSONValue.object(Self.report.json)
    let rows = try #require(json["tensors"]?.arrayValue)
    let keys = [
      "name", "role", "format", "sourceDtype", "shape", "elements", "bytesBefore", "bytesAfter",
      "sqnr", "maxError", "flushed", "subnormal", "clipped", "smallestScale", "largestScale",
    ]
    for row in rows { #expect(row.objectValue?.entries.map(\.key) == keys) }
    #expect(rows[0]["sqnr"] == .null && rows[1]["sqnr"]?.numberValue?.rounded() == 20)
    #expect(rows[2]["maxError"] == .null && rows[2]["smallestScale"] == .null)
    #expect(rows[3]["smallestScale"] == .number(0.25) && rows[3]["clipped"] == .integer(3))
  }
}
