public import ByteIO
public import TensorModel

/// What a `.convnext` file says of itself: the model, where it came from, and its tensors.
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

  /// A tensor's name, type and shape, where its bytes lie, and their digest.
  public struct Entry: Equatable, Sendable {
    /// Name, element type and shape.
    public var info: TensorInfo
    /// The first byte, from the start of the data section; a multiple of 64.
    public var dataOffset: Int
    /// The number of bytes.
    public var byteCount: Int
    /// The SHA-256 of the bytes.
    public var digest: SHA256Digest
    /// How the elements are to be taken where they are codes; `nil` for plain tensors.
    public var quantization: Quantization?
  }

  /// The manifest that the header's digests make up; nothing is read.
  public var manifest: Manifest {
    Manifest(tensors.map { ManifestEntry(info: $0.info, digest: $0.digest) })
  }
}

/// What a ConvNeXt is, for whoever builds the network.
public struct ModelDescription: Equatable, Sendable {
  /// Always `convnext`.
  public var family = "convnext"
  /// 1, or 2 for models with global response norms.
  public var version: Int
  /// The published size, such as `tiny`; `custom` for others.
  public var variant: String
  /// Blocks in each stage.
  public var depths: [Int]
  /// Channels of each stage.
  public var widths: [Int]
  /// Outputs of the classifier; `nil` without one.
  public var classes: Int?
  /// Height and width of the images, where the source says it.
  public var imageSize: Int?
  /// The epsilon of all norms but the last.
  public var normEpsilon: Double
  /// The epsilon of the norm before the classifier.
  public var finalNormEpsilon: Double
  /// What sets the model apart: `layer_scale`, `grn`, `conv_mlp` and so on.
  public var features: [String]
  /// Canonical names of tensors that the model has and the file has not.
  public var missingTensors: [String]

  /// Creates a description from its parts.
  public init(
    version: Int, variant: String, depths: [Int], widths: [Int], classes: Int?, imageSize: Int?,
    normEpsilon: Double = 1e-6, finalNormEpsilon: Double = 1e-6, features: [String],
    missingTensors: [String] = []
  ) {
    self.version = version
    self.variant = variant
    self.depths = depths
    self.widths = widths
    self.classes = classes
    self.imageSize = imageSize
    self.normEpsilon = normEpsilon
    self.finalNormEpsilon = finalNormEpsilon
    self.features = features
    self.missingTensors = missingTensors
  }
}

/// Where a file's weights came from.
public struct SourceDescription: Equatable, Sendable {
  /// The source file's name, without its folder.
  public var fileName: String
  /// The SHA-256 of the whole source file.
  public var sha256: SHA256Digest?
  /// The kind of file that it was: `pytorch-zip`, `safetensors`.
  public var container: String
  /// Whose names its tensors had.
  public var naming: String?
  /// The dictionary that held the weights; `nil`: the outermost one.
  public var wrapper: String?
  /// What stood before the publisher's names: `module.`.
  public var prefix: String
  /// The program that wrote the `.convnext` file, with its version.
  public var tool: String

  /// Creates a description from its parts.
  public init(
    fileName: String, sha256: SHA256Digest?, container: String, naming: String?, wrapper: String?,
    prefix: String, tool: String
  ) {
    self.fileName = fileName
    self.sha256 = sha256
    self.container = container
    self.naming = naming
    self.wrapper = wrapper
    self.prefix = prefix
    self.tool = tool
  }
}
