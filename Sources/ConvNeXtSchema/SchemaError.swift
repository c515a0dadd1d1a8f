/// Why a file's tensors are not the ConvNeXt that they should be.
public enum SchemaError: Error, Equatable, Sendable {
  /// No depthwise convolution under any known name.
  case noModel(
    tensorCount: Int, misplaced: MisplacedBlock? = nil, replaced: ReplacedWeights? = nil)
  /// A model as Meta's code pretrains it (FCMAE), with the kernels of sparse convolutions.
  case sparseModel
  /// There is no model at the place that was asked for.
  case noModelAtKey(String, available: [String])
  /// Tensors are missing, extra, or of the wrong shape.
  case doesNotFit(model: String, problems: [MatchProblem])
  /// Nothing would be written.
  case noTensors
  /// The publisher has no name for a part of this model.
  case notExpressible(naming: Naming, canonicalName: String)
  /// The publisher's models cannot be built this way, though the names would fit.
  case featureNotExpressible(naming: Naming, feature: String)
  /// The publisher's models all have a feature that this one does not have.
  case featureMissing(naming: Naming, feature: String)
  /// The publisher's models all have another value for some number.
  case numberNotExpressible(naming: Naming, name: String, expected: Int, found: Int)
  /// A norm after the last stage, alone, has the name of the final norm.
  case ambiguousNorm(naming: Naming)
  /// The name of a configuration is not known.
  case unknownConfiguration(String, nearest: String?)
  /// A description that was made up has a number with which costs cannot be counted.
  case impossibleNumber(name: String, value: Int)
  /// A layer takes more multiply-adds than can be counted.
  case tooLarge(layer: String)
  /// An image is too small for the model's strides.
  case imageTooSmall(imageSize: Int, minimum: Int)
}
