import SafetensorsFormat
import Testing

@Suite("SafetensorsMetadataEntry")
struct SafetensorsMetadataEntryTests {
  @Test("entries are equal when their bytes are")
  func equality() {
    let entry = SafetensorsMetadataEntry(key: "\u{E9}", value: "\u{E9}")
    #expect(entry == SafetensorsMetadataEntry(key: "\u{E9}", value: "\u{E9}"))
    #expect(entry != SafetensorsMetadataEntry(key: "e\u{301}", value: "\u{E9}"))
    #expect(entry != SafetensorsMetadataEntry(key: "\u{E9}", value: "e\u{301}"))
  }
}
