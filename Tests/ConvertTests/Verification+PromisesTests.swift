import TestSupport
import Testing

@testable import Convert

@Suite("Digests that a file's name promises")
struct VerificationPromisesTests {
  @Test(
    "which names promise a digest",
    arguments: [
      ("convnext_tiny-983f1562.pth", "983f1562"),
      ("convnext-tiny_3rdparty_32xb128_in1k_20220124-18abde00.pth", "18abde00"),
      ("a-0123456789abcdef.safetensors", "0123456789abcdef"),
      ("a-1234567.pth", nil), ("a-983F1562.pth", nil), ("a-983f156x.pth", nil),
      // The last part of a UUID is random, too.
      ("550e8400-e29b-41d4-a716-44665544abcd.pth", nil),
      ("a-550e8400-e29b-41d4-a716-44665544abcd.pth", nil),
      ("e29b-41d4-a716-44665544abcd.pth", "44665544abcd"),
      ("a-983f1562", nil), ("983f1562.pth", nil), ("a-.pth", nil), ("-983f1562.pth", "983f1562"),
      ("a-" + String(repeating: "a", count: 65) + ".pth", nil), ("a-983f1562.b-c.pth", nil),
      ("", nil),
    ] as [(String, String?)])
  func promises(_ name: String, _ digits: String?) {
    #expect(Verification.digestPromised(byName: name) == digits)
  }

  @Test(
    "digits of the length of another digest do not make a sound file wrong",
    arguments: [
      ("a", 31, false), ("a", 32, true), ("a", 40, true), ("a", 64, false), ("1", 9, true),
    ])
  func otherDigests(digit: String, count: Int, isIntact: Bool) throws {
    let folder = try TemporaryFolder()
    let name = "x-\(String(repeating: digit, count: count)).safetensors"
    try folder.copy("names/timm.safetensors", to: name)
    let verification = try Verification(path: folder.path(name))
    #expect(verification.isIntact == isIntact)
    #expect((verification.checks.last?.omission != nil) == isIntact)
  }
}
