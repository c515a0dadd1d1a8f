public import ByteIO

/// The bytes that a signature of a file covers: two lines of ASCII text, so that other programs can
/// make and check signatures too.
///
/// The first line says what kind of message this is, so that no signature can be mistaken for one
/// of something else. The second holds the digest that covers the file, in hexadecimal digits.
public enum SignedMessage {
  /// The size of a signature.
  public static let signatureByteCount = 64

  private static let opening = "convnext-kit signature 1\n"

  /// For a `.convnext` file: the digest of its header, which holds the digest of each tensor.
  public static func bytes(headerDigest: SHA256Digest) -> [UInt8] {
    Array("\(opening)convnext-header-sha256 \(headerDigest.hex)\n".utf8)
  }

  /// For any other file: the digest of the whole file.
  public static func bytes(fileDigest: SHA256Digest) -> [UInt8] {
    Array("\(opening)file-sha256 \(fileDigest.hex)\n".utf8)
  }
}
