import ByteIO
import SafetensorsFormat
import TensorModel
import TestSupport
import Testing

@Suite("SafetensorsFile")
struct SafetensorsFileTests {
  private func described(_ tensors: [Tensor]) throws -> [FixtureTensor] {
    try tensors.map { tensor in
      FixtureTensor(
        name: tensor.name.string, dtype: tensor.elementType.name, shape: tensor.shape,
        sha256: try tensor.digest())
    }
  }

  @Test(
    "every fixture has the tensors that the reference library reads, in the order of their bytes",
    arguments: try FixtureManifest.readable(container: "safetensors"))
  func fixtures(_ fixture: FixtureFile) throws {
    let region = try fixture.bytes()
    let file = try SafetensorsFile(region)
    // Tensors without bytes have no order among those that begin where they do.
    let isOrdered = fixture.tensors.allSatisfy { !$0.shape.contains(0) }
    let found = try described(file.tensors)
    #expect(
      isOrdered
        ? found == fixture.tensors
        : found.sorted { $0.name < $1.name } == fixture.tensors.sorted { $0.name < $1.name })
    #expect(SafetensorsFile.looksLike(region))
    #expect(
      8 + file.headerByteCount + file.tensors.reduce(0) { $0 + $1.byteCount } == fixture.byteCount)
  }

  @Test(
    "every broken fixture is refused under the rule that it breaks",
    arguments: try FixtureManifest.refused(container: "safetensors"))
  func brokenFixtures(_ fixture: FixtureFile) throws {
    let error = try #require(throws: SafetensorsError.self) {
      _ = try SafetensorsFile(fixture.bytes())
    }
    #expect(error.rule == fixture.refused?.rule)
    #expect(error.category == (fixture.refused?.exit == 65 ? .invalidInput : .unsupported))
    #expect(try (error.place.byteOffset ?? 0) <= fixture.bytes().byteCount)
  }

  @Test("a file that is cut anywhere is refused, and says so where the header is whole")
  func truncation() throws {
    let region = try Fixtures.bytes("safetensors/by-hand.safetensors")
    let whole = try SafetensorsFile(region)
    let dataOffset = 8 + whole.headerByteCount
    for byteCount in 0..<region.byteCount {
      let part = try #require(region.slice(offset: 0, byteCount: byteCount))
      let error = try #require(throws: SafetensorsError.self) { _ = try SafetensorsFile(part) }
      switch byteCount {
      case ..<8: #expect(error == .headerTooSmall(fileByteCount: byteCount))
      case ..<dataOffset:
        let expected = SafetensorsError.headerPastEnd(
          headerByteCount: whole.headerByteCount, fileByteCount: byteCount)
        #expect(error == expected)
      default:
        let missing = UInt64(region.byteCount - byteCount)
        #expect(error == .truncated(missingByteCount: missing, fileByteCount: byteCount))
      }
    }
  }

  @Test("no changed byte of a header does more than fail, or give another sound file")
  func changedBytes() throws {
    let original = try Fixtures.bytes("safetensors/by-hand.safetensors").array
    for index in 0..<min(original.count, 96) {
      for change in [0x01, 0x20, 0x80, 0xFF] as [UInt8] {
        var bytes = original
        bytes[index] ^= change
        do throws(SafetensorsError) {
          let file = try SafetensorsFile(ByteRegion(copying: bytes))
          #expect(file.tensors.allSatisfy { $0.byteCount <= bytes.count })
        } catch {
          #expect(error.category == .invalidInput)
          #expect((error.place.byteOffset ?? 0) <= bytes.count)
        }
      }
    }
  }

  @Test("metadata keep the order of the header, and may come anywhere or be null")
  func metadata() throws {
    let tensor = plainHeader.dropFirst().dropLast()
    let entries = [
      SafetensorsMetadataEntry(key: "z", value: "1"), SafetensorsMetadataEntry(key: "a", value: ""),
      SafetensorsMetadataEntry(key: "", value: "\n\u{E9}"),
    ]
    let text = #""__metadata__":{"z":"1","a":"","":"\n\u00e9"}"#
    for header in ["{\(text),\(tensor)}", "{\(tensor),\(text)}"] {
      #expect(try SafetensorsFile(handMadeFile(header)).metadata == entries)
    }
    let null = "{\"__metadata__\":null,\(tensor)}"
    #expect(try SafetensorsFile(handMadeFile(null)).metadata == [])
    #expect(try SafetensorsFile(handMadeFile(plainHeader)).metadata == [])
  }

  @Test("tensors are views of the file, and nothing is copied")
  func views() throws {
    let region = handMadeFile(plainHeader)
    let file = try SafetensorsFile(region)
    let bytes = try #require(try file.tensors.first?.plainBytes())
    let isSameMemory = region.withUnsafeBytes { whole in
      bytes.withUnsafeBytes {
        $0.baseAddress == whole.baseAddress.map { $0 + 8 + file.headerByteCount }
      }
    }
    #expect(isSameMemory)
    #expect(bytes.array == Array(0..<16))
  }

  @Test(
    "a file looks like safetensors when its header can be one",
    arguments: [
      (handMadeFile(plainHeader), true), (handMadeFile("  \n{", data: 0), true),
      (handMadeFile("{}", data: 0), true), (handMadeFile("[]", data: 0), false),
      (handMadeFile("", data: 16), false), (handMadeFile("   ", data: 0), false),
      (handMadeFile(plainHeader, claimedByteCount: 1 << 20), false),
      (handMadeFile(plainHeader, claimedByteCount: .max), false), (.empty, false),
      (ByteRegion(copying: "{\"a\":1}".utf8), false),
      (ByteRegion(copying: [2, 0, 0, 0, 0, 0, 0, 0, 0x7B]), false),
    ])
  func sniffing(region: ByteRegion, expected: Bool) {
    #expect(SafetensorsFile.looksLike(region) == expected)
  }

  @Test("the limits are the caller's")
  func limits() throws {
    let pair =
      #"{"a":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]},"#
      + #""b":{"dtype":"U8","shape":[1,1,1],"data_offsets":[1,2]}}"#
    let region = handMadeFile(pair, data: 2)
    var limits = Limits()
    limits.headerByteCount = pair.utf8.count
    limits.tensorCount = 2
    limits.rank = 3
    limits.jsonDepth = 3
    #expect(try SafetensorsFile(region, limits: limits).tensors.count == 2)

    var other = limits
    other.headerByteCount -= 1
    #expect(
      throws: SafetensorsError.headerTooLarge(
        byteCount: UInt64(pair.utf8.count), limit: pair.utf8.count - 1)
    ) { try SafetensorsFile(region, limits: other) }
    other = limits
    other.tensorCount = 1
    #expect(throws: SafetensorsError.tooManyTensors(limit: 1, fileOffset: 63)) {
      try SafetensorsFile(region, limits: other)
    }
    other = limits
    other.rank = 2
    #expect(throws: SafetensorsError.tooManyDimensions("b", limit: 2, fileOffset: 94)) {
      try SafetensorsFile(region, limits: other)
    }
    other = limits
    other.jsonDepth = 2
    #expect(throws: SafetensorsError.headerJSON(.tooDeep(limit: 2), fileOffset: 35)) {
      try SafetensorsFile(region, limits: other)
    }
  }
}
