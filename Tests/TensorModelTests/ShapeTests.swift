import TensorModel
import Testing

@Suite("Shape")
struct ShapeTests {
  @Test(
    "the element count is the product, where it fits and no dimension is negative",
    arguments: [
      ([], 1), ([0], 0), ([3], 3), ([2, 3, 4], 24), ([1, 1], 1), ([-1], nil), ([0, -1], nil),
      ([.max], .max), ([.max, 2], nil), ([1 << 32, 1 << 31], nil), ([1 << 31, 1 << 31], 1 << 62),
      ([0, 1 << 62, 1 << 62], 0), ([1 << 62, 1 << 62, 0], nil), ([.min], nil),
    ] as [([Int], Int?)])
  func elementCounts(shape: [Int], expected: Int?) {
    #expect(elementCount(of: shape) == expected)
  }

  @Test(
    "strides of a row-major tensor",
    arguments: [
      ([], []), ([5], [1]), ([2, 3, 4], [12, 4, 1]), ([1, 1], [1, 1]), ([2, 0, 3], [3, 3, 1]),
      ([0], [1]),
      // Nothing negative comes out where the product overflows.
      ([0, 3, 1 << 62], [.max, 1 << 62, 1]), ([0, 2, 2, .max], [.max, .max, .max, 1]),
    ] as [([Int], [Int])])
  func strides(shape: [Int], expected: [Int]) {
    #expect(contiguousStrides(of: shape) == expected)
  }

  @Test("shapes as people write them")
  func readable() {
    #expect(readableShape([96, 1, 7, 7]) == "96x1x7x7")
    #expect(readableShape([]) == "scalar")
    #expect(readableShape([0]) == "0")
    #expect(withoutUnitDimensions([96, 1, 7, 1]) == [96, 7])
    #expect(withoutUnitDimensions([1, 1]) == [])
    #expect(withoutUnitDimensions([0, 1]) == [0])
  }

  @Test(
    "unit dimensions in front go where others at the end do not explain the rank",
    arguments: [
      ([1, 64, 16], 2, [64, 16]), ([1, 64, 16, 1, 1], 2, [64, 16, 1, 1]),
      ([64, 16, 1, 1], 2, [64, 16, 1, 1]), ([1, 16, 1, 1], 2, [1, 16, 1, 1]),
      ([1, 1, 1, 1], 2, [1, 1, 1, 1]), ([1, 16, 1, 7, 7], 4, [16, 1, 7, 7]),
      ([1, 1, 1, 7, 7], 4, [1, 1, 7, 7]), ([2, 16, 1, 7, 7], 4, [2, 16, 1, 7, 7]),
      ([1, 8], 2, [1, 8]), ([], 1, []),
    ])
  func leadingUnits(shape: [Int], rank: Int, expected: [Int]) {
    #expect(withoutLeadingUnits(shape, rank: rank) == expected)
  }
}
