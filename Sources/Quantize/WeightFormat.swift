public import TensorModel

/// How a tensor is stored.
public enum WeightFormat: String, CaseIterable, Sendable {
  /// Codes from -127 to 127, a scale for each output channel.
  case int8
  /// Codes from -127 to 127, a scale for every 32 weights.
  case int8Block32 = "int8-block32"
  /// Codes from -7 to 7, two per byte, a scale for every 32 weights.
  case int4Block32 = "int4-block32"
  case float16
  case bfloat16
  case float32
  /// The element type that the tensor already has.
  case keep

  /// The scheme of its codes; `nil` if there are none.
  public var scheme: QuantizationScheme? {
    switch self {
    case .int8: .int8Channel
    case .int8Block32: .int8Block32
    case .int4Block32: .int4Block32
    case .float16, .bfloat16, .float32, .keep: nil
    }
  }

  /// The floating-point type that elements are rounded to; `nil` for codes, and if they stay as is.
  public var floatType: ElementType? {
    switch self {
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .int8, .int8Block32, .int4Block32, .keep: nil
    }
  }

  /// Whether it can be applied to a tensor of a shape.
  func applies(toShape shape: [Int]) -> Bool {
    scheme.map { $0.scaleShape(ofShape: shape) != nil } ?? true
  }
}
