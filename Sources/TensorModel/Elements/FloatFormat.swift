/// How the bits of a real floating-point type are divided, and what its special patterns mean.
///
/// From the highest bit down: a sign, the exponent, the fraction.
public struct FloatFormat: Equatable, Sendable {
  /// Bits of the exponent.
  public let exponentWidth: Int
  /// Bits of the fraction, without the leading one that is not stored.
  public let fractionWidth: Int
  /// What is subtracted from the stored exponent.
  public let exponentBias: Int
  /// Which patterns are not plain numbers.
  public let specials: Specials

  /// Which patterns are not plain numbers.
  public enum Specials: Sendable {
    /// All exponent bits set: infinity, or NaN if a fraction bit is set too.
    case infinityAndNaN
    /// All bits but the sign set: NaN. There are no infinities.
    case largestIsNaN
    /// The pattern of minus zero is the only NaN. There are no infinities.
    case minusZeroIsNaN
    /// No sign and no fraction: powers of two; all bits set: NaN.
    case powersOfTwo
  }

  /// The format of each real floating-point type whose elements fill bytes.
  ///
  /// IEEE 754 for F64, F32 and F16; the Open Compute Project's specifications of 8-bit floating
  /// point and of microscaling formats for E4M3, E5M2 and E8M0; PyTorch's documentation for FNUZ.
  private static let table: [ElementType: FloatFormat] = [
    .float64: FloatFormat(11, 52, 1023, .infinityAndNaN),
    .float32: FloatFormat(8, 23, 127, .infinityAndNaN),
    .float16: FloatFormat(5, 10, 15, .infinityAndNaN),
    .bfloat16: FloatFormat(8, 7, 127, .infinityAndNaN),
    .float8E4M3: FloatFormat(4, 3, 7, .largestIsNaN),
    .float8E5M2: FloatFormat(5, 2, 15, .infinityAndNaN),
    .float8E4M3FNUZ: FloatFormat(4, 3, 8, .minusZeroIsNaN),
    .float8E5M2FNUZ: FloatFormat(5, 2, 16, .minusZeroIsNaN),
    .float8E8M0: FloatFormat(8, 0, 127, .powersOfTwo),
  ]

  /// The format of a type's elements; `nil` for integers, truth values, complex and packed types.
  public init?(_ elementType: ElementType) {
    guard let format = Self.table[elementType] else { return nil }
    self = format
  }

  private init(
    _ exponentWidth: Int, _ fractionWidth: Int, _ exponentBias: Int, _ specials: Specials
  ) {
    self.exponentWidth = exponentWidth
    self.fractionWidth = fractionWidth
    self.exponentBias = exponentBias
    self.specials = specials
  }

  /// Bytes of a number.
  public var byteWidth: Int {
    (exponentWidth + fractionWidth + (specials == .powersOfTwo ? 0 : 1)) / 8
  }

  /// The bits without the sign, all set.
  var magnitudeMask: UInt64 { (1 << UInt64(exponentWidth + fractionWidth)) - 1 }
  /// The sign's bit; 0 if numbers have none.
  var signMask: UInt64 { specials == .powersOfTwo ? 0 : magnitudeMask + 1 }
  /// The bits of the fraction, all set.
  private var fractionMask: UInt64 { (1 << UInt64(fractionWidth)) - 1 }
  /// The stored exponent with all bits set.
  private var highestExponent: Int { (1 << exponentWidth) - 1 }

  /// The smallest magnitude with a full significand; anything smaller, except 0, is subnormal.
  public var leastNormalMagnitude: Double {
    let exponent = (specials == .powersOfTwo ? 0 : 1) - exponentBias
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// The number that a pattern represents, exactly.
  ///
  /// Every number of every format is a `Double`. NaNs lose their sign and payload.
  public func value(bits: UInt64) -> Double {
    if isNaN(bits) { return .nan }
    let isNegative = bits & signMask != 0
    let exponent = Int(bits >> UInt64(fractionWidth)) & highestExponent
    let fraction = bits & fractionMask
    let magnitude: Double
    if specials == .infinityAndNaN && exponent == highestExponent {
      magnitude = .infinity
    } else if exponent == 0 && specials != .powersOfTwo {
      magnitude = scaled(fraction, exponent: 1)
    } else {
      magnitude = scaled(fraction | (fractionMask + 1), exponent: exponent)
    }
    return isNegative ? -magnitude : magnitude
  }

  /// Whether a pattern is not a number.
  public func isNaN(_ bits: UInt64) -> Bool {
    let magnitude = bits & magnitudeMask
    return switch specials {
    case .infinityAndNaN: magnitude > UInt64(highestExponent) << UInt64(fractionWidth)
    case .largestIsNaN, .powersOfTwo: magnitude == magnitudeMask
    case .minusZeroIsNaN: bits & (signMask | magnitudeMask) == signMask
    }
  }

  /// A significand with the weight that a stored exponent gives it.
  private func scaled(_ significand: UInt64, exponent: Int) -> Double {
    Double(
      sign: .plus, exponent: exponent - exponentBias - fractionWidth,
      significand: Double(significand))
  }
}
