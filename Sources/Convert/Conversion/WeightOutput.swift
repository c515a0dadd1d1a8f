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
