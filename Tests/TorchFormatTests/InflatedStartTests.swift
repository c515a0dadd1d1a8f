import ByteIO
import Testing

@testable import TorchFormat

@Suite("What a deflate stream begins with")
struct InflatedStartTests {
  private static let opcodes = [UInt8](repeating: PickleOpcode.none.rawValue, count: 60_000)

  private func start(
    _ data: [UInt8], limit: Int, _ stream: ([UInt8]) -> [UInt8] = ZipBytes.fixedCodeStream
  ) -> InflatedStart? {
    InflatedStart(ByteRegion(copying: stream(data)), limit: limit)
  }

  @Test("what is small is inflated whole", arguments: [0, 1, 100, 4096])
  func small(count: Int) throws {
    let data = Array(Self.opcodes.prefix(count))
    for stream in [ZipBytes.fixedCodeStream, ZipBytes.deflateStream] {
      let found = try #require(start(data, limit: 1 << 20, stream))
      #expect(found.bytes.array == data)
      #expect(!found.isCut)
    }
  }

  @Test("what cannot be a pickle is looked at in its beginning only")
  func noPickle() throws {
    let found = try #require(start([0xFF] + Self.opcodes, limit: 1 << 20))
    #expect(found.bytes.byteCount == 4096)
    #expect(found.isCut)
  }

  @Test("what reads as opcodes is inflated up to the limit")
  func opcodes() throws {
    let whole = try #require(start(Self.opcodes, limit: 1 << 20))
    #expect(whole.bytes.array == Self.opcodes)
    #expect(!whole.isCut)
    let cut = try #require(start(Self.opcodes, limit: 10_000))
    #expect(cut.bytes.byteCount == 10_000)
    #expect(cut.isCut)
  }

  @Test("empty blocks cost what they take, and can be too many")
  func emptyBlocks() throws {
    let empty: [UInt8] = [0, 0, 0, 0xFF, 0xFF]
    let stream =
      Array([[UInt8]](repeating: empty, count: 1000).joined())
      + ZipBytes.deflateStream([0x4E])
    let region = ByteRegion(copying: stream)
    let whole = try #require(InflatedStart(region, limit: 1 << 20))
    #expect(whole.bytes.array == [0x4E])
    #expect(whole.cost == stream.count + 1)
    let probed = try #require(InflatedStart(region, limit: 1 << 20, probedByteCount: 500))
    #expect(probed.bytes.array.allSatisfy { $0 == 0 })
    #expect(probed.cost == 500 + probed.bytes.byteCount)
  }

  @Test("a block that does not fit in its beginning does not hide what it holds")
  func storedBlock() throws {
    let found = try #require(start(Self.opcodes, limit: 1 << 20, ZipBytes.deflateStream))
    #expect(found.bytes.array == Self.opcodes)
  }

  @Test("an operand that does not fit in its beginning is followed")
  func longOperand() throws {
    var bytes = PickleBytes.text(String(repeating: "x", count: 9000))
    bytes += Self.opcodes.prefix(9)
    #expect(try #require(start(bytes, limit: 1 << 20)).bytes.array == bytes)
  }

  @Test("a stream that is cut off, or none, gives what it gives")
  func damaged() throws {
    let stream = ZipBytes.fixedCodeStream(Array(Self.opcodes.prefix(500)))
    let cut = try #require(InflatedStart(ByteRegion(copying: stream.prefix(250)), limit: 1 << 16))
    #expect(cut.bytes.array.prefix(200) == Self.opcodes.prefix(200))
    #expect(!cut.isCut)
    let none = try #require(InflatedStart(ByteRegion(copying: [7, 7, 7]), limit: 1 << 16))
    #expect(none.bytes.withUnsafeBytes { $0.allSatisfy { $0 == 0 } })
  }
}
