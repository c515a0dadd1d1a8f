import ByteIO
import TensorModel
import Testing

@testable import SafetensorsFormat

@Suite("SafetensorsHeader, written")
struct SafetensorsHeaderWritingTests {
  private func text(limit: Int) throws(SafetensorsError) -> [UInt8] {
    try SafetensorsHeader.text(
      tensors: [], offsets: [0], metadata: [SafetensorsMetadataEntry(key: "a", value: "b")],
      limit: limit)
  }

  @Test("a header that no reader would take is refused, its padding counted")
  func limit() throws {
    #expect(try text(limit: 32) == Array(#"{"__metadata__":{"a":"b"}}      "#.utf8))
    #expect(throws: SafetensorsError.outputHeaderTooLarge(byteCount: 32, limit: 31)) {
      try text(limit: 31)
    }
  }

  @Test(
    "a header is padded to 8 bytes, and not at all where it has them",
    arguments: [("1234", 0), ("123", 1), ("12345", 7)])
  func padding(name: String, spaces: Int) throws {
    let tensor = try Tensor(
      name: TensorName(name), elementType: .uint8, shape: [1],
      storage: RegionStorage(ByteRegion(copying: [1])))
    let text = try SafetensorsHeader.text(tensors: [tensor], offsets: [0, 1], metadata: [])
    let json = "{\"\(name)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
    #expect(text == Array((json + String(repeating: " ", count: spaces)).utf8))
  }
}
