import ByteIO
import TensorModel
import Testing

@testable import NativeFormat

@Suite("NativeFile+Verification")
struct NativeFileVerificationTests {
  /// What opening or verifying says of some bytes; empty where nothing is wrong.
  private func problems(_ bytes: [UInt8]) throws -> [NativeError] {
    let file: NativeFile
    do throws(NativeError) {
      file = try NativeFile(ByteRegion(copying: bytes))
    } catch { return [error] }
    return try file.verify()
  }

  @Test("a change of any byte of the file is reported", arguments: [0x01, 0x80, 0xFF] as [UInt8])
  func reportsEveryByte(_ change: UInt8) throws {
    var bytes = try Sample.written()
    let declared = try #require(SHA256Digest(bytes: Array(bytes[40..<72])))
    #expect(try problems(bytes) == [])
    for offset in bytes.indices {
      bytes[offset] ^= change
      defer { bytes[offset] ^= change }
      let found = try problems(bytes)
      try #require(found.count == 1, "byte \(offset)")
      switch (offset, found[0]) {
      case (0..<8, .badMagic), (8..<12, .unknownVersion), (32..<40, .wrongSize),
        (16..<24, .headerPastEnd), (16..<24, .headerDigest), (24..<32, .badDataOffset),
        (40..<72, .headerDigest):
        break
      case (12..<16, .reservedNotZero(let place)), (72..<128, .reservedNotZero(let place)):
        #expect(place == offset)
      case (128..<16384, .headerDigest(declared, _)): break
      case (16384..<16392, .tensorDigest("stem.norm.weight", 16384, _, _)),
        (16448..<16452, .tensorDigest("head.classifier.bias", 16448, _, _)):
        break
      case (16392..<16448, .paddingNotZero(offset, "head.classifier.bias")): break
      default: Issue.record("byte \(offset): \(found[0])")
      }
    }
  }

  @Test("a changed tensor is named with both digests and its place")
  func namesTensor() throws {
    var bytes = try Sample.written()
    bytes[16388] ^= 1
    let computed = SHA256Digest(of: ByteRegion(copying: bytes[16384..<16392]))
    let declared = SHA256Digest(of: ByteRegion(copying: Sample.floats([1, -0.5])))
    #expect(
      try problems(bytes) == [
        .tensorDigest(
          tensor: "stem.norm.weight", fileOffset: 16384, declared: declared, computed: computed)
      ])
  }

  @Test("everything that is wrong is reported, in the order of the file")
  func reportsAll() throws {
    var bytes = try Sample.written()
    for offset in [16384, 16400, 16401, 16450] { bytes[offset] ^= 1 }
    let found = try problems(bytes)
    #expect(found.map(\.rule) == ["tensor-digest", "padding-not-zero", "tensor-digest"])
    #expect(
      found.map(\.place) == [
        ErrorPlace(byteOffset: 16384, tensor: "stem.norm.weight"), ErrorPlace(byteOffset: 16400),
        ErrorPlace(byteOffset: 16448, tensor: "head.classifier.bias"),
      ])
  }

  @Test("the padding before an empty tensor at the end is checked")
  func checksLastPadding() throws {
    var bytes = try Sample.written(
      Sample.plainHeader,
      [Sample.tensor("a", .uint8, [1], [1]), Sample.tensor("b", .uint8, [0], [])])
    #expect(try problems(bytes) == [])
    bytes[16447] = 1
    #expect(try problems(bytes) == [.paddingNotZero(fileOffset: 16447, before: "b")])
  }
}
