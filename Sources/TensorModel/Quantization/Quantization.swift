/// How a tensor of codes is to be interpreted: what a file says about it besides its bytes.
public struct Quantization: Equatable, Sendable {
  /// What the codes mean.
  public let scheme: QuantizationScheme
  /// The name of the tensor with the scales, in the same file.
  public let scaleName: TensorName
  /// The element type that the weights had, and that dequantizing restores: F64, F32, F16 or BF16.
  public let sourceType: ElementType

  /// The element types that weights can have had.
  public static let sourceTypes: [ElementType] = [.float64, .float32, .float16, .bfloat16]

  /// Creates a quantization from its parts; `sourceType` must be one of `sourceTypes`.
  public init(scheme: QuantizationScheme, scaleName: TensorName, sourceType: ElementType) {
    precondition(Self.sourceTypes.contains(sourceType), "weights are floating-point numbers")
    self.scheme = scheme
    self.scaleName = scaleName
    self.sourceType = sourceType
  }

  /// What a file says, as it is written.
  public struct Declaration: Equatable, Sendable {
    /// The scheme's name.
    public var scheme: String
    /// The dimension that counts output channels.
    public var axis: Int
    /// The number of weights in a block; `nil` if a scale is for a whole channel.
    public var blockSize: Int?
    /// The name of the tensor with the scales.
    public var scale: String
    /// The name of the element type that the weights had.
    public var sourceType: String

    /// Creates a declaration from its parts.
    public init(scheme: String, axis: Int, blockSize: Int?, scale: String, sourceType: String) {
      self.scheme = scheme
      self.axis = axis
      self.blockSize = blockSize
      self.scale = scale
      self.sourceType = sourceType
    }
  }

  /// Checks what a file says about a tensor.
  ///
  /// Throws `QuantizationError` for what this program does not know, and for a block size that is
  /// not the scheme's.
  public init(_ declaration: Declaration, of weight: TensorName) throws(QuantizationError) {
    let name = weight.string
    guard let scheme = QuantizationScheme(rawValue: declaration.scheme) else {
      throw .unknownScheme(weight: name, found: declaration.scheme)
    }
    guard declaration.axis == QuantizationScheme.axis else {
      throw .unsupportedAxis(weight: name, found: declaration.axis)
    }
    guard declaration.blockSize == scheme.blockSize else {
      throw .wrongBlockSize(
        weight: name, scheme: scheme, found: declaration.blockSize)
    }
    guard let sourceType = ElementType(rawValue: declaration.sourceType),
      Self.sourceTypes.contains(sourceType)
    else { throw .unknownSourceType(weight: name, found: declaration.sourceType) }
    self.scheme = scheme
    scaleName = TensorName(declaration.scale)
    self.sourceType = sourceType
  }

  /// What a file says.
  public var declaration: Declaration {
    Declaration(
      scheme: scheme.rawValue, axis: QuantizationScheme.axis, blockSize: scheme.blockSize,
      scale: scaleName.string, sourceType: sourceType.name)
  }

  /// The name that this program gives to the scales of a weight: `NAME_scale`.
  public static func scaleName(of weight: TensorName) -> TensorName {
    TensorName(weight.string + "_scale")
  }
}
