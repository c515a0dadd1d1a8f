import SafetensorsFormat
import Testing

@testable import Convert

@Suite("SharedMetadata")
struct SharedMetadataTests {
  private func entries(_ texts: KeyValuePairs<String, String>) -> [SafetensorsMetadataEntry] {
    texts.map { SafetensorsMetadataEntry(key: $0.key, value: $0.value) }
  }

  @Test("what no two files give differently is said of all, in the order of its first file")
  func shared() {
    let metadata = SharedMetadata(of: [
      entries(["format": "pt", "epoch": "7", "part": "1"]),
      entries(["author": "a", "part": "2", "format": "pt"]),
      entries([:]),
      entries(["part": "2", "epoch": "7", "step": "1"]),
      entries(["step": "2"]),
    ])
    #expect(metadata.entries == entries(["format": "pt", "epoch": "7", "author": "a"]))
    #expect(metadata.disputedKeys == ["part", "step"])
  }

  @Test("keys and values are told apart by their bytes")
  func bytes() {
    let composed = entries(["\u{e9}": "1"])
    let decomposed = entries(["e\u{301}": "2"])
    #expect(SharedMetadata(of: [composed, decomposed]).entries == composed + decomposed)
    let values = SharedMetadata(of: [entries(["a": "\u{e9}"]), entries(["a": "e\u{301}"])])
    #expect(values.disputedKeys == ["a"])
  }

  @Test("one file has what it has, and none has nothing")
  func single() {
    let one = entries(["b": "1", "a": "2"])
    #expect(SharedMetadata(of: [one]).entries == one)
    #expect(SharedMetadata(of: []).entries == [])
  }
}
