import ByteIO
import Signing
import TestSupport
import Testing

@Suite("Keys")
struct SigningKeyTests {
  private func region(_ text: String) -> ByteRegion { ByteRegion(copying: text.utf8) }

  private func failure(_ body: () throws(KeyError) -> Void) -> KeyError? {
    do {
      try body()
      return nil
    } catch { return error }
  }

  private func privateFailure(_ text: String) -> KeyError? {
    failure { () throws(KeyError) in _ = try SigningKey(pem: region(text)) }
  }

  private func publicFailure(_ text: String) -> KeyError? {
    failure { () throws(KeyError) in _ = try VerificationKey(pem: region(text)) }
  }

  @Test("a signature is what OpenSSL makes of the same message and key")
  func signature() throws {
    let file = try Fixtures.bytes("safetensors/by-hand.safetensors")
    let message = SignedMessage.bytes(fileDigest: SHA256Digest(of: file))
    let signer = try SigningKey(pem: region(TestKeys.privateKey))
    let verifier = try VerificationKey(pem: region(TestKeys.publicKey))
    let signature = try signer.signature(for: message)
    #if !canImport(Darwin)
      // Apple's library makes another valid signature each time.
      #expect(lowercaseHex(signature) == TestKeys.signature)
    #endif
    #expect(verifier.accepts(signature, for: message))
    let made = stride(from: 0, to: 128, by: 2).compactMap { offset in
      UInt8(TestKeys.signature.dropFirst(offset).prefix(2), radix: 16)
    }
    #expect(verifier.accepts(made, for: message))
    for index in made.indices {
      var changed = made
      changed[index] ^= 1
      #expect(!verifier.accepts(changed, for: message))
    }
    #expect(!verifier.accepts(made.dropLast(), for: message))
    #expect(!verifier.accepts([], for: message))
    #expect(!verifier.accepts(made, for: message + [10]))
    let other = try VerificationKey(pem: region(TestKeys.otherPublicKey))
    #expect(!other.accepts(made, for: message))
  }

  @Test("what is signed says what it is, so that a header's digest is not taken for a file's")
  func messages() throws {
    let digest = SHA256Digest(of: "x")
    let header = SignedMessage.bytes(headerDigest: digest)
    #expect(
      String(decoding: header, as: UTF8.self)
        == "convnext-kit signature 1\nconvnext-header-sha256 \(digest.hex)\n")
    #expect(
      String(decoding: SignedMessage.bytes(fileDigest: digest), as: UTF8.self)
        == "convnext-kit signature 1\nfile-sha256 \(digest.hex)\n")
  }

  @Test("line ends, spaces and text around a key do not matter")
  func tolerance() {
    let key = TestKeys.privateKey
    #expect(privateFailure(key.replacing("\n", with: "\r\n")) == nil)
    #expect(privateFailure("my key\n" + key + "the end") == nil)
    #expect(privateFailure(key.replacing("\n", with: " \n")) == nil)
    // The form with the public key behind the private one (RFC 5958, version 2).
    let second = """
      -----BEGIN PRIVATE KEY-----
      MFECAQEwBQYDK2VwBCIEIFpyySXXv0LZ8muoZc153pyNQZ0lRISf+Y9RDw3yIZOkgSEA
      mn58uXilO+VytsV6LEucHuEaS/CT0QdsWuellmcNcuk=
      -----END PRIVATE KEY-----
      """
    #expect(privateFailure(second) == nil)
  }

  @Test("files that hold no such key are refused for what they are")
  func refusals() {
    #expect(privateFailure("") == .notPEM(label: "PRIVATE KEY"))
    #expect(privateFailure(TestKeys.publicKey) == .notPEM(label: "PRIVATE KEY"))
    #expect(publicFailure(TestKeys.privateKey) == .notPEM(label: "PUBLIC KEY"))
    #expect(
      privateFailure(TestKeys.privateKey.replacing("PRIVATE", with: "ENCRYPTED PRIVATE"))
        == .encrypted)
    // The same key named as one of X25519, which cannot sign.
    #expect(privateFailure(TestKeys.privateKey.replacing("K2Vw", with: "K2Vu")) == .notEd25519)
    #expect(publicFailure(TestKeys.publicKey.replacing("K2Vw", with: "K2Vu")) == .notEd25519)
    for (from, to) in [("=", ""), ("MCow", "MC*w"), ("uk=", "ul="), ("-----END", "-----FIN")] {
      #expect(
        publicFailure(TestKeys.publicKey.replacing(from, with: to)) == .notPEM(label: "PUBLIC KEY"),
        "\(from)")
    }
    #expect(publicFailure(String(repeating: "-", count: 1 << 17)) != nil)
    let errors: [KeyError] = [
      .notPEM(label: "PUBLIC KEY"), .notPEM(label: "PRIVATE KEY"), .encrypted, .notEd25519,
      .cannotSign,
    ]
    for error in errors {
      #expect(error.category == .invalidInput && !error.rule.isEmpty && !error.message.isEmpty)
    }
  }

  @Test("a key cut off anywhere is refused")
  func truncation() {
    let text = Array(TestKeys.publicKey.utf8)
    // Only the line feed behind the last line can be missing.
    for count in 0..<(text.count - 1) {
      #expect(publicFailure(String(decoding: text[..<count], as: UTF8.self)) != nil, "\(count)")
    }
  }
}
