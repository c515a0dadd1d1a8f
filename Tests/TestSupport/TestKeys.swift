/// Keys and a signature that OpenSSL 3 made; they protect nothing.
public enum TestKeys {
  /// `openssl genpkey -algorithm ed25519`
  public static let privateKey = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIFpyySXXv0LZ8muoZc153pyNQZ0lRISf+Y9RDw3yIZOk
    -----END PRIVATE KEY-----

    """

  /// `openssl pkey -in PRIVATE -pubout`
  public static let publicKey = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAmn58uXilO+VytsV6LEucHuEaS/CT0QdsWuellmcNcuk=
    -----END PUBLIC KEY-----

    """

  /// The public key of somebody else.
  public static let otherPublicKey = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEA/0Qxrcp8pCVTs5vpADXJLTlc/RCeEUikMmoS1Zzuk5U=
    -----END PUBLIC KEY-----

    """

  /// What the key signs for `fixtures/safetensors/by-hand.safetensors`:
  ///
  ///     printf 'convnext-kit signature 1\nfile-sha256 %s\n' $(sha256sum FILE | cut -c1-64) > m
  ///     openssl pkeyutl -sign -inkey PRIVATE -rawin -in m | xxd -p
  public static let signature =
    "5b9948c493f70c36ca7b96c0a32bbc134269c7508ac2b5454e9cbdd06c42a396"
    + "ef42f8916c88f3c9e8f185d35fa10e0ebd28d08bc2ec4c2010ea0c6ed8486c0a"
}
