import ByteIO
import Testing

@Suite("Sequence: sums")
struct SequenceSumTests {
  @Test(
    "a sum beyond the largest number is that number",
    arguments: [
      ([], 0), ([1, 2, 3], 6), ([.max], .max), ([.max, 1], .max),
      ([1 << 62, 1 << 62, 1 << 62], .max),
      ([.max, .max, 5], .max),
    ] as [([Int], Int)])
  func sums(numbers: [Int], sum: Int) {
    #expect(numbers.saturatingSum { $0 } == sum)
  }
}
