import TensorModel

/// Whether the numbers of one tensor, rounded to the element type of another, equal the other's.
struct RoundingCheck {
  /// The type that numbers are rounded to.
  let type: ElementType
  /// Whether all numbers so far are equal after rounding.
  private(set) var holds = true

  /// Whether the first tensor has the type.
  private let isLeft: Bool
  /// The type's format; `nil` if nothing is rounded, and numbers have to be equal.
  private let format: FloatFormat?
  /// Whether one of the types is an integer type, whose one 0 equals both floating-point zeros.
  private let hasIntegers: Bool

  init(to type: ElementType, format: FloatFormat?, isLeft: Bool, hasIntegers: Bool) {
    self.type = type
    self.format = format
    self.isLeft = isLeft
    self.hasIntegers = hasIntegers
  }

  /// Compares two numbers, which are at an index of both tensors' bytes.
  ///
  /// - Parameter isInexact: Whether the numbers may represent several integers.
  mutating func add(
    _ left: Double, _ right: Double, at index: Int, of leftBytes: RawSpan, _ rightBytes: RawSpan,
    isInexact: Bool
  ) {
    guard holds else { return }
    let number = isLeft ? right : left
    if left.isNaN || right.isNaN {
      holds = left.isNaN && right.isNaN
    } else if let format, let rounded = format.bits(rounding: number) {
      let found = (isLeft ? leftBytes : rightBytes).pattern(at: index, of: format)
      // Programs round 64 bits to 16 by way of 32, including torch and this one's `quantize`.
      holds =
        rounded == found || hasIntegers && left == 0 && right == 0
        || format.bits(rounding: Double(Float(number))) == found
    } else {
      holds = left == right && !isInexact
    }
  }
}
