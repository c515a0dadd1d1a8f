import ByteIO
import TestSupport
import Testing

@Suite("SHA256Digest")
struct SHA256DigestTests {
  @Test(
    "the vectors of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func vectors(text: String, hex: String) {
    #expect(SHA256Digest(of: text).hex == hex)
    #expect(SHA256Digest(hex: hex) == SHA256Digest(of: text))
    #expect(SHA256Digest(hex: hex.uppercased()) == SHA256Digest(of: text))
  }

  @Test("pieces of any size give the digest of the whole", arguments: 1...5 as ClosedRange<UInt64>)
  func pieces(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = (0..<10_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let region = ByteRegion(copying: bytes)
    var hasher = SHA256Hasher()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 0...500, using: &generator))
      hasher.update(region.bytes.extracting(start..<end))
      start = end
    }
    #expect(hasher.digest() == SHA256Digest(of: region))
    #expect(hasher.digest() == SHA256Digest(of: region), "asking does not end the digest")
  }

  @Test(
    "only 64 hexadecimal digits are a digest",
    arguments: [
      "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
      String(repeating: "g", count: 64), String(repeating: "é", count: 32),
      " " + String(repeating: "0", count: 63),
    ])
  func badHex(text: String) {
    #expect(SHA256Digest(hex: text) == nil)
  }

  @Test("only 32 bytes are a digest")
  func bytes() throws {
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(lowercaseHex([0x00, 0x0F, 0xAB, 0xFF]) == "000fabff")
  }
}
