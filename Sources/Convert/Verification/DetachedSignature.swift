import ByteIO
import NativeFormat
public import Signing

/// A signature of a file, stored in a separate file: the 64 bytes of Ed25519 over `SignedMessage`.
public struct DetachedSignature: Sendable {
  /// What a signature is checked against.
  public struct Check: Sendable {
    /// The publisher's key.
    public let key: VerificationKey
    /// Where the signature is; `nil` if it is next to the file.
    public let path: String?

    /// Creates a check.
    public init(key: VerificationKey, path: String? = nil) {
      self.key = key
      self.path = path
    }
  }

  /// The 64 bytes.
  public let bytes: [UInt8]

  /// Signs a file after verifying it.
  ///
  /// Reads the whole file. Throws `VerificationError.notIntact` if verification finds something
  /// wrong, and errors of the key and of reading.
  public init(of path: String, key: SigningKey, options: Checkpoint.Options = .init()) throws {
    let checkpoint = try Checkpoint(path: path, options: options)
    guard checkpoint.folder == nil, let file = checkpoint.files.first,
      checkpoint.files.count == 1, file.path == path
    else { throw VerificationError.signatureOfSeveralFiles }
    // What is signed is what was verified, whatever happens to the path in between.
    guard try Verification(of: checkpoint).isIntact else { throw VerificationError.notIntact }
    bytes = try key.signature(for: Self.message(for: file.region, limits: options.limits))
  }

  /// Where the signature of a file is: `tiny.convnext.sig` next to `tiny.convnext`.
  public static func path(for file: String) -> String { file + ".sig" }

  /// What a signature of a file covers.
  ///
  /// Reads the whole file, unless it is a `.convnext` file. Throws `NativeError` if the header of a
  /// `.convnext` file is damaged.
  static func message(for region: ByteRegion, limits: Limits) throws -> [UInt8] {
    NativeFile.looksLike(region)
      ? SignedMessage.bytes(headerDigest: try NativeFile(region, limits: limits).headerDigest)
      : SignedMessage.bytes(fileDigest: SHA256Digest(of: region))
  }

  /// What is wrong with the signature of a file; `nil` if the key made it.
  static func problem(
    of region: ByteRegion, path: String, _ check: Check, limits: Limits
  ) throws -> VerificationError? {
    let signaturePath = check.path ?? Self.path(for: path)
    guard FileSystem.kind(of: signaturePath) != nil else {
      return .signatureMissing(path: signaturePath)
    }
    let signature = try FileMapping(path: signaturePath).region
    guard signature.byteCount == SignedMessage.signatureByteCount else {
      return .signatureMismatch(path: signaturePath)
    }
    let message: [UInt8]
    do {
      message = try Self.message(for: region, limits: limits)
    } catch let error as NativeError where error.category == .invalidInput {
      // The check of the file's structure says what is damaged.
      return .signatureMismatch(path: signaturePath)
    }
    return check.key.accepts(signature.array, for: message)
      ? nil : .signatureMismatch(path: signaturePath)
  }
}
