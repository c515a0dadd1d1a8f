public import ByteIO

/// Why a file with a key cannot be used.
public enum KeyError: CheckpointError, Equatable {
  /// There is no part with this label, or its text is not valid.
  case notPEM(label: String)
  /// The private key is encrypted.
  case encrypted
  /// The key is of another kind.
  case notEd25519
  /// The key does not sign.
  case cannotSign

  /// The key's file cannot be used.
  public var category: FailureCategory { .invalidInput }

  /// The case's name in kebab case.
  public var rule: String {
    switch self {
    case .notPEM: "key-format"
    case .encrypted: "key-encrypted"
    case .notEd25519: "key-algorithm"
    case .cannotSign: "key-signing"
    }
  }

  /// What was expected.
  public var message: String {
    switch self {
    case .notPEM(let label):
      "expected a key in PEM, between '-----BEGIN \(label)-----' and '-----END \(label)-----'"
    case .encrypted: "the private key is encrypted, which is not supported"
    case .notEd25519: "expected an Ed25519 key, found one of another kind"
    case .cannotSign: "the key cannot sign"
    }
  }

  /// How such a key is made.
  public var hint: String? {
    switch self {
    case .notPEM("PUBLIC KEY"): "'openssl pkey -in PRIVATE.pem -pubout -out PUBLIC.pem' makes it"
    case .notPEM, .notEd25519: "'openssl genpkey -algorithm ed25519 -out PRIVATE.pem' makes one"
    case .encrypted: "'openssl pkey -in KEY -out PLAIN' takes the password off; keep it safe"
    case .cannotSign: nil
    }
  }
}
