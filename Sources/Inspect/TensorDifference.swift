import ByteIO
public import TensorModel

/// How the elements of two tensors differ, taken in row-major order.
///
/// Complex numbers are compared part by part. Two NaNs are equal, whatever their bits. Equal
/// infinities are equal; any other pair with a number that is not finite is infinitely far apart.
public struct TensorDifference: Equatable, Sendable {
  /// How similar the tensors are.
  public private(set) var likeness: Likeness
  /// The numbers that are not equal; `nil` for packed types.
  public private(set) var differingCount: Int?
  /// The largest difference between two elements.
  public private(set) var maximumDifference: Double?
  /// The length of the vector of differences, divided by the length of the first tensor's; infinite
  /// if only the second has elements other than 0.
  public private(set) var relativeL2: Double?
  /// The same, divided by the length of the second tensor.
  public private(set) var relativeL2ToSecond: Double?
  /// The cosine of the angle between the tensors as vectors, 1 where both have the same bytes; `nil`
  /// where one of two that differ is 0.
  public private(set) var cosine: Double?
  /// The largest distance in representable numbers, if both are of the same floating-point type.
  public private(set) var maximumULPDistance: UInt64?

  /// How similar two tensors are, the most similar first.
  public enum Likeness: Hashable, Sendable {
    /// The same element type and the same bytes.
    case identical
    /// Rounded to the type with less precision, ties to even, one gives the other's bits; or to the
    /// one with the smaller range, which is F16 when paired with BF16.
    case withinRounding(of: ElementType)
    /// Anything else.
    case different
  }

  /// Compares tensors, reading each at most twice.
  ///
  /// - Precondition: They have equally many elements, as two of the same shape do.
  ///
  /// Throws what the storages throw.
  public init(_ first: Tensor, _ second: Tensor) throws {
    precondition(first.elementCount == second.elementCount, "equally many elements")
    likeness = .different
    if first.elementType == second.elementType, try Self.haveSameBytes(first, second) {
      likeness = .identical
      guard ElementDecoder(first.elementType) != nil else { return }
      differingCount = 0
      maximumDifference = 0
      relativeL2 = 0
      relativeL2ToSecond = 0
      cosine = 1
      maximumULPDistance = FloatFormat(first.elementType).map { _ in 0 }
      return
    }
    guard first.elementType.isComplex == second.elementType.isComplex,
      var firstReader = try NumberReader(first), var secondReader = try NumberReader(second)
    else { return }
    var comparison = NumberComparison(first.elementType, second.elementType)
    while firstReader.advance(), secondReader.advance() {
      comparison.add(firstReader, secondReader)
    }
    differingCount = comparison.differingCount
    maximumDifference = comparison.maximumDifference
    relativeL2 = comparison.relativeL2
    relativeL2ToSecond = comparison.relativeL2ToSecond
    cosine = comparison.cosine
    maximumULPDistance = comparison.maximumULPDistance
    if let type = comparison.roundingType { likeness = .withinRounding(of: type) }
  }

  private static func haveSameBytes(_ first: Tensor, _ second: Tensor) throws -> Bool {
    let count = NumberReader.elementsPerBlock
    var firstReader = try ElementReader(first, elementsPerBlock: count)
    var secondReader = try ElementReader(second, elementsPerBlock: count)
    while let firstBytes = firstReader.next(), let secondBytes = secondReader.next() {
      guard firstBytes.hasSameBytes(as: secondBytes) else { return false }
    }
    return true
  }
}
