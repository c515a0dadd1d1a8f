public import ByteIO
import Crypto

/// A public Ed25519 key, which checks whether a signature was made with its private key.
public struct VerificationKey: Sendable {
  /// How a SubjectPublicKeyInfo for Ed25519 begins (RFC 8410, section 4).
  private static let prefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  private let key: Curve25519.Signing.PublicKey

  /// Reads a key as `openssl pkey -pubout` writes it: SubjectPublicKeyInfo in PEM.
  ///
  /// Throws `KeyError` for anything else.
  public init(pem: ByteRegion) throws(KeyError) {
    let bytes = try PEM.decode(pem, label: "PUBLIC KEY")
    guard bytes.count == Self.prefix.count + 32, bytes.starts(with: Self.prefix),
      let key = try? Curve25519.Signing.PublicKey(
        rawRepresentation: bytes[Self.prefix.count...])
    else { throw .notEd25519 }
    self.key = key
  }

  /// Whether `signature` is a valid signature, of 64 bytes, for this message.
  public func accepts(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    signature.count == SignedMessage.signatureByteCount
      && key.isValidSignature(signature, for: message)
  }
}
