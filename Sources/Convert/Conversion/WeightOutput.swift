import ConvNeXtSchema
import Quantize
import TensorModel

/// What is written in place of a tensor.
enum WeightOutput: Sendable {
  case plain(Tensor, WeightFormat = .keep)
  case quantized(QuantizedTensor)
  /// Codes and scales that are computed when they are written.
  case codes(WeightCodes, WeightFormat)
  /// Numbers that are rounded when they are written.
  case rounded(RoundedWeights, WeightFormat)

  /// The tensor, or its codes.
  var tensor: Tensor {
    switch self {
    case .plain(let tensor, _): tensor
    case .quantized(let tensor): tensor.codes
    case .codes(let codes, _): codes.quantized.codes
    case .rounded(let weights, _): weights.rounded
    }
  }

  /// Codes with their scales; `nil` if there are none.
  var quantized: QuantizedTensor? {
    switch self {
    case .plain, .rounded: nil
    case .quantized(let tensor): tensor
    case .codes(let codes, _): codes.quantized
    }
  }

  /// The format that it is written in.
  var format: WeightFormat {
    switch self {
    case .quantized: .keep
    case .plain(_, let format), .codes(_, let format), .rounded(_, let format): format
    }
  }

  /// Whether the loss of quality is known.
  var isMeasured: Bool {
    switch self {
    case .plain, .quantized: true
    case .codes(let codes, _): codes.isMeasured
    case .rounded(let weights, _): weights.isMeasured
    }
  }

  /// The loss of quality; `nil` if nothing was done. Reads the tensor if it has not been read yet.
  func quality() throws -> TensorQuality? {
    switch self {
    case .plain, .quantized: nil
    case .codes(let codes, _): try codes.quality()
    case .rounded(let weights, _): try weights.quality()
    }
  }
}

extension WeightOutput {
  /// What a treatment makes of a tensor.
  ///
  /// - Parameters:
  ///   - source: The tensor, or its codes, under its new name and in its new shape.
  ///   - quantized: The same with its scales, if it is quantized in the source.
  ///   - parameter: The parameter that it is.
  init(
    _ source: Tensor, _ quantized: QuantizedTensor?, for parameter: Parameter,
    _ treatment: WeightTreatment
  ) throws {
    switch (treatment, quantized) {
    case (.keep, nil), (.dequantize, nil): self = .plain(source)
    case (.keep, let quantized?): self = .quantized(quantized)
    case (.dequantize, let quantized?): self = .plain(try quantized.dequantized)
    case (.quantize, _?): throw QuantizeError.alreadyQuantized(tensor: parameter.name)
    case (.quantize(let request), nil):
      try self.init(quantizing: source, for: parameter, request)
    }
  }

  private init(
    quantizing source: Tensor, for parameter: Parameter, _ request: QuantizationRequest
  ) throws {
    var format = try request.recipe.format(of: parameter)
    if let scheme = format.scheme {
      // The codes of a model are the same in every naming.
      let scaleShapes = [source.shape, parameter.shape].map {
        scheme.scaleShape(ofShape: $0).map(withoutUnitDimensions)
      }
      guard scaleShapes[0] == scaleShapes[1] else {
        throw QuantizeError.otherRows(tensor: source.name.string, shape: source.shape)
      }
      self = .codes(try WeightCodes(source, scheme: scheme, name: parameter.name), format)
      return
    }
    if request.overflow == .keepFloat32, let type = format.floatType, type != .float32,
      type != source.elementType,
      try RoundedWeights.overflows(source, floatType: type, name: parameter.name)
    {
      format = .float32
    }
    guard let type = format.floatType, type != source.elementType else {
      self = .plain(source, format)
      return
    }
    self = .rounded(
      try RoundedWeights(source, to: type, overflow: request.overflow, name: parameter.name),
      format)
  }
}

extension QuantizedTensor {
  /// Codes with their scales under the name, and in the shape, that a naming gives them.
  func named(_ name: TensorName, shape: [Int]) throws(QuantizeError) -> QuantizedTensor {
    do {
      return try renamed(name, shape: shape)
    } catch {
      throw .otherRows(tensor: name.string, shape: shape)
    }
  }
}
