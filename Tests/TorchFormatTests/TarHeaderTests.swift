import ByteIO
import Testing

@testable import TorchFormat

@Suite("Header of a tar archive")
struct TarHeaderTests {
  /// A header of the older format, whose only sign is its checksum.
  private func header(checksum: (Int) -> [UInt8], filling: UInt8 = 0) -> ByteRegion {
    var bytes = [UInt8](repeating: filling, count: 512)
    bytes.replaceSubrange(0..<9, with: Array("storages\0".utf8))
    bytes.replaceSubrange(124..<136, with: Array("00000000017\0".utf8))
    bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
    let field = checksum(bytes.reduce(0) { $0 + Int($1) })
    bytes.replaceSubrange(148..<148 + field.count, with: field)
    return ByteRegion(copying: bytes)
  }

  @Test("a right checksum makes a header, however Python reads it")
  func checksums() throws {
    let octal = { (sum: Int) in String(sum, radix: 8) }
    let spellings: [(Int) -> [UInt8]] = [
      { Array("\(octal($0))\0 ".utf8) }, { Array(" \(octal($0))".utf8) },
      { Array("0o\(octal($0))\0".utf8) }, { Array("\(octal($0))\u{1C}\0".utf8) },
      { [0x80, 0, 0, 0, 0, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] },
    ]
    for spelling in spellings {
      let header = try #require(TarHeader(header(checksum: spelling), at: 0))
      #expect(header.name == "storages")
      #expect(header.contentByteCount == 15)
    }
    // Some programs summed up signed bytes.
    let signed = header(
      checksum: { Array(octal($0 - 256 * (512 - 29)).utf8) + [0] }, filling: 0x90)
    #expect(TarHeader(signed, at: 0) != nil)
  }

  @Test("a wrong checksum makes none, nor do bytes that are cut off")
  func others() {
    let region = header(checksum: { Array(String($0 + 1, radix: 8).utf8) + [0] })
    #expect(TarHeader(region, at: 0) == nil)
    #expect(TarHeader(region, at: 1) == nil)
    #expect(TarHeader(ByteRegion(copying: [UInt8](repeating: 0x20, count: 511)), at: 0) == nil)
    #expect(TarHeader(ByteRegion(copying: [UInt8](repeating: 0xFF, count: 512)), at: 0) == nil)
  }

  @Test(
    "whole numbers are read as Python reads them",
    arguments: [
      ("7", 10, 7), (" 1_0\n", 10, 10), ("+007", 10, 7), ("-3", 10, -3), ("0o17", 8, 15),
      ("0O_17", 8, 15), ("17 ", 8, 15), ("\u{1F}1\u{1C}", 10, 1), ("1__0", 10, nil),
      ("_1", 10, nil), ("", 10, nil),
      ("1 0", 10, nil), ("8", 8, nil), ("99999999999999999999", 10, nil), ("x", 10, nil),
    ] as [(String, Int, Int?)])
  func integers(_ text: String, _ radix: Int, _ value: Int?) {
    #expect(pythonInteger(text, radix: radix) == value)
  }
}
