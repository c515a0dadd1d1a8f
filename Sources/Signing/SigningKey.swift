public import ByteIO
import Crypto

/// A private Ed25519 key, which signs.
public struct SigningKey: Sendable {
  /// How an Ed25519 key in PKCS#8 (RFC 8410, section 7) begins after its length and version: the
  /// algorithm, and the starts of two nested octet strings around 32 bytes.
  private static let algorithmAndLength: [UInt8] = [
    0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let keyOffset = 5 + algorithmAndLength.count

  private let key: Curve25519.Signing.PrivateKey

  /// Reads a key as `openssl genpkey -algorithm ed25519` writes it: PKCS#8 in PEM, not encrypted.
  ///
  /// Throws `KeyError` for anything else.
  public init(pem: ByteRegion) throws(KeyError) {
    let bytes = try PEM.decode(pem, label: "PRIVATE KEY")
    // A sequence of the version (0, or 1 if the public key follows), the algorithm and the key.
    guard bytes.count >= Self.keyOffset + 32, bytes.count < 0x82,
      bytes[0] == 0x30, Int(bytes[1]) == bytes.count - 2,
      bytes[2...3].elementsEqual([0x02, 0x01]), bytes[4] <= 1,
      bytes[5..<Self.keyOffset].elementsEqual(Self.algorithmAndLength),
      bytes[4] == 1 || bytes.count == Self.keyOffset + 32,
      let key = try? Curve25519.Signing.PrivateKey(
        rawRepresentation: bytes[Self.keyOffset..<Self.keyOffset + 32])
    else { throw .notEd25519 }
    self.key = key
  }

  /// The 64 bytes that sign a message.
  ///
  /// Throws `KeyError.cannotSign` where the cryptography library fails.
  public func signature(for message: [UInt8]) throws(KeyError) -> [UInt8] {
    do {
      return [UInt8](try key.signature(for: message))
    } catch { throw .cannotSign }
  }
}
