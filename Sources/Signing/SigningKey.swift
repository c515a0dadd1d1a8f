public import ByteIO
import Crypto

/// A private Ed25519 key, which signs.
public struct SigningKey: Sendable {
  /// What begins a PKCS#8 key of Ed25519 (RFC 8410, section 7), but for its length and version: the
  /// algorithm, and 32 bytes in two octet strings.
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
    // A sequence of the version, which is 0, or 1 where the public key follows; the algorithm; and
    // the key.
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
  /// Throws `KeyError.cannotSign` where the library of cryptography fails.
  public func signature(for message: [UInt8]) throws(KeyError) -> [UInt8] {
    do {
      return [UInt8](try key.signature(for: message))
    } catch { throw .cannotSign }
  }
}
