/// A way to store weights as whole numbers, the codes, and scales that several of them share.
///
/// A weight is its code times its scale. A *group* is a run of weights, in row-major order, that
/// share a scale: all weights of one output channel, or a block of them.
public enum QuantizationScheme: String, CaseIterable, Sendable {
  /// Codes from -127 to 127, a scale for each output channel.
  case int8Channel = "int8-channel"
  /// Codes from -127 to 127, a scale for every 32 weights of an output channel.
  case int8Block32 = "int8-block32"
  /// Codes from -7 to 7, a scale for every 32 weights of an output channel.
  case int4Block32 = "int4-block32"

  /// The element type of the codes.
  public var codeType: ElementType {
    switch self {
    case .int8Channel, .int8Block32: .int8
    case .int4Block32: .int4
    }
  }

  /// The largest code; the smallest is its negative.
  public var largestCode: Int {
    switch self {
    case .int8Channel, .int8Block32: 127
    case .int4Block32: 7
    }
  }

  /// The number of weights in a block; `nil` if a scale is for a whole channel.
  public var blockSize: Int? {
    switch self {
    case .int8Channel: nil
    case .int8Block32, .int4Block32: 32
    }
  }

  /// The dimension that counts output channels, the rows.
  public static let axis = 0

  /// The number of weights that share a scale, in a tensor with a given shape; `nil` if the scheme
  /// does not apply: there is no dimension to count rows, or a row is not a whole number of blocks.
  public func groupLength(ofShape shape: [Int]) -> Int? {
    guard let rowLength = Self.rowLength(ofShape: shape) else { return nil }
    guard let blockSize else { return rowLength }
    return rowLength % blockSize == 0 ? blockSize : nil
  }

  /// The number of weights in an output channel: the product of the dimensions after the first.
  /// `nil` for scalars, and if it overflows.
  public static func rowLength(ofShape shape: [Int]) -> Int? {
    shape.isEmpty ? nil : elementCount(of: Array(shape.dropFirst()))
  }

  /// The shape of the scales: `[O, 1, ...]` with as many dimensions as the weights have, or `[O,
  /// blocks]`. `nil` if the scheme does not apply.
  public func scaleShape(ofShape shape: [Int]) -> [Int]? {
    guard groupLength(ofShape: shape) != nil, let rowLength = Self.rowLength(ofShape: shape) else {
      return nil
    }
    guard let blockSize else { return [shape[0]] + shape.dropFirst().map { _ in 1 } }
    return [shape[0], rowLength / blockSize]
  }
}
