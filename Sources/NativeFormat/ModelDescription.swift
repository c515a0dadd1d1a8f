/// A description of a ConvNeXt, for code that builds the network.
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
  /// Height and width of the images, if the source gives them.
  public var imageSize: Int?
  /// The epsilon of all norms but the last.
  public var normEpsilon: Double
  /// The epsilon of the norm before the classifier.
  public var finalNormEpsilon: Double
  /// What distinguishes the model: `layer_scale`, `grn`, `conv_mlp` and so on.
  public var features: [String]
  /// Canonical names of tensors that the model has and the file does not have.
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
