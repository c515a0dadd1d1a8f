import ByteIO
public import TensorModel

/// Statistics of a tensor's elements.
///
/// Minimum, maximum, mean, standard deviation and histogram cover the finite elements; NaNs and
/// infinities are counted.
public struct TensorStatistics: Equatable, Sendable {
  /// The smallest finite element, or `nil` if there is none.
  public private(set) var minimum: Double?
  /// The largest finite element.
  public private(set) var maximum: Double?
  /// The mean of the finite elements.
  public private(set) var mean: Double?
  /// The standard deviation of the population of finite elements.
  public private(set) var standardDeviation: Double?
  /// Elements equal to zero, of either sign.
  public private(set) var zeroCount = 0
  /// Elements that are smaller than the type's smallest normal number, and not zero.
  public private(set) var subnormalCount = 0
  /// Elements that are not a number.
  public private(set) var nanCount = 0
  /// Elements that are infinite, of either sign.
  public private(set) var infinityCount = 0
  /// Finite elements in each of 16 intervals of equal width from minimum to maximum, as
  /// `numpy.histogram` counts them; empty if there are no finite elements.
  public private(set) var histogram: [Int] = []

  /// Goes over a tensor's elements, twice; `nil` for complex and packed types.
  ///
  /// Memory does not grow with the tensor. Throws what the storage throws.
  public init?(of tensor: Tensor) throws {
    if tensor.elementType.isComplex { return nil }
    let leastNormal =
      FloatFormat(tensor.elementType)?.leastNormalMagnitude ?? .leastNonzeroMagnitude
    if tensor.elementType.isExactInFloat {
      try self.init(ofFloats: tensor, leastNormal: leastNormal)
    } else {
      try self.init(ofNumbers: tensor, leastNormal: leastNormal)
    }
  }

  private init?(ofNumbers tensor: Tensor, leastNormal: Double) throws {
    guard var reader = try NumberReader(tensor) else { return nil }
    var survey = Survey(leastNormal: leastNormal)
    while reader.advance() { survey.add(reader.numbers) }
    zeroCount = survey.zeroCount
    subnormalCount = survey.subnormalCount
    nanCount = survey.nanCount
    infinityCount = survey.infinityCount

    let finiteCount = tensor.elementCount - nanCount - infinityCount
    guard finiteCount > 0, var reader = try NumberReader(tensor) else { return }
    // Squares of F64 numbers can overflow where the numbers do not, so the numbers are first scaled
    // to at most 2 in magnitude by a power of two, which loses nothing.
    let exponent = ScaledSum.exponent(of: max(-survey.minimum, survey.maximum))
    let scale = ScaledSum.scale(exponent)
    var sum = survey.sum.value
    var quotient = sum / Double(finiteCount)
    if !quotient.isFinite {
      sum = try Self.sum(of: tensor, times: scale)
      quotient = sum / Double(finiteCount) / scale
    }
    // If all numbers are the same, rounding may put the quotient beyond them.
    let mean = min(max(quotient, survey.minimum), survey.maximum)
    var squares = CompensatedSum()
    var bins = HistogramBins(from: survey.minimum, through: survey.maximum)
    while reader.advance() {
      squares.add(squaredDeviations(reader.numbers, from: mean, times: scale))
      bins.add(reader.numbers)
    }
    minimum = survey.minimum
    maximum = survey.maximum
    self.mean = mean
    standardDeviation = (squares.value / Double(finiteCount)).squareRoot() / scale
    histogram = bins.counts
  }

  /// The sum of the finite numbers, each multiplied by `scale`.
  private static func sum(of tensor: Tensor, times scale: Double) throws -> Double {
    guard var reader = try NumberReader(tensor) else { return 0 }
    var sum = CompensatedSum()
    while reader.advance() {
      let numbers = reader.numbers
      for index in numbers.indices where numbers[index].isFinite { sum.add(numbers[index] * scale) }
    }
    return sum.value
  }

  private init?(ofFloats tensor: Tensor, leastNormal: Double) throws {
    guard var reader = try FloatReader(tensor, isReadAgain: true) else { return nil }
    var survey = FloatSurvey(
      leastNormal: max(Float(leastNormal), .leastNonzeroMagnitude))
    while let block = reader.next() { survey.add(block.bytes) }
    zeroCount = survey.zeroCount
    subnormalCount = survey.subnormalCount
    nanCount = survey.nanCount
    infinityCount = survey.infinityCount
    guard survey.finiteCount > 0 else { return }

    minimum = Double(survey.minimum)
    maximum = Double(survey.maximum)
    mean = survey.mean
    standardDeviation = survey.standardDeviation
    var bins = HistogramBins(from: Double(survey.minimum), through: Double(survey.maximum))
    if survey.minimum == survey.maximum {
      bins.add(Double(survey.minimum), count: survey.finiteCount)
      histogram = bins.counts
    } else if let edges = bins.innerEdges, survey.finiteCount == tensor.elementCount,
      var bins = FloatBins(range: survey.minimum...survey.maximum, edges: edges),
      var reader = try FloatReader(tensor)
    {
      while let block = reader.next() { bins.add(block.bytes) }
      histogram = bins.counts
    } else if var reader = try NumberReader(tensor) {
      while reader.advance() { bins.add(reader.numbers) }
      histogram = bins.counts
    }
  }

  /// The statistics of each tensor, computed on all cores; `nil` for complex and packed types.
  ///
  /// Throws what the storages throw.
  public static func each(of tensors: [Tensor]) throws -> [TensorStatistics?] {
    try concurrentMap(byteCounts: tensors.map(\.byteCount)) {
      try TensorStatistics(of: tensors[$0])
    }
  }
}

/// What the first pass over the elements finds.
private struct Survey {
  let leastNormal: Double
  var minimum = Double.infinity
  var maximum = -Double.infinity
  var sum = CompensatedSum()
  var zeroCount = 0
  var subnormalCount = 0
  var nanCount = 0
  var infinityCount = 0

  init(leastNormal: Double) { self.leastNormal = leastNormal }

  mutating func add(_ numbers: Span<Double>) {
    for index in numbers.indices {
      let number = numbers[index]
      guard number.isFinite else {
        if number.isNaN { nanCount += 1 } else { infinityCount += 1 }
        continue
      }
      // One by one: a block's own sum would round as many times as it has numbers.
      sum.add(number)
      minimum = Swift.min(minimum, number)
      maximum = Swift.max(maximum, number)
      if number.magnitude < leastNormal {
        if number == 0 { zeroCount += 1 } else { subnormalCount += 1 }
      }
    }
  }
}

/// The sum of the finite numbers' squared distances from the mean, all multiplied by `scale`.
private func squaredDeviations(
  _ numbers: Span<Double>, from mean: Double, times scale: Double
) -> Double {
  var sum = 0.0
  for index in numbers.indices where numbers[index].isFinite {
    let deviation = numbers[index] * scale - mean * scale
    sum += deviation * deviation
  }
  return sum
}
