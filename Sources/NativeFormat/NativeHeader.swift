public import ByteIO
public import TensorModel

/// What a `.convnext` file says about itself: the model, where it came from, and its tensors.
public struct NativeHeader: Equatable, Sendable {
  /// What the model is.
  public var model: ModelDescription
  /// Where the weights came from.
  public var source: SourceDescription
  /// How images are prepared, in the source's own words; `nil` where the source does not say.
  public var preprocessing: JSONValue?
  /// The classes' names in the order of the classifier's outputs; `nil` where unknown.
  public var labels: [String]?
  /// The tensors in the order of their bytes.
  public var tensors: [Entry]

  /// Creates a header from its parts.
  public init(
    model: ModelDescription, source: SourceDescription, preprocessing: JSONValue? = nil,
    labels: [String]? = nil, tensors: [Entry] = []
  ) {
    self.model = model
    self.source = source
    self.preprocessing = preprocessing
    self.labels = labels
    self.tensors = tensors
  }

  /// A tensor's name, type and shape, where its bytes are, and their digest.
  public struct Entry: Equatable, Sendable {
    /// Name, element type and shape.
    public var info: TensorInfo
    /// The first byte, from the start of the data section; a multiple of 64.
    public var dataOffset: Int
    /// The number of bytes.
    public var byteCount: Int
    /// The SHA-256 of the bytes.
    public var digest: SHA256Digest
    /// What the elements mean if they are codes; `nil` for plain tensors.
    public var quantization: Quantization?
  }

  /// The manifest of the digests in the header; no tensor is read.
  public var manifest: Manifest {
    Manifest(tensors.map { ManifestEntry(info: $0.info, digest: $0.digest) })
  }
}
