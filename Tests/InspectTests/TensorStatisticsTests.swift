import ByteIO
import Inspect
import TensorModel
import TestSupport
import Testing

@Suite("Tensor statistics")
struct TensorStatisticsTests {
  @Test("are numpy's", arguments: 1...3)
  func smallCases(copies: Int) throws {
    let numbers: [Float] =
      [Float](
        repeating: 0, count: copies) + [
        1, -3, .nan, .infinity, -.infinity, 0x1p-140, 2.5, -0.0,
      ]
    let statistics = try #require(try TensorStatistics(of: tensor(numbers)))
    let finite = numbers.filter(\.isFinite).map { Double($0) }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let variance =
      finite.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(finite.count)
    #expect(statistics.minimum == -3)
    #expect(statistics.maximum == 2.5)
    #expect(isClose(statistics.mean, mean))
    #expect(isClose(statistics.standardDeviation, variance.squareRoot()))
    #expect(statistics.zeroCount == copies + 1)
    #expect(statistics.subnormalCount == 1)
    #expect(statistics.nanCount == 1)
    #expect(statistics.infinityCount == 2)
    #expect(statistics.histogram.reduce(0, +) == finite.count)
    #expect(statistics.histogram.first == 1)
    #expect(statistics.histogram.last == 1)
  }

  @Test("no finite element, no figures")
  func nothingFinite() throws {
    for numbers in [[], [Float.nan, .infinity]] {
      let statistics = try #require(try TensorStatistics(of: tensor(numbers)))
      #expect(statistics.minimum == nil)
      #expect(statistics.maximum == nil)
      #expect(statistics.mean == nil)
      #expect(statistics.standardDeviation == nil)
      #expect(statistics.histogram == [])
      #expect(statistics.nanCount == numbers.count / 2)
      #expect(statistics.infinityCount == numbers.count / 2)
    }
  }

  @Test("a constant lies in the middle of its histogram, as with numpy")
  func constant() throws {
    for constant in [0, 3, 1e30] as [Float] {
      let statistics = try #require(
        try TensorStatistics(of: tensor([Float](repeating: constant, count: 5))))
      #expect(statistics.standardDeviation == 0)
      #expect(statistics.histogram == (0..<16).map { $0 == 8 ? 5 : 0 })
    }
  }

  @Test("the widest range does not overflow the histogram")
  func widestRange() throws {
    let largest = Double.greatestFiniteMagnitude
    let numbers = [-largest, -largest / 2, 0, largest]
    let statistics = try #require(
      try TensorStatistics(of: doubleTensor(numbers)))
    #expect(statistics.histogram == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
    #expect(statistics.mean == -largest / 8)
    // The deviations are -7, -3, 1 and 9 eighths of the largest number.
    #expect(isClose(statistics.standardDeviation.map { $0 / largest }, (35.0 / 64).squareRoot()))
  }

  /// NumPy's figures of the same numbers times 2^600, or 2^-600, which have squares.
  @Test("numbers whose squares are beyond F64 have a deviation, and their sum may be, too")
  func ends() throws {
    for unit in [1e200, 1e-200, 1e-307] {
      let statistics = try #require(
        try TensorStatistics(of: doubleTensor([1, 2, 4].map { $0 * unit })))
      #expect(isClose(statistics.mean.map { $0 / unit }, 7.0 / 3))
      #expect(isClose(statistics.standardDeviation.map { $0 / unit }, 1.247219128924647))
    }
    let sum = try #require(try TensorStatistics(of: doubleTensor([1e308, 1e308, -1e308, 1.7e308])))
    #expect(isClose(sum.mean, 6.75e307))
    #expect(isClose(sum.standardDeviation.map { $0 / 1e308 }, 1.0084022015049352))
  }

  @Test("complex and packed tensors have none")
  func unsuitable() throws {
    for type in [ElementType.complex64, .float4] {
      let tensor = try Tensor(
        name: "w", elementType: type, shape: [2],
        storage: RegionStorage(ByteRegion(copying: [UInt8](repeating: 0, count: 16))))
      #expect(try TensorStatistics(of: tensor) == nil)
    }
  }

  @Test("are the same whatever the number of blocks and the layout")
  func layouts() throws {
    var generator = SeededGenerator(seed: 3)
    let (rows, columns) = (97, 131)
    let numbers = (0..<(rows * columns)).map { _ in Float.random(in: -1...1, using: &generator) }
    var transposed = numbers
    for row in 0..<rows {
      for column in 0..<columns {
        transposed[column * rows + row] = numbers[row * columns + column]
      }
    }
    let plain = tensor(numbers)
    let strided = try Tensor(
      name: "w", elementType: .float32, shape: [rows, columns],
      storage: tensor(transposed).storage,
      layout: Tensor.Layout(strides: [1, rows], elementOffset: 0))
    let statistics = try #require(try TensorStatistics(of: plain))
    #expect(try TensorStatistics(of: strided) == statistics)
    let sum = numbers.reduce(0.0) { $0 + Double($1) }
    #expect(isClose(statistics.mean, sum / Double(numbers.count)))
    let results = try TensorStatistics.each(of: [plain, strided, tensor([])])
    #expect(results.prefix(2) == [statistics, statistics])
  }

  /// What `Float` elements may look like, and how many of them are taken.
  private static let floatCases:
    [(numbers: @Sendable (Int, inout SeededGenerator) -> Float, String)] = [
      ({ _, generator in Float.random(in: -1...1, using: &generator) }, "even"),
      ({ _, generator in Float.random(in: 0.5...1, using: &generator) * 0x1p-126 }, "subnormal"),
      ({ index, _ in Float(index % 17) - 8 }, "on the edges"),
      ({ index, _ in index.isMultiple(of: 5) ? -0.0 : 1e30 }, "far apart"),
      ({ index, _ in index < 4096 ? 1e8 : 1 + Float(index % 3) * 0x1p-20 }, "an odd first block"),
      ({ index, _ in index % 1000 == 999 ? .nan : Float(index) }, "not all finite"),
      ({ index, _ in index % 4096 < 7 ? -.infinity : Float(index) }, "infinite"),
      ({ _, _ in 0.1 }, "constant"),
    ]

  @Test(
    "numbers go through `Float` and `Double` with the same result",
    arguments: floatCases.indices, [1, 7, 8, 9, 4095, 4096, 4097, 20_011])
  func floatsAndDoubles(caseIndex: Int, count: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let numbers = (0..<count).map { Self.floatCases[caseIndex].numbers($0, &generator) }
    let floats = try #require(try TensorStatistics(of: tensor(numbers)))
    let doubles = try #require(try TensorStatistics(of: doubleTensor(numbers.map { Double($0) })))
    #expect(floats.minimum == doubles.minimum)
    #expect(floats.maximum == doubles.maximum)
    #expect(floats.histogram == doubles.histogram)
    #expect(floats.zeroCount == doubles.zeroCount)
    #expect(floats.subnormalCount == numbers.count { $0.isSubnormal })
    #expect(floats.nanCount == doubles.nanCount)
    #expect(floats.infinityCount == doubles.infinityCount)
    if let mean = doubles.mean, let deviation = doubles.standardDeviation {
      #expect(((floats.mean ?? .nan) - mean).magnitude <= 1e-12 * max(mean.magnitude, deviation))
      #expect(((floats.standardDeviation ?? .nan) - deviation).magnitude <= 1e-9 * deviation)
    } else {
      #expect(floats.mean == nil && floats.standardDeviation == nil)
    }
  }

  /// An F64 tensor.
  private func doubleTensor(_ numbers: [Double]) throws -> Tensor {
    let bytes = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    }
    return try Tensor(
      name: "w", elementType: .float64, shape: [numbers.count],
      storage: RegionStorage(ByteRegion(copying: bytes)))
  }

  /// An F32 tensor.
  private func tensor(_ numbers: [Float]) -> Tensor {
    floatTensor("w", numbers)
  }

  private func isClose(_ found: Double?, _ expected: Double) -> Bool {
    guard let found else { return false }
    return (found - expected).magnitude <= 1e-9 * expected.magnitude
  }

  @Test(
    "a constant F64 tensor has its number as the mean, and no deviation",
    arguments: [0.1, 1e300 / 3])
  func constantDoubles(_ number: Double) throws {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    for count in [100, 4097, 50_000] {
      let tensor = try Tensor(
        name: "w", elementType: .float64, shape: [count],
        storage: RegionStorage(
          ByteRegion(copying: [[UInt8]](repeating: bytes, count: count).flatMap(\.self))))
      let statistics = try #require(try TensorStatistics(of: tensor))
      #expect(statistics.mean == number)
      #expect(statistics.standardDeviation == 0)
    }
  }
}
