public import ByteIO

extension Verification {
  /// What is known about a whole file beforehand.
  public struct Expectation: Sendable {
    /// Its SHA-256; `nil` if that is not known.
    public var digest: SHA256Digest?
    /// Its size; `nil` if that is not known.
    public var byteCount: Int?
    /// Who says so.
    public var origin: Origin

    /// Who says what a file must be.
    public enum Origin: Sendable {
      /// Whoever asks.
      case caller
      /// A pointer of git-lfs.
      case pointer
      /// A list of checksums, in this line: `line 3 of 'SHA256SUMS'`. A file of another kind then has
      /// no structure to check, and nothing of its content is shown.
      case list(line: String)
    }

    /// Creates an expectation; nothing is known if nothing is given.
    public init(
      digest: SHA256Digest? = nil, byteCount: Int? = nil, origin: Origin = .caller
    ) {
      self.digest = digest
      self.byteCount = byteCount
      self.origin = origin
    }

    /// Whether the file may be of any kind.
    var mayBeAnyFile: Bool { if case .list = origin { true } else { false } }

    /// Who says so, to follow a figure.
    var source: String {
      switch origin {
      case .caller: "as given"
      case .pointer: "as in the pointer"
      case .list(let line): "as in \(line)"
      }
    }
  }
}
